"""How much more CPU time reading FHIR takes than parsing its JSON alone.

Reads Condition and Observation lines of a synthetic population (see tests: `../shared` beside the
repository or OUTSPREAD_SHARED), repeated, as NDJSON, and parses the same lines with orjson, in one
run. Prints both times and their ratio.

    python benchmarks/fhir_read.py --repeat 4
"""

import argparse
import gzip
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path

import orjson

from outspread.read.fhir import read_fhir

SHARED = Path(os.environ.get("OUTSPREAD_SHARED", Path(__file__).parents[2] / "shared"))
POPULATION = SHARED / "data" / "fhir" / "synthea-oncology-population"


def write_lines(file: Path, repeat: int) -> int:
    """Write the lines with ids made unique per repetition; give their number."""
    count = 0
    with file.open("wb") as out:
        for name in ("Condition", "Observation"):
            with gzip.open(POPULATION / f"{name}.ndjson.gz") as source:
                lines = [line for line in source if line.strip()]
            for turn in range(repeat):
                mark = b'"id":"%d-' % turn
                out.writelines(line.replace(b'"id":"', mark, 1) for line in lines)
                count += len(lines)
    return count


def parse(file: Path) -> float:
    start = time.process_time()
    with file.open("rb") as source:
        for line in source:
            orjson.loads(line)
    return time.process_time() - start


def read(file: Path) -> tuple[float, int]:
    start = time.process_time()
    rows = 0
    for records in read_fhir(file):
        rows += records.finding.height + records.measurement.height
    return time.process_time() - start, rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=4)
    parser.add_argument("--runs", type=int, default=9)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, file = Path(folder) / "small.ndjson", Path(folder) / "lines.ndjson"
        write_lines(small, 1)
        read(small)  # warm-up: knowledge files are loaded once
        lines = write_lines(file, arguments.repeat)
        runs = [(parse(file), *read(file), parse(file)) for _ in range(arguments.runs)]
    ratios = sorted(2 * reading / (before + after) for before, reading, _, after in runs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{lines} lines, {runs[0][2]} evidence rows, {arguments.runs} runs")
    print(f"orjson.loads {min(run[0] for run in runs):.2f} s (best)")
    print(f"read_fhir    {min(run[1] for run in runs):.2f} s (best), peak {peak:.0f} MiB")
    print(f"ratio        {statistics.median(ratios):.2f} (median), {ratios[0]:.2f} (best)")


if __name__ == "__main__":
    main()
