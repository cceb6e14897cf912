"""How fast notes are read: characters and documents a second on one core, and the prefilter.

Run: python benchmarks/extract_speed.py [REPORTS.jsonl[.gz]]; else it reads the sentence suite.
"""

import csv
import gzip
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from outspread.extract.document import read_text
from outspread.extract.prefilter import speaks_of_cancer

SUITE = Path(__file__).parents[1] / "tests" / "extract" / "sentences"
PLAIN = (
    "The patient came for her yearly visit. Heart and lungs normal. Blood pressure 120/70. " * 24
)


def texts() -> list[str]:
    if len(sys.argv) > 1:
        path = Path(sys.argv[1])
        content = path.read_bytes()
        lines = (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()
        return [json.loads(line)["text"] for line in lines]
    rows = [
        row["sentence"]
        for path in sorted(SUITE.glob("*.csv"))
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    ]
    return [" ".join(rows[start : start + 20]) for start in range(0, len(rows), 20)]


def seconds(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    notes = texts()
    size = sum(map(len, notes))
    taken = seconds(lambda: [read_text(text) for text in notes])
    print(f"{len(notes)} notes, {size / 1e6:.2f} MB: {size / 1e6 / taken:.2f} MB/s, "
          f"{len(notes) / taken:.0f} notes/s")  # fmt: skip
    full = seconds(lambda: read_text(PLAIN))
    passed = seconds(lambda: speaks_of_cancer(PLAIN))
    print(f"a note without cancer is passed over {full / passed:.0f} times cheaper")


if __name__ == "__main__":
    main()
