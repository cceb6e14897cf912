"""How fast is official staging? Cases a second of CPU time on one core, and as multiples.

    python benchmarks/stage_speed.py DIR [--rows N] [--two-cores] [--peer-jar JARS]
    python benchmarks/stage_speed.py DIR --memory [--only NAME]

DIR holds algorithm files. Cases are made up and distinct, and given as columns of text; the result
is a frame with every output, all errors with their messages, and the path. Beside it runs, on some
of the cases, the plain port of the rules that is the oracle of the tests. What was once recorded of
the reference client on another machine is shown too, marked as recorded. JARS, parted by colons,
are those of the reference client (github.com/imsweb/staging-client-java) and of what it needs: then
it stages some of the cases in the same run, by `PeerSpeed.java`; that needs a JDK.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import orjson
import polars as pl

from outspread.pipeline.stage import Settings, stage_file
from outspread.stage import Algorithm, load_algorithm
from outspread.stage.archive import hash_file, read_source
from outspread.stage.cache import load_compiled
from outspread.stage.compile import compile_source
from outspread.stage.lines import stage_lines
from stage.oracle import Oracle
from stage.together import comparable
from stage_cases import make_cases

YEAR = 2026
RECORDED = {  # cases per CPU second
    "eod_public": (10_000, 12_000),
    "tnm": (6_000, 8_000),
    "pediatric": (12_000, 17_000),
    "cs": (2_700, 3_900),
}
BATCH = 1_000_000
PORTED = 400
ALONE = 2_000
FRAMES = 30
BY_PEER = 20_000
_TELL_PEAK = """
import sys
from outspread.cli import main
assert main(sys.argv[1:]) == 0
status = open("/proc/self/status").read()  # the peak of this program, not of who has started it
print(status.partition("VmHWM:")[2].split()[0])
"""
MEMORY_ROWS = (500_000, 2_000_000)


def main() -> None:
    """Measure each algorithm."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", help="name of one algorithm")
    parser.add_argument("--rows", type=int, default=BATCH)
    parser.add_argument("--peer-jar", metavar="JARS", help="the reference client, to run it too")
    parser.add_argument("--two-cores", action="store_true", help="stage a Parquet file by 1 and 2")
    parser.add_argument("--memory", action="store_true", help="only the peak memory of the command")
    arguments = parser.parse_args()
    for path in sorted(arguments.folder.glob("*.zip")):
        algorithm = load_algorithm(path, current_year=YEAR)
        if arguments.only in (None, algorithm.name):
            _print_memory(algorithm) if arguments.memory else measure(algorithm, arguments)


def measure(algorithm: Algorithm, arguments: argparse.Namespace) -> None:
    """Measure one algorithm and print what was found."""
    cases = make_cases(algorithm, arguments.rows, seed=1)
    print(f"\n{algorithm.name} {algorithm.version}: {cases.height:,} distinct cases")
    rate = max(_rate_of_columns(algorithm, cases) for _ in range(2))
    print(f"  columns        {rate:12,.0f} cases per CPU second")
    port = _rate_of_port(algorithm, cases)
    print(f"  plain port     {port:12,.0f}   columns are {rate / port:,.0f} times as fast")
    low, high = RECORDED[algorithm.name]
    told = f"{rate / high:.0f} to {rate / low:.0f} times"
    print(f"  reference {low:8,} to {high:,}   {told} (recorded elsewhere)")
    if arguments.peer_jar:
        peer = _rate_of_peer(algorithm, cases.head(BY_PEER), arguments.peer_jar)
        print(
            f"  reference {peer:17,.0f}   columns are {rate / peer:,.0f} times as fast (this run)"
        )
    _print_one(algorithm, cases)
    _print_start(algorithm)
    if arguments.two_cores:
        _print_cores(algorithm, cases)


def _rate_of_columns(algorithm: Algorithm, cases: pl.DataFrame) -> float:
    """Stage with nothing worked out beforehand but the compiled tables."""
    fresh = load_algorithm(algorithm.path, current_year=YEAR)
    columns = {texts.name: texts.rechunk() for texts in cases}
    start = time.process_time()
    staged = fresh.stage_columns(columns)
    spent = time.process_time() - start
    assert staged.height == cases.height
    return cases.height / spent


