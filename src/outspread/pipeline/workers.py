"""Work shared out to processes: results come in the order of the tasks, however many there are.

A worker is a new Python that imports outspread and nothing of the caller's, so a script needs no
`__main__` guard. It takes tasks from its standard input; when that ends, because the parent is done
or was killed, it ends at once, in the middle of a task too. A fault of the program in a worker ends
that worker, with the traceback on stderr.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any, BinaryIO, Final, Protocol, TypeVar, cast

import polars as pl

from outspread.errors import OutspreadError, StoreError

Task = TypeVar("Task")
Result = TypeVar("Result")
Progress = Callable[[str, int, int | None], None]
"""Called with the name of a step, how much of it is done, and how much there is, if known."""

_SERVE: Final = "from outspread.pipeline.workers import serve; serve()"


class Share(Protocol):
    """Calls a function with each task and gives the results in the order of the tasks."""

    def __call__(
        self, function: Callable[[Task], Result], tasks: Iterable[Task], *, ahead: int
    ) -> Iterator[Result]:
        """Call, in a process or in several."""
        ...


@contextmanager
def shared_out(workers: int) -> Iterator[Share]:
    """Give a way to share out tasks to some processes; they end with the block.

    The function must be one of a module of outspread. At most `ahead` results wait for an earlier
    one. A single task, and every task where there is one worker, is done in this process.

    Raises
    ------
    OutspreadError, OSError
        What the first task that fails, in their order, has raised.
    StoreError
        W008 where a worker has ended before its work was done.
    """
    processes: list[subprocess.Popen[bytes]] = []
    threads = ThreadPoolExecutor(max(1, workers))
    mine = threading.local()

    def ask(function: Callable[[Task], Result], task: Task) -> Result:
        if not hasattr(mine, "process"):
            mine.process = start_worker(workers)
            processes.append(mine.process)
        return cast("Result", ask_worker(mine.process, (function, task)))

    def share(
        function: Callable[[Task], Result], tasks: Iterable[Task], *, ahead: int
    ) -> Iterator[Result]:
        rest = iter(tasks)
        first = list(islice(rest, 2))
        if workers <= 1 or len(first) < 2:
            yield from map(function, chain(first, rest))
            return
        waiting: deque[Future[Result]] = deque()
        for task in chain(first, rest):
            waiting.append(threads.submit(ask, function, task))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    try:
        yield share
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        threads.shutdown()
        for process in processes:
            close_worker(process)


def start_worker(workers: int, *, is_silent: bool = False) -> subprocess.Popen[bytes]:
    """Start one of some workers; a silent one tells nobody of a fault, whose words may be data."""
    threads = max(1, pl.thread_pool_size() // workers)
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = os.environ | {"POLARS_MAX_THREADS": str(threads), "PYTHONPATH": paths}
    return subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-P", "-c", _SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if is_silent else None,
        env=environment,
    )


def ask_worker(process: subprocess.Popen[bytes], call: tuple[Any, Any]) -> object:
    """Have a worker do one task, a function and what it takes; raise what it has raised.

    Raises
    ------
    OutspreadError, OSError
        What the task has raised.
    StoreError
        W008 where the worker has ended before its work was done.
    """
    request, reply = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
    try:
        pickle.dump(call, request)
        request.flush()
        is_done, result = pickle.load(reply)  # noqa: S301 - our own child
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):
        code = process.wait()
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        message = (
            f"W008: a worker process {how} before its work was done. "
            "If memory is short, use fewer: --workers 1"
        )
        raise StoreError(message) from None
    if not is_done:
        raise result
    return result


def close_worker(process: subprocess.Popen[bytes]) -> None:
    """Wait for a worker that has been told to end, and close its pipes."""
    process.wait()
    for pipe in (process.stdin, process.stdout):
        try:
            if pipe:
                pipe.close()
        except BrokenPipeError:  # a task that was being sent
            pass


def serve() -> None:
    """Do the tasks that come on standard input until it ends; this is a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told too, and ends us
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed must not come between the replies
    calls: SimpleQueue[tuple[Callable[[Any], Any], Any]] = SimpleQueue()
    threading.Thread(target=_receive, args=(calls,), daemon=True).start()
    while True:
        function, task = calls.get()
        reply: tuple[bool, object]
        try:
            reply = (True, function(task))
        except (OutspreadError, OSError) as error:
            reply = (False, error)
        pickle.dump(reply, replies)
        replies.flush()


def _receive(calls: "SimpleQueue[Any]") -> None:
    while True:
        try:
            calls.put(pickle.load(sys.stdin.buffer))  # noqa: S301 - our own parent
        except (EOFError, pickle.UnpicklingError):
            os._exit(0)
