"""Is official staging exact? Runs files of cases with known answers and counts the differences.

    python benchmarks/stage_check.py --algorithms DIR FILE...

Files tell their kind by content: cases of Collaborative Stage with expected outputs (80 cells a
line), schema selection (4 cells), valid codes (cells separated by |), facts and complete results as
JSON lines; plain or gzip. Without FILE it runs all that is shared with the project. DIR holds the
algorithm files. Ends with 1 if anything differs.
"""

import argparse
import gzip
import sys
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from outspread.stage import Algorithm, load_algorithm
from outspread.stage.lines import stage_lines

SHARED = Path(__file__).parents[2] / "shared" / "data" / "seer"
NAMES = {"eod_public": "eod_public-*", "eod": "eod_public-*", "tnm": "tnm-*",
         "pediatric": "pediatric-*", "cs": "cs-*"}  # fmt: skip
INPUTS = [
    *("site", "hist", "year_dx", "cs_input_version_original", "behavior", "grade", "age_dx", "lvi"),
    *("size", "extension", "extension_eval", "nodes", "nodes_eval", "nodes_pos", "nodes_exam"),
    *("mets", "mets_eval", *(f"ssf{number}" for number in range(1, 26))),
]
AJCC = [
    f"ajcc{edition}_{part}"
    for edition in (6, 7)
    for part in ("t", "tdescriptor", "n", "ndescriptor", "m", "mdescriptor", "stage")
]
SUMMARY = ["t77", "n77", "m77", "ss77", "t2000", "n2000", "m2000", "ss2000"]
OUTPUTS = [*AJCC, *SUMMARY, *(f"stor_{key}" for key in AJCC), "stor_ss77", "stor_ss2000"]
FUTURE = {"2019": "2049", "2020": "2049"}  # years that were meant to lie in the future
AT_ONCE = 250_000


def main() -> int:
    """Run all files; print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--algorithms", type=Path, default=SHARED / "algorithms")
    parser.add_argument("--current-year", type=int, default=2026)
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    files = arguments.files or sorted(path for path in SHARED.rglob("*") if _is_test(path))
    known = Algorithms(arguments.algorithms, arguments.current_year)
    wrong_in_all = 0
    for path in files:
        start = time.process_time()
        count, wrong = check_file(path, known)
        wrong_in_all += wrong
        spent = time.process_time() - start
        print(f"{path.name}: {count:,} cases, {wrong:,} differ ({spent:.1f} s CPU)", flush=True)
    print(f"{wrong_in_all:,} differ in all")
    return int(bool(wrong_in_all))


def _is_test(path: Path) -> bool:
    return path.suffix in {".gz", ".jsonl"} and path.is_file()


class Algorithms:
    """Algorithms of a folder by their name."""

    def __init__(self, folder: Path, year: int) -> None:
        self._folder, self._year = folder, year
        self._loaded: dict[str, Algorithm] = {}

    def get(self, name: str) -> Algorithm:
        """Load an algorithm once."""
        if name not in self._loaded:
            path = max(self._folder.glob(NAMES[name] + ".zip"))
            self._loaded[name] = load_algorithm(path, current_year=self._year)
        return self._loaded[name]


def check_file(path: Path, known: Algorithms) -> tuple[int, int]:
    """Count the cases of a file, and those that differ."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        first = file.readline()
        file.seek(0)
        check = _kind(first, path)
        count = wrong = 0
        while lines := list(islice(file, AT_ONCE)):
            count += len(lines)
            wrong += check(lines, known, path)
    return count, wrong


def _kind(first: bytes, path: Path) -> Any:
    if first.startswith(b"{"):
        return _facts if b'"call"' in first else _results
    if first.count(b",") == len(INPUTS) + len(OUTPUTS) - 1:
        return _collaborative
    if first.count(b",") == 3:
        return _selections
    if first.count(b"|") == 2:
        return _codes
    sys.exit(f"{path.name} holds nothing that can be checked")


def _cells(lines: list[bytes], count: int, separator: str = ",") -> pl.DataFrame:
    text = pl.Series("line", [line.decode().rstrip("\r\n") for line in lines])
    return text.str.split_exact(separator, count - 1).struct.unnest()