def _rate_of_port(algorithm: Algorithm, cases: pl.DataFrame) -> float:
    """Run the plain port on some cases, and see that it agrees."""
    oracle = Oracle(algorithm.path)
    some = [_given(row) for row in cases.head(PORTED).iter_rows(named=True)]
    start = time.process_time()
    answers = [oracle.stage(dict(case), YEAR) for case in some]
    spent = time.process_time() - start
    ours = stage_lines(algorithm, list(map(orjson.dumps, some)), strict=True, explain=False)
    for answer, own in zip(answers, ours, strict=True):
        assert comparable(answer) == comparable(own), "columns and plain port disagree"
    return len(some) / spent


def _rate_of_peer(algorithm: Algorithm, cases: pl.DataFrame, jars: str) -> float:
    """Have the reference client stage cases in a Java of its own."""
    program = Path(__file__).with_name("PeerSpeed.java")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.tsv"
        cases.write_csv(file, separator="\t", null_value="\\N", quote_style="never")
        command = ["java", "-cp", jars, str(program), str(algorithm.path), str(file)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def _given(row: dict[str, str | None]) -> dict[str, str]:
    return {key: value for key, value in row.items() if value is not None}


def _print_one(algorithm: Algorithm, cases: pl.DataFrame) -> None:
    some = [_given(row) for row in cases.head(ALONE).iter_rows(named=True)]
    for case in some:
        algorithm.stage_case(case)
    start = time.process_time()
    for case in some:
        algorithm.stage_case(case)
    one = (time.process_time() - start) / len(some)
    columns = [
        {key: pl.Series(key, [text]) for key, text in case.items()} for case in some[:FRAMES]
    ]
    for own in columns:
        algorithm.stage_columns(own)
    start = time.process_time()
    for own in columns:
        algorithm.stage_columns(own)
    frame = (time.process_time() - start) / len(columns)
    print(f"  one case       {one * 1e6:9,.0f} µs; a frame of one row {frame / one:.0f} times")


def _print_start(algorithm: Algorithm) -> None:
    """Show how long compiling and loading take, the best of some runs."""
    path = algorithm.path
    compiling = min(
        _spent(lambda: compile_source(read_source(path), hash_file(path))) for _ in range(2)
    )
    loading = min(_spent(lambda: load_compiled(algorithm.path)) for _ in range(5))
    print(
        f"  load           {loading * 1e3:9.1f} ms; compiling takes {compiling / loading:.1f} times"
    )


def _spent(action: object) -> float:
    start = time.process_time()
    action()  # type: ignore[operator]
    return time.process_time() - start


def _print_cores(algorithm: Algorithm, cases: pl.DataFrame) -> None:
    """Stage a Parquet file with one and with two processes, by the clock."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.parquet"
        cases.write_parquet(file)
        spent = []
        for workers in (1, 2):
            start = time.perf_counter()
            settings = Settings(str(algorithm.path), YEAR)
            stage_file(file, Path(folder) / "out.parquet", settings, workers=workers)
            spent.append(time.perf_counter() - start)
    print(f"  file           {spent[0]:9.1f} s by one process, {spent[1]:.1f} s by two")


def _print_memory(algorithm: Algorithm) -> None:
    """Show the peak memory of staging a small and a large Parquet file, each in its own process."""
    print(f"\n{algorithm.name} {algorithm.version}")
    for rows in MEMORY_ROWS:
        with tempfile.TemporaryDirectory() as folder:
            file, out = Path(folder) / "cases.parquet", Path(folder) / "out.parquet"
            make_cases(algorithm, rows, seed=1).write_parquet(file)
            command = ["stage", str(file), "--algorithm", str(algorithm.path), "-o", str(out)]
            command += ["--current-year", str(YEAR), "--workers", "1"]
            done = subprocess.run(
                [sys.executable, "-c", _TELL_PEAK, *command],
                check=True,
                capture_output=True,
                text=True,
            )
        print(f"  {rows:12,} rows   peak {int(done.stdout) / 1024:,.0f} MiB")


if __name__ == "__main__":
    main()
