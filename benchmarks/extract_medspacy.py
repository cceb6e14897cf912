"""How much faster notes are read than by medspaCy: CPU seconds on one core, in one run.

Ours is the whole extraction of each report, from its text to one object of the export. Theirs finds
the target words and what ConText says of them, in two arrangements (`medspacy_side.py`).

Run: python benchmarks/extract_medspacy.py REPORTS.jsonl[.gz] TARGETS.csv [--environment DIR]
TARGETS has the columns category and word. medspaCy is installed into an environment of its own: a
temporary one, or DIR, which is kept. Wanted: 20 times their fastest arrangement, 200 times theirs
by default.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from outspread.extract.document import read_note
from outspread.extract.export import summarize

SIDE = Path(__file__).with_name("medspacy_side.py")
PACKAGE = "medspacy==1.3.1"
ROUNDS = 3
PASSES = 7


def environment(folder: Path) -> Path:
    """Python of an environment with medspaCy; made if it is not there."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PACKAGE], check=True)
    return python


def theirs(python: Path, *files: Path) -> dict[str, float]:
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [python, SIDE, *files], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=plain,
    )  # fmt: skip
    return {name: float(taken) for name, taken in json.loads(done.stdout).items()}


def ours(texts: list[str]) -> float:
    best = float("inf")
    for _ in range(PASSES):
        start = time.process_time()
        for number, text in enumerate(texts):
            json.dumps(summarize(read_note(text), str(number)))
        best = min(best, time.process_time() - start)
    return best


def compare(python: Path, reports: Path, targets: Path) -> None:
    content = reports.read_bytes()
    lines = (gzip.decompress(content) if reports.suffix == ".gz" else content).splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    for _ in range(ROUNDS):
        before, other, after = ours(texts), theirs(python, reports, targets), ours(texts)
        mine = min(before, after)
        print(f"{len(texts)} reports: ours {mine * 1000:.0f} ms", end="")
        for name, taken in other.items():
            print(f", medspaCy {name} {taken * 1000:.0f} ms = {taken / mine:.1f} times", end="")
        print(flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=Path)
    parser.add_argument("targets", type=Path)
    parser.add_argument("--environment", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="medspacy-") as temporary:
        python = environment(asked.environment or Path(temporary) / "environment")
        compare(python, asked.reports.resolve(), asked.targets.resolve())


if __name__ == "__main__":
    main()
