"""What the README shows is what the program prints."""

import re
from datetime import date
from pathlib import Path

import outspread

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_story_in_the_readme_is_what_explain_prints() -> None:
    shown = re.search(r"```text\n(.*?)\n```", README, re.DOTALL)
    assert shown is not None
    records = outspread.read(ROOT / "examples" / "breast-years-later.json")
    story = outspread.diagnose(records, as_of=date(2026, 1, 1))
    told = story.explain("example-breast")
    assert told.startswith(shown[1].removesuffix("\n  ..."))


def test_the_python_in_the_readme_runs(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    code = re.search(r"```python\n(.*?)\n```", README, re.DOTALL)
    assert code is not None
    exec(code[1], {})  # noqa: S102 - the README is ours


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
