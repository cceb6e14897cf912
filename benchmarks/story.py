"""How long a whole run takes beside the least that any run must do, in one go.

    python benchmarks/story.py --patients 1000000
    python benchmarks/story.py --scaling

The floor: DuckDB, with as many threads, reads the same Parquet, sorts it by patient and date, and
writes it back. The run: `outspread run` on the same tables, in a process of its own.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

import duckdb
import polars as pl

from invented import write_people
from outspread.tables import RECORD_TABLES, polars_schema
from outspread.write.listing import format_rows

FINDINGS_EACH: Final = 5
SCALING: Final = (2_000, 20_000, 200_000, 2_000_000)  # 10^4 to 10^7 findings


class Cost(NamedTuple):
    """What a process took."""

    wall_s: float
    cpu_s: float
    peak_gib: float


def main() -> None:
    """Measure one size, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=1_000_000)
    parser.add_argument("--scaling", action="store_true", help="10^4 to 10^7 findings")
    parser.add_argument("--of-one", type=int, default=0, help="findings that are of one person")
    parser.add_argument(
        "--floor", nargs=2, type=Path, metavar=("FROM", "TO"), help=argparse.SUPPRESS
    )
    chosen = parser.parse_args()
    if chosen.floor:
        floor(*chosen.floor)
    else:
        sizes = SCALING if chosen.scaling else (chosen.patients,)
        print(format_rows(pl.DataFrame([measure(size, chosen.of_one) for size in sizes]), "table"))


def measure(patients: int, of_one: int) -> dict[str, str]:
    """Make the people, then time floor and run on them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_people(folder / "records", patients, of_one=of_one)
        least = timed(__file__, "--floor", folder / "records", folder / "floor")
        run = timed(
            "-m",
            "outspread",
            "run",
            folder / "records",
            "--out",
            folder / "story",
            "--as-of",
            "2026-01-01",
        )
    findings = patients * FINDINGS_EACH
    row = {"findings": f"{findings:,}"}
    for what, cost in (("floor", least), ("run", run)):
        row |= {f"{what}_{part}": f"{value:.2f}" for part, value in cost._asdict().items()}
    return row | {
        "times_floor": f"{run.wall_s / least.wall_s:.1f}",
        "us_per_finding": f"{run.wall_s / findings * 1e6:.1f}",
    }


def timed(*arguments: str | Path) -> Cost:
    """Run Python with some arguments and return what it took."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *map(str, arguments)])
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"failed with code {process.returncode}: {' '.join(map(str, arguments))}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20)


def floor(source: Path, target: Path) -> None:
    """Read all tables, sort them by patient and date, write them back."""
    target.mkdir()
    with duckdb.connect(config={"temp_directory": str(target / "spill")}) as connection:
        for table in RECORD_TABLES:
            order = "patient_id, date" if "date" in polars_schema(table) else "patient_id"
            connection.execute(
                f"COPY (SELECT * FROM '{source}/{table}.parquet' ORDER BY {order}) "
                f"TO '{target}/{table}.parquet' (FORMAT parquet, COMPRESSION zstd)"
            )


if __name__ == "__main__":
    main()
