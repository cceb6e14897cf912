"""Parts of a file of any size, each put into a file of its own by whoever made it, become one."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

import orjson
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from outspread.errors import StageError

Form = Literal["csv", "parquet", "jsonl"]


class Part(NamedTuple):
    """A part in a file, as an Arrow table or as text; of CSV `head` is the first line."""

    file: Path
    head: bytes = b""


def lines_part(rows: Iterable[dict[str, Any]], folder: Path) -> Part:
    """Put rows into a file as JSON lines."""
    with _part_file(folder) as file:
        file.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    return Part(Path(file.name))


def table_part(table: pl.DataFrame, folder: Path, form: Form) -> Part:
    """Put a table into a file."""
    with _part_file(folder) as file:
        if form == "csv":
            head = pl.DataFrame(schema=dict.fromkeys(table.columns, pl.String)).write_csv()
            _flat(table).write_csv(file, include_header=False)
            return Part(Path(file.name), head.encode())
        arrow = table.to_arrow(compat_level=pl.CompatLevel.oldest())
        with pa.ipc.new_file(file, arrow.schema) as part:
            part.write_table(arrow)
    return Part(Path(file.name))


def _part_file(folder: Path) -> Any:
    return tempfile.NamedTemporaryFile(dir=folder, delete=False)


def _flat(table: pl.DataFrame) -> pl.DataFrame:
    """Give a table whose lists are JSON text, for CSV."""
    nested = [name for name, kind in table.schema.items() if kind.is_nested()]
    return table.with_columns(
        pl.Series(name, [orjson.dumps(row).decode() for row in table[name].to_list()])
        for name in nested
    )


@contextmanager
def joined(form: Form, path: Path) -> Iterator[Callable[[Part], None]]:
    """Give a function that puts one part behind the other, and away."""
    with ExitStack() as stack:
        files: list[Any] = []

        def write_table(part: Part) -> None:
            with pa.memory_map(str(part.file)) as source:
                table = pa.ipc.open_file(source).read_all()
                if not files:
                    file = pq.ParquetWriter(path, table.schema, compression="zstd")
                    files.append(stack.enter_context(file))
                files[0].write_table(table)
            part.file.unlink()

        def write_text(part: Part) -> None:
            if not files:
                files.append(stack.enter_context(path.open("wb")))
                files[0].write(part.head)
            with part.file.open("rb") as source:
                shutil.copyfileobj(source, files[0])
            part.file.unlink()

        yield write_table if form == "parquet" else write_text


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """Give a file to write into, alone in a folder; put it in the place of `out` at a good end."""
    try:
        folder = tempfile.TemporaryDirectory(dir=out.resolve().parent, prefix=f".{out.name}.")
    except OSError as error:
        message = f"S017: {out.name} cannot be written: {type(error).__name__}."
        raise StageError(message) from error
    with folder:
        part = Path(folder.name) / out.name
        try:
            yield part
            part.replace(out)
        except OSError as error:
            message = f"S017: {out.name} cannot be written: {type(error).__name__}."
            raise StageError(message) from error
