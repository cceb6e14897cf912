"""The example resources of the official mCODE package are read without an error."""

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

import outspread

PACKAGE = "hl7.fhir.us.mcode@4.0.0"
EXAMPLES = 179


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """Folder of the examples, downloaded."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm, which downloads the mCODE package, is not installed")
    command = [npm, "pack", PACKAGE, "--silent", "--fetch-retries=0", f"--cache={tmp_path}/cache"]
    try:
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
        )
    except subprocess.TimeoutExpired:
        pytest.skip("the mCODE package cannot be downloaded in time")
    if done.returncode:
        pytest.skip("the mCODE package cannot be downloaded")
    with tarfile.open(tmp_path / done.stdout.split()[-1]) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "package" / "example"


@pytest.mark.slow
def test_all_examples_of_mcode_are_read_without_an_error(examples: Path) -> None:
    files = [file for file in examples.glob("*.json") if not file.name.startswith(".")]
    assert len(files) == EXAMPLES
    records = outspread.read(*files)
    errors = records.issue.filter(severity="error")
    assert errors.select("code", "file", "place").rows() == []
    assert records.finding.height > EXAMPLES / 4
