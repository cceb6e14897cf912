"""A story as an mCODE STU4 FHIR bundle (R4)."""

from outspread.write.fhir.bundle import fhir_bundle

__all__ = ["fhir_bundle"]
