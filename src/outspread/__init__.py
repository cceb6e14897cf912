"""Reads the records of people with cancer and works out the metastatic story.

>>> import outspread
>>> from datetime import date
>>> records = outspread.read("examples")  # doctest: +SKIP
>>> outspread.diagnose(records, as_of=date(2026, 1, 1))  # doctest: +SKIP

The functions are loaded when first used, so that importing the package costs nothing.
"""

import sys

TYPE_CHECKING = False  # typing takes longer to load than all the rest of `outspread --help`
if TYPE_CHECKING:
    from outspread.compare import diff
    from outspread.errors import OutspreadError
    from outspread.pipeline import diagnose, extract, read, run
    from outspread.pipeline.plan import plan
    from outspread.records import Records
    from outspread.story import Story

__version__ = "0.1.0"
__all__ = [
    "OutspreadError", "Records", "Story", "__version__", "diagnose", "diff", "extract", "plan",
    "read", "run",
]  # fmt: skip

_HOMES = {
    "OutspreadError": "outspread.errors",
    "Records": "outspread.records",
    "Story": "outspread.story",
    "diagnose": "outspread.pipeline",
    "diff": "outspread.compare",
    "plan": "outspread.pipeline.plan",
    "read": "outspread.pipeline",
    "extract": "outspread.pipeline",
    "run": "outspread.pipeline",
}


class _Package(type(sys)):  # type: ignore[misc]  # ModuleType, without importing types
    """Keeps `outspread.read`, `extract`, `diagnose` and `plan` functions, not folders of the name.

    Python sets a subpackage as an attribute when it is imported; for these names it must not.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, type(sys))):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
