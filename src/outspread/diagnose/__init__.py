"""From records to the metastatic story."""

from outspread.diagnose.story import StoryTables, diagnose

__all__ = ["StoryTables", "diagnose"]
