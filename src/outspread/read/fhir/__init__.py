"""FHIR R4 in its dialects (mCODE, US Core, German profiles, plain) and the old DSTU2 shape."""

from outspread.read.fhir.stream import is_ndjson, read_fhir

__all__ = ["is_ndjson", "read_fhir"]
