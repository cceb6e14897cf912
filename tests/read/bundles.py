"""Small invented FHIR resources, and ways to write and read them."""

import gzip
import json
from pathlib import Path
from typing import Any

from outspread.records import Records
from read.together import read

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
AJCC = "http://cancerstaging.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NCIT = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/"
BREAST, LEFT_BREAST_SITE, LIVER_METASTASIS = "254837009", "80248007", "94381002"
Json = dict[str, Any]


def concept(code: str, display: str | None = None, *, system: str = SNOMED) -> Json:
    coding = {"system": system, "code": code} | ({"display": display} if display else {})
    return {"coding": [coding]}


def status(code: str) -> Json:
    return {"coding": [{"code": code}]}


def patient(name: str = "ann", **others: Any) -> Json:
    return {"resourceType": "Patient", "id": name, "gender": "female"} | others


def resource(kind: str, name: str, *, of: str = "ann", **others: Any) -> Json:
    plain = {"resourceType": kind, "id": name, "subject": {"reference": f"Patient/{of}"}}
    return plain | others


def condition(code: Any = BREAST, name: str = "c1", **others: Any) -> Json:
    code = concept(code) if isinstance(code, str) else code
    return resource("Condition", name, code=code, **others)


def observation(code: Any, name: str = "o1", **others: Any) -> Json:
    code = concept(code, system=LOINC) if isinstance(code, str) else code
    return resource("Observation", name, code=code, **{"status": "final"} | others)


def extension(name: str, **value: Any) -> Json:
    return {"url": MCODE + name, **value}


def bundle(*resources: Json, urls: list[str] | None = None) -> Json:
    entries = [{"resource": one} for one in resources]
    for entry, url in zip(entries, urls or [], strict=False):
        entry["fullUrl"] = url
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def write_lines(path: Path, *lines: Json | str, packed: bool = False) -> Path:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    content = "".join(f"{text}\n" for text in texts).encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    return path


def read_bundle(folder: Path, *resources: Json, **others: Any) -> Records:
    path = folder / "bundle.json"
    path.write_text(json.dumps(bundle(*resources, **others), indent=2))
    return read(path)


def row(records: Records, element: str, table: str = "finding") -> Json:
    """Give the only row of an element, without its empty cells."""
    frame = records.tables()[table]
    rows = [one for one in frame.iter_rows(named=True) if one["element"] == element]
    assert len(rows) == 1, f"{len(rows)} rows of {element}"
    return {name: value for name, value in rows[0].items() if value is not None}


def issue_codes(records: Records) -> list[str]:
    return sorted(records.issue["code"].to_list())
