"""An institution adds words without code."""

import csv
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

import outspread
from outspread.errors import KnowledgeError
from outspread.extract.lexicon import FILES, expand

HEADER = "term,category,value,source\n"


def places(text: str, pack: Path | None = None) -> list[str]:
    return outspread.extract(text, pack=pack).finding.filter(role="secondary")["site"].to_list()


def test_a_pack_adds_a_site_word(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_text(HEADER + "filter organ,site,liver,ours\n", encoding="utf-8")
    text = "Breast cancer with filter organ metastases."
    assert places(text) == ["distant_nos"]
    assert places(text, tmp_path) == ["liver"]


def test_a_pack_adds_a_hedge(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_text(HEADER + "smells like,weak_pre,,ours\n", encoding="utf-8")
    found = outspread.extract("Smells like liver metastases. Colon cancer.", pack=tmp_path).finding
    assert found.filter(site="liver")["certainty"].to_list() == ["possible"]


def test_a_pack_adds_a_heading(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_text(HEADER + "clan,section,family,ours\n", encoding="utf-8")
    found = outspread.extract("CLAN: Breast cancer.", pack=tmp_path).finding
    assert found["experiencer"].to_list() == ["other"]


def test_a_pack_of_other_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_text("word,meaning\nx,y\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="K030"):
        outspread.extract("Liver metastases.", pack=tmp_path)


@pytest.mark.parametrize("term", ["(liver|lung spots", "liver) spots", ")liver("])
def test_a_term_with_an_open_bracket_is_refused(tmp_path: Path, term: str) -> None:
    (tmp_path / "ours.csv").write_text(HEADER + f"{term},site,liver,ours\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"K031: ours\.csv, line 2"):
        outspread.extract("Liver metastases.", pack=tmp_path)


def test_choices_may_be_nested() -> None:
    assert expand("(a|b (c|d))") == ["a", "b c", "b d"]


@cache
def phrases() -> list[tuple[str, str, tuple[str, str], list[str]]]:
    """File, term, meaning and phrases of each row that is shipped."""
    folder = files("outspread.extract") / "data"
    return [
        (name, row["term"], (row["category"], row["value"]), expand(row["term"]))
        for name in FILES
        for row in csv.DictReader((folder / f"{name}.csv").read_text("utf-8").splitlines())
    ]


def test_no_row_of_phrases_grows_beyond_what_loads_quickly() -> None:
    sizes = {term: len(said) for _, term, _, said in phrases()}
    assert [term for term, size in sizes.items() if size > 20_000] == []
    assert sum(sizes.values()) < 250_000


def test_no_phrase_of_a_file_means_something_else_in_another_file() -> None:
    meant: dict[str, tuple[str, tuple[str, str]]] = {}
    clashes = []
    for name, _, meaning, said in phrases():
        for phrase in (" ".join(words.split()) for words in said):
            other, before = meant.get(phrase, (name, meaning))
            if other != name and before != meaning:
                clashes.append((phrase, other, name))
            meant[phrase] = (name, meaning)
    assert clashes == []
