"""The rules of official staging, one case at a time and without any cleverness.

A plain port of the rules as they are written down: it walks tables row by row and keeps a case as a
dict. It shares nothing with the package, so that the package can be tested against it, and it is
the baseline of the benchmark.
"""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

NUMBER = re.compile(r"-?(\d+\.?\d+|\d|\.\d+)", re.ASCII)
SPACES = "".join(map(chr, range(0x21)))
MISSING = "FAILED_MISSING_SITE_OR_HISTOLOGY"
Context = dict[str, str | None]
Answer = dict[str, Any]


def is_number(text: str) -> bool:
    return bool(NUMBER.fullmatch(text))


def is_reference(text: str) -> bool:
    return text.startswith("{{") and text.endswith("}}") and len(text) > 4


def evaluate(text: str | None, context: Context) -> str:
    if text is None:
        return ""
    if is_reference(text):
        return context.get(text[2:-2]) or ""
    return text


def trimmed(text: str | None) -> str:
    return (text or "").strip(SPACES)


def parse_input(cell: str | None) -> list[tuple[str, str]] | None:
    """Ranges of a cell; None matches everything."""
    if cell is None or cell == "*":
        return None
    ranges = []
    for piece in cell.split(","):
        parts = piece.split("-")
        while len(parts) > 1 and parts[-1] == "":
            parts.pop()
        if len(parts) == 2:
            low, high = trimmed(parts[0]), trimmed(parts[1])
            numbers = is_number(low) and is_number(high)
            same = len(low.encode("utf-16-be")) == len(high.encode("utf-16-be"))
            if same or numbers or is_reference(low) or is_reference(high):
                ranges.append((low, high))
                continue
        ranges.append((trimmed(piece), trimmed(piece)))
    return ranges


def parse_endpoint(cell: str) -> tuple[str, str | None]:
    kind, colon, value = cell.partition(":")
    return trimmed(kind), trimmed(value) if colon else None


def range_matches(low: str, high: str, value: str | None, context: Context) -> bool:
    value = value or ""
    low, high = evaluate(low, context), evaluate(high, context)
    if low != high and is_number(low) and is_number(high):
        if not is_number(value):
            return False
        if "." in value and "." not in low and "." not in high:
            return False
        return bool(np.float32(low) <= np.float32(value) <= np.float32(high))
    low_units, units, high_units = (
        text.encode("utf-16-be", "surrogatepass") for text in (low, value, high)
    )
    return len(low_units) == len(high_units) == len(units) and low_units <= units <= high_units


def cell_matches(ranges: list[tuple[str, str]] | None, value: str | None, context: Context) -> bool:
    return ranges is None or any(range_matches(a, b, value, context) for a, b in ranges)


