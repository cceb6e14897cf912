"""How much more CPU time reading tables takes than `csv.reader` over the same bytes alone.

Writes invented rows (seeded) in three forms: one tumor a row (CSV), one statement a row (CSV), and
the tumors as Parquet. `csv.reader` goes over the text of the same rows, before and after, in one
run on one core. Prints the speeds, their ratio, and the peak memory of a small and a large file,
each read in a process of its own.

    python benchmarks/columns_read.py --rows 200000 --small 10 --large 500
"""

import argparse
import csv
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

PARTS_OF_BREAST = ("C50.1", "C50.2", "C50.4", "C50.8", "C50.9")
PLACES = ("bone", "liver", "lung", "brain", "adrenal gland", "C22.0", "C41.2", "axillary node")
CODES = ("C50.412", "C79.51", "C78.7", "C34.11", "C18.7", "C61", "C77.3", "254837009", "94222008")
SIZES = ("", "12", "2.5 cm", "999", "31 mm")
STATEMENTS = ("tumor", "code", "status", "stage")
TUMOR_COLUMNS = (
    "patient_id", "id", "date", "role", "primary", "site", "morphology", "behavior", "laterality",
    "t", "n", "m", "stage_group", "size_mm", "sex", "birth_date", "mets_bone", "mets_brain",
    "mets_liver", "mets_lung", "note",
)  # fmt: skip
STATEMENT_COLUMNS = (
    "patient_id", "date", "role", "code", "site", "certainty", "polarity", "status", "m",
)  # fmt: skip
Row = tuple[str, ...]


def day(chance: random.Random) -> str:
    return f"{chance.randint(1995, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def tumor(number: int, chance: random.Random) -> Row:
    """One primary with all that a registry tells about it."""
    pick = chance.choice
    stage = pick("1234")
    group, extent = pick(("I", "IIA", "IIIC", "IV")), [pick("0019") for _ in range(4)]
    return (
        f"P{number // 2:07}", f"T{number}", day(chance), "primary", "breast", pick(PARTS_OF_BREAST),
        pick(("8500/3", "8520/3", "8500/2")), "malignant", pick(("left", "right", "1", "")),
        f"cT{stage}", f"pN{pick('0123')}", f"M{pick('01')}", group, pick(SIZES), pick("12"),
        f"{chance.randint(1930, 1990)}", *extent, f"seen in clinic {chance.randint(1, 500)}",
    )  # fmt: skip


def statement(number: int, chance: random.Random) -> Row:
    """One tumor, code, status or stage of a person."""
    pick, kind = chance.choice, chance.choice(STATEMENTS)
    return (
        f"P{number // 5:07}",
        day(chance),
        pick(("primary", "secondary", "metastasis")) if kind == "tumor" else "",
        pick(CODES) if kind == "code" else "",
        pick(PLACES) if kind == "tumor" else "",
        pick(("", "confirmed", "suspected")),
        pick(("", "yes", "no")) if kind in ("tumor", "code") else "",
        pick(("stable", "ned", "progression")) if kind == "status" else "",
        pick(("M0", "cM1", "pM1")) if kind == "stage" else "",
    )


FORMS: dict[str, tuple[Row, Callable[[int, random.Random], Row], bool]] = {
    "tumors": (TUMOR_COLUMNS, tumor, False),
    "statements": (STATEMENT_COLUMNS, statement, False),
    "Parquet": (TUMOR_COLUMNS, tumor, True),
}


def rows_of(make: Callable[[int, random.Random], Row]) -> Iterator[Row]:
    chance = random.Random(1)  # noqa: S311 (chance, not secrets)
    return (make(number, chance) for number in count())


def write_text(path: Path, form: str, *, rows: int = 0, megabytes: int = 0) -> None:
    """Write so many rows or megabytes."""
    columns, make, _ = FORMS[form]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for number, row in enumerate(rows_of(make), start=1):
            writer.writerow(row)
            if number == rows or (megabytes and file.tell() >= megabytes * 1_000_000):
                return


def write_parquet(path: Path, text: Path) -> None:
    """Write the rows of a text as Parquet; all of its columns are text."""
    import polars as pl

    pl.scan_csv(text, infer_schema=False).sink_parquet(path, row_group_size=100_000)


def write_form(folder: Path, form: str, **size: int) -> tuple[Path, Path]:
    """Write a text, and the file to be read: that text itself, or as Parquet."""
    text, packed = folder / "rows.csv", folder / "rows.parquet"
    write_text(text, form, **size)
    if not FORMS[form][2]:
        return text, text
    write_parquet(packed, text)
    return text, packed


def parse(path: Path) -> float:
    start = time.process_time()
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass
    return time.process_time() - start


def read(path: Path) -> tuple[float, int]:
    from outspread.read import read_delimited

    start = time.process_time()
    rows = sum(records.finding.height for records in read_delimited(path))
    return time.process_time() - start, rows


def show_speed(form: str, rows: int, runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text, path = write_form(Path(folder), form, rows=rows)
        read(path)  # warm-up: knowledge files are loaded once
        found = [(parse(text), *read(path), parse(text)) for _ in range(runs)]
        megabytes = text.stat().st_size / 1e6
    ratios = sorted(2 * reading / (before + after) for before, reading, _, after in found)
    best, floor = min(run[1] for run in found), min(run[0] for run in found)
    print(
        f"{form}: {rows} rows, {megabytes:.1f} MB of text, {found[0][2]} findings, {runs} runs; "
        f"csv.reader {megabytes / floor:.1f} MB/s, read_delimited {megabytes / best:.1f} MB/s, "
        f"ratio {statistics.median(ratios):.2f} (median), {ratios[0]:.2f} (best)",
        flush=True,
    )


def show_peaks(form: str, small: int, large: int) -> None:
    peaks = []
    for megabytes in (small, large):
        with tempfile.TemporaryDirectory() as folder:
            _, path = write_form(Path(folder), form, megabytes=megabytes)
            command = [sys.executable, __file__, "--only", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            peaks.append(int(done.stdout))
    print(
        f"{form}: peak {peaks[0]} MiB at {small} MB, {peaks[1]} MiB at {large} MB, "
        f"ratio {peaks[1] / peaks[0]:.2f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--small", type=int, default=10, help="megabytes")
    parser.add_argument("--large", type=int, default=500, help="megabytes; 0: no peaks")
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=list(FORMS))
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if arguments.only:
        read(arguments.only)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return
    print(f"load {os.getloadavg()[0]:.1f}")
    for form in arguments.forms:
        show_speed(form, arguments.rows, arguments.runs)
    for form in arguments.forms if arguments.large else ():
        show_peaks(form, arguments.small, arguments.large)


if __name__ == "__main__":
    main()
