"""NAACCR XML of cancer registries, versions 14 to 26; good to be used alone.

`read_items` gives one dict a tumor, every item by its `naaccrId`; `read_naaccr` gives `Records`.
"""

from outspread.read.naaccr.stream import read_items, read_naaccr

__all__ = ["read_items", "read_naaccr"]
