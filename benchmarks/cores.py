"""How much faster a run is on several cores, on the same input, in one go.

Writes Condition and Observation lines of a synthetic population (`../shared` beside the repository
or OUTSPREAD_SHARED), repeated, as one NDJSON file, and runs `outspread run` on it with one worker
held to one core and with several workers on as many cores, in turns. Prints wall and CPU seconds
(workers included), the ratio of the wall times, and the load of the machine; tells if a byte
differs.

    python benchmarks/cores.py --repeat 14 --workers 2
"""

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from fhir_read import write_lines
from story import Cost, timed

CORES = sorted(os.sched_getaffinity(0))


def run(file: Path, out: Path, workers: int) -> Cost:
    options = ("--as-of", "2026-01-01", "--workers", str(workers))
    os.sched_setaffinity(0, CORES[:workers])
    return timed("-m", "outspread", "run", file, "--out", out, *options)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=14, help="14: about 210 MB")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "lines.ndjson"
        write_lines(file, arguments.repeat)
        pairs = [
            (run(file, folder / "one", 1), run(file, folder / "many", arguments.workers))
            for _ in range(arguments.runs)
        ]
        is_same = contents(folder / "one") == contents(folder / "many")
        print(f"{file.stat().st_size / 1e6:.0f} MB, {arguments.runs} runs, load {os.getloadavg()}")
    for workers, costs in zip((1, arguments.workers), zip(*pairs, strict=True), strict=True):
        wall, cpu = (min(cost[part] for cost in costs) for part in (0, 1))
        print(f"{workers} worker(s): wall {wall:.2f} s, CPU {cpu:.2f} s (best)")
    ratios = sorted(one.wall_s / many.wall_s for one, many in pairs)
    print(f"times faster: {statistics.median(ratios):.2f} (median), {ratios[-1]:.2f} (best)")
    print("same bytes" if is_same else "THE TABLES DIFFER")


if __name__ == "__main__":
    main()
