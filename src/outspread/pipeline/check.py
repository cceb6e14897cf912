"""What an input holds, and what of it would be set aside."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import polars as pl

from outspread.pipeline.spool import read_into
from outspread.pipeline.workers import Progress, shared_out
from outspread.tables import RECORD_TABLES, SEVERITY
from outspread.write.tables import table_path

_OWNED: Final = ("patient", "document", "finding", "treatment", "measurement")
_KINDS: Final = {
    "finding": ("finding", "kind"),
    "treatment": ("treatment", "modality"),
    "measurement": ("measurement", "name"),
    "source": ("raw", "source_kind"),
}


class Checked(NamedTuple):
    """What an input holds and what of it would be set aside.

    `found`: what, kind, count. `issues`: severity, code, file, field, count, place (of the first),
    reason.
    """

    found: pl.DataFrame
    issues: pl.DataFrame


def check(
    inputs: Sequence[Path],
    *,
    codes: pl.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    workers: int = 1,
    progress: Progress = lambda step, done, total: None,
) -> Checked:
    """Read as `run` does and say what is found and what would be set aside; keep nothing.

    Parameters
    ----------
    inputs, codes, columns, workers, progress
        As for `run`.

    Returns
    -------
    Counts of patients, findings, treatments, measurements and sources by kind, and of issues by
    severity, code, file and field.

    Raises
    ------
    ReadError
        If there is no input. One that cannot be used at all is told by its issues.
    StoreError
        W008 where a worker process has ended too early.
    """
    with TemporaryDirectory(prefix="outspread-") as name, shared_out(workers) as share:
        folder = Path(name)
        read_into(folder, inputs, codes=codes, columns=columns, share=share, progress=progress)
        return Checked(_found(folder), _grouped_issues(folder))


def _found(folder: Path) -> pl.DataFrame:
    """Count patients, and rows of the tables by their kind."""
    scans = {name: pl.scan_parquet(table_path(folder, name)) for name in RECORD_TABLES}
    owners = pl.concat(scans[name].select(pl.col("patient_id").cast(pl.String)) for name in _OWNED)
    parts = [owners.select(pl.lit("patient").alias("what"), count=pl.col("patient_id").n_unique())]
    parts += [
        scans[name]
        .group_by(pl.col(kind).cast(pl.String).alias("kind"))
        .agg(count=pl.len())
        .sort("kind")
        .with_columns(what=pl.lit(what))
        for what, (name, kind) in _KINDS.items()
    ]
    found = pl.concat(parts, how="diagonal_relaxed").select("what", "kind", "count").collect()
    return found.with_columns(pl.col("count").cast(pl.Int64))


def _grouped_issues(folder: Path) -> pl.DataFrame:
    by = ["severity", "code", "file", "field"]
    issues = pl.scan_parquet(table_path(folder, "issue")).with_columns(
        pl.col("severity").cast(pl.Enum(SEVERITY))
    )
    first = pl.col("place").sort_by(pl.col("place").str.extract(r"(\d+)").cast(pl.Int64)).first()
    grouped = issues.group_by(by).agg(count=pl.len(), place=first, reason=pl.col("reason").first())
    return grouped.sort(by, descending=[True, False, False, False], nulls_last=True).collect()
