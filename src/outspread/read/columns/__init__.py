"""CSV, TSV and Parquet whose columns are ours, mapped, or of the mCODE extraction framework."""

from outspread.read.columns.stream import looks_delimited, read_delimited

__all__ = ["looks_delimited", "read_delimited"]
