"""Small algorithms of our own, to show one rule at a time."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from outspread.stage import Algorithm, load_algorithm

Rows = Sequence[Sequence[str]]
GIVEN = {"site": "C509", "hist": "8000", "year_dx": "2020"}


def table(name: str, inputs: str, endpoints: str, rows: Rows) -> dict[str, Any]:
    """Define a table by the keys of its columns."""
    columns = [{"key": key, "name": key, "type": "INPUT"} for key in inputs.split()]
    columns += [{"key": key, "name": key, "type": "ENDPOINT"} for key in endpoints.split()]
    return {"id": name, "title": f"Title of {name}", "definition": columns, "rows": rows}


def path(
    name: str, reads: Mapping[str, str] = {}, writes: Mapping[str, str] = {}
) -> dict[str, Any]:
    """Define a table to visit."""
    return {
        "id": name,
        "input_mapping": [{"from": key, "to": to} for key, to in reads.items()],
        "output_mapping": [{"from": key, "to": to} for key, to in writes.items()],
    }


BASE = (
    table("primary_site", "site", "", [["C500,C509"], ["C619"]]),
    table("histology", "hist", "", [["8000-8999"]]),
    table("select", "site hist", "result", [["C500-C509", "8000-8999", "MATCH"]]),
    table("years", "year_dx", "", [["2018-{{ctx_year_current}},9999"]]),
)


def schema(
    *,
    name: str = "small",
    select: str = "select",
    inputs: Sequence[dict[str, Any]] = (),
    outputs: Sequence[dict[str, Any]] = (),
    stages: Sequence[dict[str, Any]] = (),
    **more: Any,
) -> dict[str, Any]:
    """Define a schema with site, hist and year_dx beside its own inputs."""
    fixed = [
        {"key": "site", "table": "primary_site"},
        {"key": "hist", "table": "histology"},
        {
            "key": "year_dx",
            "table": "years",
            "naaccr_xml_id": "dateOfDiagnosis",
            "naaccr_item": 390,
        },
    ]
    return {
        "id": name,
        "name": name,
        "algorithm": "small",
        "version": "1.0",
        "schema_selection_table": select,
        "inputs": [*fixed, *inputs],
        "outputs": list(outputs),
        "mappings": list(stages),
        **more,
    }


def write_zip(
    file: Path, schemas: Sequence[dict[str, Any]], tables: Sequence[dict[str, Any]]
) -> Path:
    """Write an algorithm file."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in schemas:
            archive.writestr(f"schemas/{item['id']}.json", json.dumps(item))
        for item in {one["id"]: one for one in (*BASE, *tables)}.values():
            archive.writestr(f"tables/{item['id']}.json", json.dumps(item))
    return file


def make(
    folder: Path, schemas: Sequence[dict[str, Any]], tables: Sequence[dict[str, Any]] = ()
) -> Algorithm:
    """Write an algorithm file and load it."""
    file = write_zip(folder / "small-1.0.zip", schemas, tables)
    return load_algorithm(file, current_year=2026, folder=folder / "cache")
