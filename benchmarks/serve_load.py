"""Many readers at once: whether every page comes, and how long it takes.

    python benchmarks/serve_load.py DIR [--readers 50] [--rounds 4]

Starts `outspread serve DIR` on a free port of this machine and lets readers, each with its own
connection, ask for the list, searches, and patients with their downloads. Prints, for each kind of
page, how many came, how many failed, and the median and 95th percentile of the time. Ends with 1 if
one failed.
"""

import argparse
import http.client
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import polars as pl

MOST_SECONDS = 120.0
SEARCHES = ("", "?extent=distant", "?site=bone", "?q=breast")


def main() -> int:
    """Print one line for each kind of page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    owners = pl.scan_parquet(options.folder / "disease.parquet").select("patient_id")
    people = owners.head(10_000).unique().collect()["patient_id"].sort().to_list()
    port = free_port()
    command = [sys.executable, "-m", "outspread", "serve", options.folder, "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            start = time.perf_counter()
            with ThreadPoolExecutor(options.readers) as readers:
                jobs = [readers.submit(read, port, number, options.rounds, people)
                        for number in range(options.readers)]  # fmt: skip
                answers = [answer for job in jobs for answer in job.result()]
            seconds = time.perf_counter() - start
        finally:
            server.terminate()
    return report(answers, seconds)


def free_port() -> int:
    """Give a port that nobody uses now."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until the application answers."""
    end = time.monotonic() + MOST_SECONDS
    while time.monotonic() < end:
        try:
            if ask(port, "/try")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    message = "The application did not start."
    raise SystemExit(message)


def ask(port: int, address: str) -> tuple[int, float]:
    """Ask for one page; give its status (0: no answer) and the seconds it took."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_SECONDS)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - start
    except (OSError, http.client.HTTPException):
        if address == "/try":
            raise
        return 0, time.perf_counter() - start
    finally:
        connection.close()


def read(port: int, number: int, rounds: int, people: list[str]) -> list[tuple[str, int, float]]:
    """What one reader asks for, and what came of it: kind of page, status, seconds."""
    found = []
    for turn in range(rounds):
        who = urlencode({"id": people[(number * 7 + turn) % len(people)]})
        search = SEARCHES[(number + turn) % len(SEARCHES)]
        pages = {
            "list": f"/{search}",
            "patient": f"/patient?{who}",
            "person": f"/person?{who}",
            "mcode.json": f"/mcode.json?{who}",
        }
        found += [(kind, *ask(port, address)) for kind, address in pages.items()]
    return found


def report(answers: list[tuple[str, int, float]], seconds: float) -> int:
    """Print what came; 1 if anything failed."""
    kinds: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for kind, status, took in answers:
        kinds[kind].append((status, took))
    for kind, some in kinds.items():
        times = sorted(took for _, took in some)
        failed = sum(status != 200 for status, _ in some)
        slow = times[int(len(times) * 0.95)]
        print(
            f"{kind:12} {len(some):5} pages, {failed} failed, "
            f"median {statistics.median(times):.2f} s, 95% within {slow:.2f} s"
        )
    print(f"{len(answers)} pages in {seconds:.1f} s: {len(answers) / seconds:.0f} a second")
    return int(any(status != 200 for _, status, _ in answers))


if __name__ == "__main__":
    sys.exit(main())