def _collaborative(lines: list[bytes], known: Algorithms, path: Path) -> int:
    """Format A: cases of Collaborative Stage, through the columns."""
    cells = _cells(lines, len(INPUTS) + len(OUTPUTS))
    cells.columns = [*INPUTS, *OUTPUTS]
    columns = {key: cells[key] for key in INPUTS}
    columns["year_dx"] = columns["year_dx"].replace(FUTURE)
    staged = known.get("cs").stage_columns(columns)
    blank = pl.when(staged["result"] == "STAGED")
    same = [
        pl.lit(cells[key].str.strip_chars()).eq(
            blank.then(pl.lit(staged[key]).fill_null("")).otherwise(pl.lit(""))
        )
        for key in OUTPUTS
    ]
    return int(pl.select((~pl.all_horizontal(same).fill_null(value=False)).sum()).item())


def _selections(lines: list[bytes], known: Algorithms, path: Path) -> int:
    """Format B: the schema of a site, a histology and factor 25."""
    cells = _cells(lines, 4).select(pl.all().str.strip_chars())
    cells.columns = ["site", "hist", "ssf25", "schema_id"]
    staged = known.get("cs").stage_columns({key: cells[key] for key in cells.columns[:3]})
    found = staged["schema_id"].fill_null("")
    return int((found.ne_missing(cells["schema_id"])).sum())


def _codes(lines: list[bytes], known: Algorithms, path: Path) -> int:
    """Format C: codes that are valid, by the name of the schema."""
    algorithm = known.get("cs")
    ids = dict(algorithm.schemas().select("name", "schema_id").iter_rows())
    return sum(
        not algorithm.is_valid(ids[name], key, {key: code})
        for name, key, code in (line.decode().rstrip("\r\n").split("|") for line in lines)
    )


def _facts(lines: list[bytes], known: Algorithms, path: Path) -> int:
    """Format D: facts of the unit tests of the reference client."""
    return sum(not _holds(orjson.loads(line), known) for line in lines)


def _holds(fact: dict[str, Any], known: Algorithms) -> bool:
    algorithm = known.get(fact["algorithm"])
    if fact["call"] == "stage":
        answers = [
            next(stage_lines(algorithm, [orjson.dumps(fact["input"])], strict=True, explain=False)),
            orjson.loads(orjson.dumps(algorithm.stage_case(fact["input"]).as_dict())),
        ]
        return all(_same(answer, fact) for answer in answers)
    if fact["call"] == "lookup":
        return algorithm.lookup(fact["input"]) == fact["schemas"]
    if fact["call"] == "findMatchingTableRow":
        return algorithm.find_row(fact["table"], fact["context"]) == fact["row"]
    given = fact.get("context", {fact["key"]: fact.get("value")})
    return algorithm.is_valid(fact["schema_id"], fact["key"], given) == fact["valid"]


def _results(lines: list[bytes], known: Algorithms, path: Path) -> int:
    """Format E: complete results, through the columns and case by case."""
    cases = [orjson.loads(line) for line in lines]
    algorithm = known.get(_algorithm_of(path))
    inputs = [orjson.dumps(case["input"]) for case in cases]
    answers = stage_lines(algorithm, inputs, strict=True, explain=False)
    wrong = 0
    for case, answer in zip(cases, answers, strict=True):
        one = orjson.loads(orjson.dumps(algorithm.stage_case(case["input"]).as_dict()))
        wrong += not (_same(answer, case) and _same(one, case))
    return wrong


def _algorithm_of(path: Path) -> str:
    """Name of the algorithm that the name of a file holds."""
    for name in NAMES:
        if name in path.name.lower().replace(".", "-").replace("_", "-").split("-"):
            return name
    sys.exit(f"{path.name} does not name its algorithm")


def _same(answer: dict[str, Any], expected: dict[str, Any]) -> bool:
    fields = ("result", "schema_id", "output", "path")
    return all(answer[field] == expected[field] for field in fields if field in expected) and (
        _multiset(answer["errors"]) == _multiset(expected["errors"])
    )


def _multiset(errors: list[dict[str, Any]]) -> Counter[bytes]:
    return Counter(orjson.dumps(error, option=orjson.OPT_SORT_KEYS) for error in errors)


if __name__ == "__main__":
    sys.exit(main())
