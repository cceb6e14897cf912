"""Fuzzing of the readers with atheris, guided by coverage: whatever comes in, nothing is raised.

One input is a resource (fhir), a patient (naaccr) or a row (csv), pushed into an open reader; after
every thousand the tables are made and checked against their schemas. With `--files` an input is a
whole file. What fails is kept in the folder `crashes`. Needs `pip install atheris`.

    python benchmarks/fuzz.py fhir --inputs 1000000
    python benchmarks/fuzz.py naaccr --inputs 20000 --files
"""

import argparse
import io
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from random import Random

try:
    import atheris
except ImportError:
    sys.exit("Fuzzing needs atheris: pip install atheris")

sys.path.append(str(Path(__file__).parents[1] / "tests"))

with atheris.instrument_imports(include=["outspread.read"]):
    from outspread.errors import ReadError
    from outspread.read import read_chunks
    from outspread.read.chunks import Sheets
    from outspread.read.columns import batches as delimited_batches
    from outspread.read.columns import stream as delimited
    from outspread.read.columns.blocks import Block
    from outspread.read.columns.lines import (
        Lines,
        Record,
        find_delimiter,
        open_text,
        read_records,
    )
    from outspread.read.dates import Days, today
    from outspread.read.fhir import stream as fhir
    from outspread.read.fhir.reader import Reader
    from outspread.read.meanings import Meanings
    from outspread.read.naaccr import stream as naaccr
    from outspread.read.naaccr import xml as naaccr_xml
    from outspread.records import Records
    from outspread.tables import RECORD_TABLES

from read.mutations import CSV_HEADERS, FILES, MUTATIONS, SEEDS
from read.registry_files import HEAD

AT_ONCE = {"fhir": 1000, "naaccr": 500, "csv": 5000}  # inputs that become tables together
LONGEST = {"fhir": 8192, "naaccr": 2048, "csv": 512}  # bytes of an input that is no file
CRASHES = Path("crashes")
Push = Callable[[bytes], None]
Finish = Callable[[], None]
Opener = Callable[[int], tuple[Push, Finish]]


def open_fhir(_: int) -> tuple[Push, Finish]:
    """Push lines into one FHIR reader."""
    reader = Reader(Sheets("fuzz"), Meanings(None), Days(today()), fhir.HANDLERS)

    def push(line: bytes) -> None:
        fhir._fill_chunk(iter([(reader.number + 1, line)]), reader)

    def finish() -> None:
        reader.settle()
        check(reader.sheets.records())

    return push, finish


def open_naaccr(_: int) -> tuple[Push, Finish]:
    """Push patients into a scanner, and read all of them as one file at the end."""
    naaccr_xml.MOST_BREAKS = 10**6  # patients of one file that may be broken
    numbers = naaccr.ItemNumbers()
    scanner = naaccr.Scanner(numbers, numbers.of)
    texts = [HEAD.format(version=250)]
    scanner._feed(texts[0])

    def push(content: bytes) -> None:
        texts.append(content.decode("utf-8", "replace"))
        if not scanner.is_over:
            scanner._feed(texts[-1])

    def finish() -> None:
        naaccr._blocks = lambda *_: iter(texts)
        for found in naaccr.read_naaccr(Path("fuzz")):
            check(found)

    return push, finish


