"""What a test sentence must give, and what extraction gives for it, as comparable items."""

import csv
from pathlib import Path

from outspread.anatomy.load import sites
from outspread.extract.document import read_text
from outspread.extract.export import summarize
from outspread.extract.resolve import resolve

FOLDER = Path(__file__).parent / "sentences"
_REPORT = dict(sites().select("id", "report_site").iter_rows())
_ELSEWHERE = {"ecog"}  # an item of its own in the sentences


def rows() -> list[dict[str, str]]:
    """All rows of the suite, with the phenomenon of each."""
    return [
        row | {"phenomenon": path.stem}
        for path in sorted(FOLDER.glob("*.csv"))
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines(keepends=True))
    ]


def wanted(expects: str) -> set[str]:
    """Items of a row that are checked here; sides are left out."""
    found = set()
    for item in expects.split("; "):
        kind, _, rest = item.strip().partition(":")
        parts = rest.split("|")
        if kind == "primary":
            found.add(f"primary:{parts[0]}")
        elif kind == "spread":
            found.add(f"spread:{_coarse(parts[0])}|{parts[1]}|{parts[2]}")
        elif kind == "free":
            found.add(f"free:{_coarse(rest)}")
        elif kind in {"treatment", "group", "measure"}:
            found.add(f"{kind}:{rest}")
        elif kind == "tnm":
            found |= {f"tnm:{part.lstrip('ycrpa')}" for part in rest.split()}
    return found


def given(text: str, *, measured: bool = False) -> set[str]:
    """Items that extraction gives for a text, its measurements if asked for."""
    reading = read_text(text)
    resolved = resolve(reading)
    said = summarize(reading, "text")
    names = {"cup": "unknown primary"}
    found = {f"primary:{_primary(p, names)}" for p in resolved.cancers}
    for place in resolved.places:
        site = _coarse(place.site)
        if place.status == "negated":
            found.add(f"free:{site}")
        else:
            found.add(f"spread:{site}|{place.kind}|{place.status}")
            if site.startswith("ln") and place.denials and place.status == "confirmed":
                found.add(f"free:{site}")
    found |= {f"treatment:{t['modality']}|{t['status']}" for t in said["treatments"]}
    found |= {f"tnm:{part}" for part in (said["tnm"] or "").split()}
    found |= {f"group:{stage.group}" for stage in reading.stages if stage.group}
    return found | {
        f"measure:{m.name}|{m.value if m.number is None else f'{m.number:g}'}"
        for m in reading.measurements
        if measured and m.name not in _ELSEWHERE
    }


def _coarse(site: str) -> str:
    return site if site.startswith("ln") else str(_REPORT.get(site) or site)


def _primary(name: str, names: dict[str, str]) -> str:
    systemic = {"lymphoma", "leukemia_other", "myeloma", "mycosis_fungoides", "lymphoma_skin"}
    return "hematologic" if name in systemic else names.get(name, name)
