"""Which column of a file is which of ours: by our name, by a usual name, or as the user says."""

import difflib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from outspread.errors import ReadError
from outspread.read.columns.values import mets_site, read_primary, read_site, words
from outspread.read.vocabulary import load_rows

PATIENT: Final = "patient_id"
METS: Final = "mets_"
MOST_NAMES: Final = 30  # as many columns as an error tells
_METS_HEADER: Final = re.compile(r"(?:mets?|metastas[ie]s)_(?:at_dx_)?(.+)|(.+)_mets?")
_DATA_LIKE: Final = re.compile(r"[A-Za-z]{0,3}[-_]?\d[\d./:T-]*|.{41,}|.*\d{5,}.*|\S+( \S+){3,}")


class Layout(NamedTuple):
    """The columns of one file.

    `columns`: their name by ours. `mets`: site by the name of a column that says whether there is
    spread. `system`: vocabulary that the name of the code column states. `unknown`: not read.
    `absent`: named by the user and not there.
    """

    columns: dict[str, str]
    mets: dict[str, str]
    system: str | None
    unknown: list[str]
    absent: list[str]

    def states_something(self) -> bool:
        """Tell whether there is a column of more than names and dates."""
        return bool(self.mets or set(self.columns) - {"patient_id", "id", "about", "date"})


def key_of(header: str) -> str:
    """Bring a header to the form in which headers are compared.

    Examples
    --------
    >>> key_of("Date of Birth")
    'date_of_birth'
    """
    return re.sub(r"[^a-z0-9]+", "_", header.strip().lower()).strip("_")


@cache
def our_columns() -> tuple[str, ...]:
    """Names of our columns."""
    return tuple(row["column"] for row in load_rows("columns_layout.csv"))


@cache
def _usual() -> dict[str, tuple[str, str | None]]:
    rows = load_rows("columns_names.csv")
    known = {key_of(row["header"]): (row["column"], row["system"] or None) for row in rows}
    return known | {name: (name, None) for name in our_columns()}


def check_mapping(columns: Mapping[str, str]) -> None:
    """Check the names on our side of a mapping.

    Raises
    ------
    ReadError
        R063 where a name is none of ours.
    """
    for name in columns:
        is_mets = name.startswith(METS) and mets_site(name.removeprefix(METS))
        if name not in our_columns() and not is_mets:
            near = difflib.get_close_matches(name, our_columns(), n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            message = (
                f"R063: {name} is not a column of outspread.{hint} "
                "All columns are listed in docs/reference/columns.md."
            )
            raise ReadError(message)


def find_layout(file: str, header: Sequence[str], columns: Mapping[str, str]) -> Layout:
    """Say what each column of a file is.

    Parameters
    ----------
    file
        Name of the file, for the error.
    header
        Names of its columns.
    columns
        The user's own names by ours; those that the file does not have are left to the usual names.

    Raises
    ------
    ReadError
        R062 where no column names the patient.
    """
    by_key = {key_of(name): name for name in reversed(header)}
    stated = {
        ours: by_key[key_of(name)] for ours, name in columns.items() if key_of(name) in by_key
    }
    found = {ours: name for ours, name in stated.items() if not ours.startswith(METS)}
    mets = {name: _site(ours) for ours, name in stated.items() if ours.startswith(METS)}
    system, unknown = None, []
    for name in sorted(set(header) - set(stated.values()), key=_preference):
        ours, named_system = _usual().get(key_of(name), (None, None))
        site = _mets_column(ours or key_of(name))
        if site:
            mets[name] = site
        elif ours and ours not in found:
            found[ours] = name
            system = system or named_system
        else:
            unknown.append(name)
    if PATIENT not in found:
        raise ReadError(_no_patient(file, header))
    absent = sorted(set(columns) - set(stated))
    return Layout(found, mets, system, sorted(unknown), absent)


def knows_patient(header: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Tell whether one of the names is known to name the patient."""
    keys = {key_of(name) for name in header}
    usual = any(_usual().get(key, ("", None))[0] == PATIENT for key in keys)
    return usual or (PATIENT in columns and key_of(columns[PATIENT]) in keys)


def _preference(name: str) -> tuple[bool, str]:
    """Our own names before usual ones, so that the order of columns does not matter."""
    return key_of(name) not in our_columns(), name


def _mets_column(key: str) -> str | None:
    match = _METS_HEADER.fullmatch(key)
    return mets_site(match[1] or match[2]) if match else None


def _site(ours: str) -> str:
    return mets_site(ours.removeprefix(METS)) or ""


def _no_patient(file: str, header: Sequence[str]) -> str:
    """Tell the names found, unless the first line may be a row of a patient."""
    parts = {part for key in _usual() for part in key.split("_")}
    has_known_part = any(parts & set(key_of(name).split("_")) for name in header)
    if not has_known_part or any(_looks_like_data(name) for name in header):
        return (
            f"R062: {file} has no column for the patient, and its first line does not look like "
            "names of columns. Add a line of names, such as: patient_id,date,role,site"
        )
    return (
        f"R062: {file} has no column for the patient. Found: {', '.join(header[:MOST_NAMES])}. "
        f"Tell me which one it is: --map {PATIENT}={_nearest(header)}"
    )


def _nearest(header: Sequence[str]) -> str:
    """Name the column that has most in common with the usual names of the patient."""
    usual = {key for key, (ours, _) in _usual().items() if ours == PATIENT}
    parts = {part for key in usual for part in key.split("_")}
    return max(header, key=lambda name: len(parts & set(key_of(name).split("_"))))


def _looks_like_data(name: str) -> bool:
    """Tell a cell of a row from the name of a column; in doubt it is a cell, and is not told."""
    key = key_of(name)
    if key in _usual() or _mets_column(key):
        return False
    text = name.lower().replace("_", " ")
    is_word = any(text in words(use) for use in ("sex", "laterality", "role", "status"))
    is_place = read_primary(name) is not None or read_site(name) is not None
    is_name = re.match(r"[A-Za-z_]", name) and not _DATA_LIKE.fullmatch(name)
    return is_word or is_place or not is_name
