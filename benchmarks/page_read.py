"""How long the page of one patient takes, in folders of more and more patients.

    python benchmarks/page_read.py EXAMPLES... [--patients 1000 1000000]

Diagnoses the examples once and repeats their rows for as many patients as asked, so that tables
have the size and row groups of a run of that many. Prints the median time by the clock and
of the processor, of reading one patient and of the whole page.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from outspread.pipeline import run
from outspread.plan.pack.load import own_pack
from outspread.tables import TABLES, polars_schema
from outspread.write.report.case import read_case
from outspread.write.report.page import patient_page
from outspread.write.tables import TableWriter, read_patient, read_table

AS_OF = date(2026, 1, 1)
AT_ONCE = 10_000
PAGES = 15


def main() -> int:
    """Print one line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", nargs="+", type=Path)
    parser.add_argument("--patients", nargs="+", type=int, default=[1_000, 1_000_000])
    options = parser.parse_args()
    pack = own_pack()
    with tempfile.TemporaryDirectory() as place:
        told = Path(place) / "told"
        run(options.examples, told, as_of=AS_OF, workers=1)
        for count in options.patients:
            folder = Path(place) / str(count)
            repeat(told, folder, count)
            names = [f"p-{count // 3 + 7 * number:09d}" for number in range(PAGES)]
            read = median(lambda name, of=folder: read_patient(of, name), names)
            page = median(
                lambda name, of=folder: patient_page(read_case(of, name, pack=pack)), names
            )
            print(f"{count:>9} patients: read {read[0]:.0f} ms by the clock, {read[1]:.0f} ms of "
                  f"processor; page {page[0]:.0f} and {page[1]:.0f} ms")  # fmt: skip
            shutil.rmtree(folder)
    return 0


def repeat(told: Path, folder: Path, count: int) -> None:
    """Write the tables of a folder again, with as many patients as asked."""
    folder.mkdir()
    shutil.copy(told / "run.json", folder)
    owners = read_table(told, "raw")["patient_id"].unique().sort()
    numbers = pl.DataFrame({"patient_id": owners, "nth": range(owners.len())})
    for table in TABLES:
        rows = read_table(told, table).join(numbers, on="patient_id")
        with TableWriter(folder, table) as writer:
            for start in range(0, count, AT_ONCE):
                ids = pl.DataFrame({"id": range(start, min(start + AT_ONCE, count))})
                part = ids.with_columns(nth=pl.col("id") % owners.len()).join(
                    rows, on="nth", maintain_order="left_right"
                )
                name = pl.format("p-{}", pl.col("id").cast(pl.String).str.zfill(9))
                writer.add(part.with_columns(patient_id=name).select(list(polars_schema(table))))


def median(make: Callable[[str], object], names: list[str]) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor, in the middle of all names."""
    make(names[0])
    clock, processor = [], []
    for name in names:
        start, used = time.perf_counter(), time.process_time()
        make(name)
        clock.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return statistics.median(clock) * 1000, statistics.median(processor) * 1000


if __name__ == "__main__":
    sys.exit(main())
