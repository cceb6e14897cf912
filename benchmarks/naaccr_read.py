"""How much of the speed of a bare XML parse is left when NAACCR XML is read to tables.

Repeats a sample of 100 registry records (`../shared` beside the repository or OUTSPREAD_SHARED)
with ids made unique, walks it with `ElementTree.iterparse`, which clears each element, and reads
it with `read_naaccr`, on one core, in one run. Prints CPU times, their ratio (wanted: at least
0.6), and the peak memory of reading a small and a large file, each in a process of its own
(wanted: within 20 %).

    python benchmarks/naaccr_read.py --megabytes 200
"""

import argparse
import gzip
import os
import re
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from xml.etree.ElementTree import iterparse

if hasattr(os, "sched_setaffinity"):  # one core, for us and for the threads of Polars
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

from outspread.read.naaccr import read_naaccr

SHARED = Path(os.environ.get("OUTSPREAD_SHARED", Path(__file__).parents[2] / "shared"))
SAMPLE = SHARED / "data" / "naaccr" / "naaccr-xml-sample-v240-incidence-100.xml.gz"
METS = ("Bone", "Brain", "DistantLn", "Liver", "Lung", "Other")
ID = re.compile(rb'("patientIdNumber">)\d+')


def write_file(file: Path, megabytes: int) -> None:
    """Write the sample again and again; each tumor also gets the items of spread at diagnosis."""
    sample = gzip.decompress(SAMPLE.read_bytes())
    spread = b"".join(b'<Item naaccrId="metsAtDx%s">0</Item>\n' % one.encode() for one in METS)
    sample = sample.replace(b"</Tumor>", spread + b"</Tumor>")
    start, end = sample.index(b"<Patient>"), sample.rindex(b"</NaaccrData>")
    people = sample[start:end]
    with file.open("wb") as out:
        out.write(sample[:start])
        numbers = count()
        while out.tell() < megabytes * 1_000_000:
            out.write(ID.sub(lambda found: found[1] + b"%08d" % next(numbers), people))
        out.write(sample[end:])


def parse(file: Path) -> float:
    start = time.process_time()
    for _, element in iterparse(file):  # noqa: S314 (our own file)
        element.clear()
    return time.process_time() - start


def read(file: Path) -> tuple[float, int]:
    start = time.process_time()
    rows = 0
    for records in read_naaccr(file):
        rows += records.finding.height + records.treatment.height + records.measurement.height
    return time.process_time() - start, rows


def own_peak() -> float:
    """Peak memory of this process in MiB; getrusage would count that of the parent too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def peak_of(file: Path) -> float:
    """Peak memory in MiB of a process that reads one file."""
    command = [sys.executable, __file__, "--only", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3, help="the best of them counts")
    parser.add_argument("--small", type=int, default=10, help="megabytes of the small file")
    parser.add_argument("--large", type=int, help="megabytes of the large file, e.g. 2000")
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        read(arguments.only)
        print(own_peak())
        return
    with tempfile.TemporaryDirectory() as folder:
        small, file = Path(folder) / "small.xml", Path(folder) / "file.xml"
        write_file(small, arguments.small)
        write_file(file, arguments.megabytes)
        read(small)  # warm-up: knowledge files are loaded once
        runs = [(parse(file), *read(file)) for _ in range(arguments.runs)]
        floor, reading, rows = (min(values) for values in zip(*runs, strict=True))
        print(f"{file.stat().st_size / 1e6:.0f} MB, {rows} evidence rows")
        print(f"iterparse {floor:.2f} s, read_naaccr {reading:.2f} s, ratio {floor / reading:.2f}")
        if arguments.large:
            write_file(file, arguments.large)
        print(f"peak {peak_of(small):.0f} MiB small, {peak_of(file):.0f} MiB large")


if __name__ == "__main__":
    main()
