"""A staged case, and what is known of it."""

from typing import Any, NamedTuple


class StageIssue(NamedTuple):
    """Something that was wrong while a case was staged."""

    type: str
    message: str
    table: str | None = None
    key: str | None = None
    columns: tuple[str, ...] | None = None


class Setting(NamedTuple):
    """Which row of which table set an output."""

    output: str
    value: str | None
    mapping: str | None
    table: str | None
    row: int | None
    column: str | None


class StagedCase(NamedTuple):
    """A case as it was staged.

    `output` holds no key that was removed on the way; a value may be None or blank. `path` are the
    tables visited, in order. `ignored` are keys that the schema does not have, if lenient.
    """

    result: str
    schema_id: str | None
    output: dict[str, str | None]
    errors: tuple[StageIssue, ...]
    path: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give it as the reference client does, ready for JSON."""
        return {
            "result": self.result,
            "schema_id": self.schema_id,
            "output": self.output,
            "errors": [
                {key: value for key, value in issue._asdict().items() if value is not None}
                for issue in self.errors
            ],
            "path": list(self.path),
        }