def open_csv(turn: int) -> tuple[Push, Finish]:
    """Push rows below a header; their tables are made by the reader, as for a file."""
    header = CSV_HEADERS[0 if turn % 2 else turn // 2 % len(CSV_HEADERS)]
    delimiter = find_delimiter(header)
    names = header.split(delimiter)
    rows: list[Record] = []

    def push(line: bytes) -> None:
        text = open_text(io.BufferedReader(io.BytesIO(line)))
        for row in read_records(Lines(text, text.readline(), delimiter)):
            rows.append(row._replace(number=len(rows) + 2))

    def finish() -> None:
        none = delimited_batches._frame(names, [])
        batches = delimited_batches._batches(names, [Block(none, rows)])
        empty = delimited_batches.Batch(none, [])
        delimited.read_batches = lambda _: iter([empty, *batches])
        for found in delimited.read_delimited(Path("fuzz")):
            check(found)

    return push, finish


def open_files(_: int) -> tuple[Push, Finish]:
    """Read each input as a file of its own."""
    path = Path(FOLDER.name) / "file"

    def push(content: bytes) -> None:
        path.write_bytes(content)
        with suppress(ReadError):
            check(Records.concat(read_chunks([path])))

    return push, lambda: None


def check(records: Records) -> None:
    """Check every rule of the tables; a patient may be described twice in one chunk."""
    for name, frame in records.tables().items():
        broken = RECORD_TABLES[name].filter(frame)[1].counts()
        if set(broken) - ({"primary_key"} if name == "patient" else set()):
            message = f"{name}: {', '.join(sorted(broken))}"
            raise ValueError(message)


FOLDER = tempfile.TemporaryDirectory()
OPENERS = {"fhir": open_fhir, "naaccr": open_naaccr, "csv": open_csv}


def make_test(opener: Opener, at_once: int, inputs: int) -> Push:
    """Make what atheris calls with each input; it ends the process after the last one."""
    waiting: list[bytes] = []
    findings: dict[str, int] = {}
    count, start = 0, time.time()
    push, finish = opener(0)

    def test(content: bytes) -> None:
        nonlocal count, push, finish
        count += 1
        waiting.append(content)
        attempt(lambda: push(content), [content], findings)
        if count % at_once and count < inputs:
            return
        if attempt(finish, [], findings):
            turn = (count - 1) // at_once
            culprit = find_culprit(waiting, lambda inputs: run(opener(turn), inputs))
            attempt(lambda: run(opener(turn), culprit), [b"".join(culprit)], findings)
        waiting.clear()
        push, finish = opener(count // at_once)
        if count >= inputs:
            print(f"{count} inputs, {time.time() - start:.0f} s, {len(findings)} findings")
            print(f"atheris {version('atheris')}, Python {sys.version.split()[0]}", flush=True)
            os._exit(bool(findings))

    return test


def run(opened: tuple[Push, Finish], inputs: list[bytes]) -> None:
    push, finish = opened
    for content in inputs:
        push(content)
    finish()


def find_culprit(inputs: list[bytes], step: Callable[[list[bytes]], None]) -> list[bytes]:
    """Halve the inputs as long as one half fails by itself."""
    while len(inputs) > 1:
        middle = len(inputs) // 2
        halves = (inputs[:middle], inputs[middle:])
        failing = [half for half in halves if attempt(lambda half=half: step(half), [], {})]
        if not failing:
            break
        inputs = failing[0]
    return inputs


def attempt(step: Callable[[], object], inputs: list[bytes], findings: dict[str, int]) -> bool:
    """Do a step; where it raises, tell so once for each place and keep the input."""
    try:
        step()
    except Exception as error:  # noqa: BLE001 (any exception is what a fuzzer looks for)
        place = traceback.extract_tb(error.__traceback__)[-1]
        name = f"{type(error).__name__}-{Path(place.filename).stem}-{place.lineno}"
        if inputs and name not in findings:
            findings[name] = len(findings)
            CRASHES.mkdir(exist_ok=True)
            (CRASHES / name).write_bytes(inputs[0])
            traceback.print_exc(limit=-8)
        return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", choices=sorted(OPENERS))
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", action="store_true", help="each input is a whole file")
    arguments = parser.parse_args()
    kind, mutate = arguments.reader, MUTATIONS[arguments.reader]
    seeds = (FILES if arguments.files else SEEDS)[kind]()
    for number, seed in enumerate(seeds):
        (Path(FOLDER.name) / f"seed{number}").write_bytes(seed)

    def change(content: bytes, longest: int, seed: int) -> bytes:
        rng = Random(seed)  # noqa: S311 (chance, not secrets)
        if rng.random() < 0.05:
            return bytes(atheris.Mutate(content, longest))
        found = mutate(content or rng.choice(seeds), rng)
        return found if len(found) <= longest else rng.choice(seeds)

    opener = open_files if arguments.files else OPENERS[kind]
    test = make_test(opener, AT_ONCE[kind], arguments.inputs)
    longest = 32_768 if arguments.files else LONGEST[kind]
    flags = [f"-seed={arguments.seed}", f"-max_len={longest}", "-timeout=600", "-reload=0"]
    atheris.Setup([sys.argv[0], *flags, FOLDER.name], test, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
