"""Which place a word means for one cancer: a level of nodes, or carcinomatosis."""

from functools import cache
from typing import Final

from outspread.anatomy.load import sites
from outspread.extract.groups import data_rows, members
from outspread.extract.statements import Statement
from outspread.read.places import organ_of

_NECK_OR_WOMB: Final = "cervical"
_NEAR_CERVIX: Final = members("meaning.near_cervix")
_RETROPERITONEAL: Final = frozenset({"kidney", "adrenal", "bladder", "prostate"})


def meant_site(site: str, origin: str | None) -> str:
    """Site that a word means where the origin of a cancer is known.

    Carcinomatosis that names no place is that of the peritoneum where the cancer began in an organ
    which it covers; "level 5" is no place of the neck for a lung cancer.

    Examples
    --------
    >>> meant_site("disseminated", "ovary")
    'peritoneum'
    """
    if site == "disseminated":
        return "peritoneum" if origin and _is_in_belly(origin) else site
    return _stations().get((site, origin), site)


def with_cervix(statements: list[Statement]) -> list[Statement]:
    """Statements; what is only called cervical is of the cervix where organs beside it are told."""
    if not any(s.site == _NECK_OR_WOMB for s in statements):
        return statements
    if _NEAR_CERVIX.isdisjoint(s.site for s in statements):
        return statements
    return [s._replace(site="cervix") if s.site == _NECK_OR_WOMB else s for s in statements]


def _is_in_belly(origin: str) -> bool:
    organ = organ_of(origin) or ""
    return region_of(organ) in {"abdomen", "pelvis"} and organ not in _RETROPERITONEAL


def region_of(site: str) -> str | None:
    """Part of the body that holds a site; none where the site is not known."""
    return _regions().get(site)


@cache
def _regions() -> dict[str, str]:
    return dict(sites().select("id", "region").iter_rows())


@cache
def _stations() -> dict[tuple[str, str | None], str]:
    """Nodes that a level number means for a cancer."""
    rows = data_rows("stations.csv")
    return {(row["site"], row["primary"]): row["station"] for row in rows}
