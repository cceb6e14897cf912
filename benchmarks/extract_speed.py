"""How fast notes are read on one core, what passing over a note saves, and what a second core adds.

Run: python benchmarks/extract_speed.py [REPORTS.jsonl[.gz]]; else it reads the sentence suite.
"""

import csv
import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from outspread.extract.document import read_note, read_text

SUITE = Path(__file__).parents[1] / "tests" / "extract" / "sentences"
PLAIN = (
    "The patient came for her yearly visit. Heart and lungs normal. Blood pressure 120/70. " * 24
)

NOTES = 10_000


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


def gain_of_two_workers(notes: list[str]) -> float:
    """How much faster two workers write lines of JSON than one, by the clock, in the median."""
    gains = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "notes.jsonl"
        with source.open("w", encoding="utf-8") as file:
            for number in range(NOTES):
                text = notes[number % len(notes)]
                print(json.dumps({"doc_id": str(number), "text": text}), file=file)
        for _ in range(3):
            taken = []
            for workers in ("1", "2"):
                out = Path(folder) / "said.jsonl"
                start = time.perf_counter()
                subprocess.run(
                    [sys.executable, "-m", "outspread", "extract", source, "--format", "jsonl",
                     "--workers", workers, "-o", out], check=True,
                )  # fmt: skip
                taken.append(time.perf_counter() - start)
            gains.append(taken[0] / taken[1])
    return statistics.median(gains)


def main() -> None:
    notes = texts()
    size = sum(map(len, notes))
    taken = seconds(lambda: [read_text(text) for text in notes])
    print(f"{len(notes)} notes, {size / 1e6:.2f} MB: {size / 1e6 / taken:.2f} MB/s, "
          f"{len(notes) / taken:.0f} notes/s")  # fmt: skip
    full = seconds(lambda: read_text(PLAIN))
    passed = seconds(lambda: read_note(PLAIN))
    print(f"a note without cancer is passed over {full / passed:.0f} times cheaper")
    print(f"two workers: {gain_of_two_workers(notes):.2f} times faster than one, {NOTES} notes")


if __name__ == "__main__":
    main()
