"""Small NAACCR XML files for tests, written item by item."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import polars as pl

import outspread
from outspread.read.naaccr import read_naaccr
from outspread.records import Records
from people import AS_OF

HEAD = (
    '<NaaccrData baseDictionaryUri="http://naaccr.org/naaccrxml/naaccr-dictionary-{version}.xml" '
    'recordType="A" specificationVersion="1.7" xmlns="http://naaccr.org/naaccrxml">'
)
BREAST = {
    "sequenceNumberCentral": "00",
    "primarySite": "C504",
    "histologicTypeIcdO3": "8500",
    "behaviorCodeIcdO3": "3",
    "laterality": "1",
    "dateOfDiagnosis": "20230510",
}
COLON = BREAST | {"primarySite": "C187", "histologicTypeIcdO3": "8140", "laterality": "0"}


def items(values: Mapping[str, str]) -> str:
    return "".join(
        f'<Item naaccrId="{name}">{escape(value)}</Item>\n' for name, value in values.items()
    )


def tumor(**changes: str) -> str:
    """Give a breast cancer with other or further items; an empty one is left out."""
    values = {name: value for name, value in (BREAST | changes).items() if value}
    return f"<Tumor>\n{items(values)}</Tumor>\n"


def patient(*tumors: str, number: int = 1, **values: str) -> str:
    named = {"patientIdNumber": f"{number:08}"} | values
    return f"<Patient>\n{items(named)}{''.join(tumors)}</Patient>\n"


def document(*parts: str, version: int = 250) -> str:
    return f"{HEAD.format(version=version)}\n{''.join(parts)}</NaaccrData>\n"


def read_bytes(folder: Path, content: bytes, **options: object) -> Records:
    """Read a file of this content."""
    path = folder / "registry.xml"
    path.write_bytes(content)
    return Records.concat(read_naaccr(path, **options))  # type: ignore[arg-type]


def read_text(folder: Path, text: str) -> Records:
    return read_bytes(folder, text.encode())


def read_tumor(folder: Path, **changes: str) -> Records:
    """Read one patient with one breast cancer."""
    return read_text(folder, document(patient(tumor(**changes))))


def each_tumor(*cases: Mapping[str, str]) -> Callable[..., Records]:
    """Give what is read of each of these changes, as `read_tumor` would; all are read at once."""
    numbers = {tuple(sorted(case.items())): number for number, case in enumerate(cases, 1)}

    @cache
    def everyone() -> Records:
        people = [patient(tumor(**dict(case)), number=number) for case, number in numbers.items()]
        with TemporaryDirectory() as folder:
            return read_text(Path(folder), document(*people))

    def read_case(**changes: str) -> Records:
        is_mine = pl.col("patient_id") == f"{numbers[tuple(sorted(changes.items()))]:08}"
        return Records(**{name: f.filter(is_mine) for name, f in everyone().tables().items()})

    return read_case


def issue_codes(records: Records) -> list[str]:
    return sorted(records.issue["code"].to_list())


def names(records: Records) -> list[str]:
    """Names of the diseases of all patients, in their order."""
    return outspread.diagnose(records, as_of=AS_OF).disease["name"].to_list()