class Table:
    """A table with its cells parsed."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.id = raw["id"]
        columns = raw["definition"]
        self.inputs = [(i, c["key"]) for i, c in enumerate(columns) if c["type"] == "INPUT"]
        self.endpoints = [(i, c["key"]) for i, c in enumerate(columns) if c["type"] == "ENDPOINT"]
        self.rows = [
            (
                [(key, parse_input(row[i])) for i, key in self.inputs],
                [(key, *parse_endpoint(row[i])) for i, key in self.endpoints],
            )
            for row in raw["rows"]
        ]

    def find(self, context: Context, keys: set[str] | None = None) -> int | None:
        """Number of the first row that matches."""
        for number, (inputs, _) in enumerate(self.rows):
            if all(
                cell_matches(ranges, context.get(key), context)
                for key, ranges in inputs
                if keys is None or key in keys
            ):
                return number
        return None

    def shown(self, context: Context) -> str:
        values = (trimmed(context.get(key)) for _, key in self.inputs)
        return ",".join(value or "<blank>" for value in values)

    def single_values(self) -> set[str]:
        found = set()
        for inputs, _ in self.rows:
            for _, ranges in inputs:
                for low, high in ranges or []:
                    if low == high:
                        found.add(low)
                    elif is_number(low) and is_number(high):
                        numbers = range(int(low), int(high) + 1)
                        found.update(str(number).zfill(len(low)) for number in numbers)
                    else:
                        found.add(f"{low}-{high}")
        return found


class Oracle:
    """One algorithm as its zip file says it."""

    def __init__(self, path: Path) -> None:
        self.schemas: dict[str, dict[str, Any]] = {}
        self.tables: dict[str, Table] = {}
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("schemas/") and name.endswith(".json"):
                    schema = json.loads(archive.read(name))
                    self.schemas[schema["id"]] = schema
                elif name.startswith("tables/") and name.endswith(".json"):
                    table = json.loads(archive.read(name))
                    self.tables[table["id"]] = Table(table)
        self.version = next(iter(self.schemas.values()))["version"]
        self.algorithm = next(iter(self.schemas.values()))["algorithm"]
        self.sites = self.tables["primary_site"].single_values()
        self.histologies = self.tables["histology"].single_values()

    def lookup(self, given: Context) -> list[str]:
        """Ids of the schemas that fit, sorted."""
        site, hist = given.get("site"), given.get("hist")
        discriminators = {key for key in given if key not in {"site", "hist"}}
        if site is None and hist is None:
            return []
        if (site is not None and site not in self.sites) or (
            hist is not None and hist not in self.histologies
        ):
            return []
        if discriminators and (site is None or hist is None):
            return []
        keys = set(given)
        return sorted(
            name
            for name, schema in self.schemas.items()
            if self.tables[schema["schema_selection_table"]].find(given, keys) is not None
        )

    def is_valid(self, schema_id: str, key: str, given: Context, year: int) -> bool:
        """Whether the context is valid for an input of a schema."""
        schema = self.schemas.get(schema_id)
        if schema is None or not given:
            return False
        inputs = {item["key"]: item for item in schema["inputs"]}
        if key not in inputs:
            return False
        table = inputs[key].get("table")
        if not table:
            return True
        context: Context = {name: trimmed(value) for name, value in given.items()}
        return self.tables[table].find(context | self.variables(year)) is not None

    def variables(self, year: int) -> Context:
        return {"ctx_alg_version": self.version, "ctx_year_current": str(year)}

    def stage(self, given: Context, year: int) -> Answer:
        """Result of one case."""
        if given.get("site") is None or given.get("hist") is None:
            return _failed(MISSING)
        found = self.lookup(given)
        if not found:
            return _failed("FAILED_NO_MATCHING_SCHEMA")
        if len(found) > 1:
            return _failed("FAILED_MULITPLE_MATCHING_SCHEMAS")
        return Case(self, self.schemas[found[0]], given, year).run()


def _failed(result: str, schema_id: str | None = None) -> Answer:
    return {"result": result, "schema_id": schema_id, "output": {}, "errors": [], "path": []}


class Case:
    """One case on its way through one schema."""

    def __init__(self, oracle: Oracle, schema: dict[str, Any], given: Context, year: int) -> None:
        self.oracle, self.schema, self.given, self.year = oracle, schema, given, year
        self.context: Context = {}
        self.errors: list[dict[str, Any]] = []
        self.path: list[str] = []

    def error(self, kind: str, message: str, **fields: Any) -> None:
        self.errors.append({"type": kind, **fields, "message": message})

    def run(self) -> Answer:
        schema_id = self.schema["id"]
        inputs = {item["key"]: item for item in self.schema["inputs"]}
        for key in self.given:
            if key not in inputs:
                self.error("UNKNOWN_INPUT", f"Unknown input key supplied: {key}", key=key)
        if self.errors:
            return _failed("FAILED_INVALID_INPUT", schema_id) | {"errors": self.errors}
        if "year_dx" not in inputs or not self.oracle.is_valid(
            schema_id, "year_dx", self.given, self.year
        ):
            return _failed("FAILED_INVALID_YEAR_DX", schema_id)
        self.context = {
            key: None if value is None else trimmed(value) for key, value in self.given.items()
        }
        self.context |= self.oracle.variables(self.year)
        if not self.take_inputs():
            return _failed("FAILED_INVALID_INPUT", schema_id) | {"errors": self.errors}
        for output in self.schema["outputs"]:
            self.context[output["key"]] = evaluate(output.get("default"), self.context)
        for item in self.schema.get("initial_context") or []:
            self.context[item["key"]] = evaluate(item.get("value"), self.context)
        for mapping in self.schema.get("mappings") or []:
            self.take_mapping(mapping)
        return {
            "result": "STAGED",
            "schema_id": schema_id,
            "output": self.take_outputs(),
            "errors": self.errors,
            "path": self.path,
        }

    def take_inputs(self) -> bool:
        """Set defaults and check values; False if the case cannot be staged."""
        mode = self.schema.get("on_invalid_input") or "CONTINUE"
        stop = False
        for item in self.schema["inputs"]:
            key, table = item["key"], item.get("table")
            value = self.context.get(key)
            if value is None:
                self.context[key] = self.default(item)
            elif value != "" and table and self.find(table, self.context) is None:
                required = bool(item.get("used_for_staging"))
                kind = "INVALID_REQUIRED_INPUT" if required else "INVALID_NON_REQUIRED_INPUT"
                self.error(kind, f"Invalid '{key}' value ({value})", key=key, table=table)
                stop |= mode == "FAIL" or (mode == "FAIL_WHEN_USED_FOR_STAGING" and required)
        return not stop

    def default(self, item: dict[str, Any]) -> str:
        if item.get("default") is not None:
            return evaluate(item["default"], self.context)
        name = item.get("default_table")
        if name:
            table = self.oracle.tables[name]
            row = table.find(self.context)
            if row is not None:
                for key, kind, value in table.rows[row][1]:
                    if key == item["key"] and kind == "VALUE":
                        return evaluate(value, self.context)
        return ""

    def find(self, table: str, context: Context) -> int | None:
        found = self.oracle.tables.get(table)
        return None if found is None else found.find(context)

    def is_involved(self, mapping: dict[str, Any]) -> bool:
        for wanted, kind in ((True, "inclusion_tables"), (False, "exclusion_tables")):
            for path in mapping.get(kind) or []:
                context = dict(self.context)
                for item in path.get("input_mapping") or []:
                    if item["from"] in self.context:
                        context[item["to"]] = self.context[item["from"]]
                if (self.find(path["id"], context) is not None) != wanted:
                    return False
        return True

    def take_mapping(self, mapping: dict[str, Any]) -> None:
        if not self.is_involved(mapping):
            return
        for kind in ("inclusion_tables", "exclusion_tables"):
            self.path += [f"{mapping['id']}.{path['id']}" for path in mapping.get(kind) or []]
        for item in mapping.get("initial_context") or []:
            self.context[item["key"]] = item.get("value")
        for path in mapping.get("tables") or []:
            for item in path.get("input_mapping") or []:
                if item["from"] in self.context:
                    self.context[item["to"]] = self.context[item["from"]]
                else:
                    message = (
                        f"Input mapping '{item['from']}' does not exist for table '{path['id']}'"
                    )
                    self.error("UNKNOWN_INPUT_MAPPING", message, key=item["from"], table=path["id"])
            goes_on = self.take_table(mapping["id"], path["id"], path, [])
            for item in path.get("input_mapping") or []:
                self.context.pop(item["to"], None)
            if not goes_on:
                break

    def take_table(
        self, mapping_id: str, table_id: str, path: dict[str, Any], stack: list[str]
    ) -> bool:
        """Process a table; False if the mapping ends here."""
        table = self.oracle.tables.get(table_id)
        if table is None:
            message = (
                f"The processing of '{path['id']}' contains a reference to an unknown table: "
                f"'{table_id}'"
            )
            self.error("UNKNOWN_TABLE", message, table=table_id)
            return True
        if table_id in stack:
            message = (
                f"The processing of '{path['id']}' has entered an infinite recursive state.  "
                f"Table '{table_id}' was accessed multiple times."
            )
            self.error("INFINITE_LOOP", message, table=table_id)
            return True
        self.path.append(f"{mapping_id}.{table_id}")
        row = table.find(self.context)
        if row is None:
            self.error(
                "MATCH_NOT_FOUND",
                f"Match not found in table '{table_id}' ({table.shown(self.context)})",
                table=table_id,
                columns=[key for _, key in table.endpoints],
            )
            return True
        goes_on = True
        for key, kind, value in table.rows[row][1]:
            if kind == "VALUE":
                self.set(key, value, path)
            elif kind == "JUMP":
                goes_on = self.take_table(mapping_id, str(value), path, [*stack, table_id])
            elif kind == "STOP":
                goes_on = False
            elif kind == "ERROR":
                message = value or (
                    f"Matching resulted in an error in table '{table_id}' for column '{key}' "
                    f"({table.shown(self.context)})"
                )
                self.error("STAGING_ERROR", message, table=table_id, columns=[key])
        return goes_on

    def set(self, key: str, value: str | None, path: dict[str, Any]) -> None:
        mapped = path.get("output_mapping") or []
        targets = [item["to"] for item in mapped if item["from"] == key] or [key]
        for target in targets:
            if value is None:
                self.context.pop(target, None)
            else:
                self.context[target] = evaluate(value, self.context)

    def take_outputs(self) -> Context:
        found: Context = {}
        for output in self.schema["outputs"]:
            key, table = output["key"], output.get("table")
            if key not in self.context:
                continue
            found[key] = self.context[key]
            if table and self.find(table, self.context) is None:
                value = self.context[key] or "<blank>"
                self.error(
                    "INVALID_OUTPUT", f"Invalid '{key}' value ({value})", key=key, table=table
                )
        return found
