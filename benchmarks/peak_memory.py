"""Peak memory of reading a small and a large file: it must not grow with the input.

Writes invented people as FHIR NDJSON and as NAACCR XML, reads each file chunk by chunk in a process
of its own, drops what comes, and prints the peaks and their ratio (wanted: at most 1.2).

    python benchmarks/peak_memory.py --small 10 --large 2000
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import BinaryIO

SNOMED = "http://snomed.info/sct"
CODES = ("254837009", "94381002", "254637007", "38341003", "94222008")
NARRATIVE = "<div>" + "What a server writes for people to read. " * 12 + "</div>"
BLOCK = 5000
TUMOR = (
    ("sequenceNumberCentral", "00"), ("primarySite", "C504"), ("histologicTypeIcdO3", "8500"),
    ("behaviorCodeIcdO3", "3"), ("laterality", "1"), ("dateOfDiagnosis", "20200510"),
    ("metsAtDxBone", "1"), ("metsAtDxBrain", "0"), ("metsAtDxLiver", "0"), ("metsAtDxLung", "9"),
    ("tumorSizeSummary", "022"), ("regionalNodesPositive", "02"), ("summaryStage2018", "7"),
)  # fmt: skip
HEAD = (
    b'<NaaccrData baseDictionaryUri="http://naaccr.org/naaccrxml/naaccr-dictionary-250.xml" '
    b'recordType="I" specificationVersion="1.7" xmlns="http://naaccr.org/naaccrxml">\n'
)


def fhir_person(number: int) -> bytes:
    """One line of a condition of a person."""
    resource = {
        "resourceType": "Condition",
        "id": f"c{number}",
        "subject": {"reference": f"Patient/p{number // 3}"},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": {"coding": [{"system": SNOMED, "code": CODES[number % len(CODES)]}]},
        "onsetDateTime": f"{1990 + number % 30}-{1 + number % 12:02}-{1 + number % 28:02}",
        "text": {"status": "generated", "div": NARRATIVE},
    }
    return json.dumps(resource).encode() + b"\n"


def naaccr_person(number: int) -> bytes:
    """One patient with one tumor."""
    items = "".join(f'<Item naaccrId="{name}">{value}</Item>\n' for name, value in TUMOR)
    own = f'<Item naaccrId="patientIdNumber">{number:08}</Item>\n'
    return f"<Patient>\n{own}<Tumor>\n{items}</Tumor>\n</Patient>\n".encode()


def write(file: BinaryIO, megabytes: int, make: Callable[[int], bytes]) -> None:
    numbers = count()
    while file.tell() < megabytes * 1_000_000:
        file.write(b"".join(make(next(numbers)) for _ in range(BLOCK)))


def write_fhir(path: Path, megabytes: int) -> None:
    with path.open("wb") as file:
        write(file, megabytes, fhir_person)


def write_naaccr(path: Path, megabytes: int) -> None:
    with path.open("wb") as file:
        file.write(HEAD)
        write(file, megabytes, naaccr_person)
        file.write(b"</NaaccrData>\n")


WRITERS = {"fhir": write_fhir, "naaccr": write_naaccr}


def read(path: Path) -> None:
    """Read a file, drop what comes, and print the peak of this process in MiB."""
    from outspread.read import read_chunks

    rows = sum(records.finding.height for records in read_chunks([path]))
    assert rows
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def peak_of(path: Path) -> int:
    command = [sys.executable, __file__, "--only", str(path)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=10, help="megabytes")
    parser.add_argument("--large", type=int, default=2000, help="megabytes")
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        read(arguments.only)
        return
    print(f"load {os.getloadavg()[0]:.1f}")
    for kind, write_file in WRITERS.items():
        with tempfile.TemporaryDirectory() as folder:
            peaks = []
            for megabytes in (arguments.small, arguments.large):
                path = Path(folder) / "file"
                write_file(path, megabytes)
                peaks.append(peak_of(path))
        ratio = peaks[1] / peaks[0]
        print(
            f"{kind}: {peaks[0]} MiB at {arguments.small} MB, {peaks[1]} MiB at "
            f"{arguments.large} MB, ratio {ratio:.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
