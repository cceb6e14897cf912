"""The words that extraction knows: data files read into one look-up of phrases.

Every word is a row `term, category, value, source` of a CSV file beside this module, or of an
institution's own folder (a pack). A term may hold choices in brackets, "(liver|hepatic) lesions",
one of which may be empty.
"""

import csv
import re
from functools import cache
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from outspread.anatomy.load import load, sites
from outspread.errors import KnowledgeError
from outspread.extract.groups import members
from outspread.extract.pieces import Branch, Phrases, cut_words
from outspread.extract.tokens import Tokens
from outspread.read.vocabulary import load_rows

FILES: Final = ("sites", "cancers", "cues", "spread", "treatments", "measurements")
COLUMNS: Final = ("term", "category", "value", "source")
_NODE_WORDS: Final = members("lexicon.node_words")

_NO_GROUP: Final = ("regional", "distant", "lymph", "any", "")
_SAYS_MORE: Final = re.compile(
    r"metast|mets|deposit|implant|seeding|studding|carcinoma|meningitis|involvement|spread|tumor"
    r"|malignant|disease|extension|invasion|encasement|nodul|lesion|mass\b|secondar|thicken"
)  # words of a finding, which the grammar reads by themselves

Entry = tuple[str, str]


class Mention:
    """A known phrase in a text: its words from `first` to before `last`, and what it is."""

    __slots__ = ("category", "first", "last", "value")

    def __init__(self, first: int, last: int, category: str, value: str) -> None:
        self.first = first
        self.last = last
        self.category = category
        self.value = value


def is_tumor(m: Mention) -> bool:
    """Whether a mass is called a tumor."""
    return m.category == "mass" and m.value == "tumor"


class Lexicon(NamedTuple):
    """Phrases, word after word; node groups by the words before "node"; headings."""

    phrases: Phrases
    node_of: dict[str, str]
    sections: dict[str, str]


@cache
def lexicon(pack: Path | None = None) -> Lexicon:
    """Read the shipped words and those of a pack, whose rows win.

    Raises
    ------
    KnowledgeError
        K030 where a file of the pack has not the columns term, category, value, source; K031 where
        the brackets of a term do not match.
    """
    node_of = _node_groups()
    entries = {term: ("nodeplace", site) for term, site in node_of.items()}
    entries |= _anatomy_terms()
    entries |= _drugs()
    shipped = files("outspread.extract") / "data"
    for name in FILES:
        entries |= _read_rows((shipped / f"{name}.csv").read_text(encoding="utf-8"), name)
    for path in sorted(pack.glob("*.csv")) if pack else ():
        entries |= _read_rows(path.read_text(encoding="utf-8"), path.name)
    heads = _read_rows((shipped / "sections.csv").read_text(encoding="utf-8"), "sections")
    heads |= {term: entry for term, entry in entries.items() if entry[0] == "section"}
    parts = {term: entry for term, entry in entries.items() if "*" in term}
    said = {t: entry for t, entry in entries.items() if entry[0] != "section" and t not in parts}
    starts = [(term[:-1], Branch(*entry)) for term, entry in parts.items() if term.endswith("*")]
    ends = [(term[1:], Branch(*entry)) for term, entry in parts.items() if term.startswith("*")]
    sections = {term: value for term, (_, value) in heads.items()}
    return Lexicon(Phrases(_index(said), starts, ends), node_of, sections)


@cache
def own_words(pack: Path | None) -> tuple[str, ...]:
    """Words of a pack, so that notes which hold them are not passed over."""
    rows: dict[str, Entry] = {}
    for path in sorted(pack.glob("*.csv")) if pack else ():
        rows |= _read_rows(path.read_text(encoding="utf-8"), path.name)
    return tuple(term.strip("*") for term, entry in rows.items() if entry[0] != "section")


def expand(term: str) -> list[str]:
    """Write out the choices of a term; they may be nested.

    Examples
    --------
    >>> expand("(liver|hepatic) (lesion|)")
    ['liver lesion', 'liver ', 'hepatic lesion', 'hepatic ']
    """
    return _choices(term, 0)[0]


def _choices(term: str, place: int) -> tuple[list[str], int]:
    """Read choices from a place to the bracket that closes them, or to the end."""
    done: list[str] = []
    open_ones = [""]
    while place < len(term) and term[place] != ")":
        if term[place] == "(":
            inner, place = _choices(term, place + 1)
            open_ones = [left + right for left in open_ones for right in inner]
        elif term[place] == "|":
            done += open_ones
            open_ones = [""]
        else:
            open_ones = [left + term[place] for left in open_ones]
        place += 1
    return done + open_ones, place


def find_mentions(tokens: Tokens, known: Lexicon) -> list[Mention]:
    """Find the phrases of a text, longest first and from left to right, without overlap."""
    words = [*tokens.words, ""]
    found: list[Mention] = []
    end = 0
    for first, branch in enumerate(map(known.phrases.__getitem__, tokens.words)):
        if branch is None or first < end:
            continue
        longest, last = branch, first + 1
        place = last
        following = branch.next.get(words[place])
        while following is not None:
            place += 1
            if following.category is not None:
                longest, last = following, place
            following = following.next.get(words[place])
        if longest.category is not None:
            end = last
            if longest.category:
                found.append(Mention(first, last, longest.category, longest.value))
    return found


def _read_rows(text: str, name: str) -> dict[str, Entry]:
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        message = f"K030: {name} must have the columns {', '.join(COLUMNS)}."
        raise KnowledgeError(message)
    rows = list(reader)
    for number, row in enumerate(rows, 2):
        if not _is_closed(row["term"]):
            message = f"K031: {name}, line {number}: the brackets of the term do not match."
            raise KnowledgeError(message)
    return {
        _plain(term): (row["category"], row["value"])
        for row in rows
        for term in expand(row["term"])
    }


def _is_closed(term: str) -> bool:
    """Whether each bracket of a term has its other one."""
    depths = list(accumulate((c == "(") - (c == ")") for c in term))
    return min(depths, default=0) >= 0 and (not depths or depths[-1] == 0)


def _plain(term: str) -> str:
    """A term in the normal form of words; one with a sign of our own is written so."""
    return term if "#" in term or "*" in term else " ".join(cut_words(term))


def _anatomy_terms() -> dict[str, Entry]:
    terms: dict[str, Entry] = {}
    named = sites().filter(pl.col("system") != "unspecified")
    for name, adjective, site in named.select("name", "adjective", "id").iter_rows():
        for word in (name, adjective):
            if word and "(" not in word and " or " not in word and not site.startswith("ln"):
                terms.setdefault(_plain(word), ("site", site))
    columns = load("terms").select("term", "site", "form", "needs_node_word")
    for term, site, form, needs_node in columns.iter_rows():
        plain = _plain(term)
        if form == "registry_phrase" or needs_node == "yes" or _SAYS_MORE.search(plain):
            continue
        terms[plain] = ("nodeplace" if site.startswith("ln_") else "site", site)
    return terms


def _drugs() -> dict[str, Entry]:
    """Drugs that the readers know; one that is also given for other ills counts beside a cancer."""
    strength = {"y": "strong", "n": "weak"}
    return {
        _plain(row["agent"]): ("treat", f"{row['modality']}:{strength[row['alone']]}:")
        for row in load_rows("agents.csv")
        if row["modality"] != "supportive"
    }


def _node_groups() -> dict[str, str]:
    """Node groups by the words that stand before "node"."""
    groups: dict[str, str] = {}
    for adjective, site in sites().select("adjective", "id").iter_rows():
        if site.startswith("ln_") and adjective:
            groups.setdefault(_plain(adjective.removesuffix(" lymph-node")), site)
    columns = load("terms").select("term", "site", "needs_node_word").iter_rows()
    for term, site, needs_node in columns:
        plain = _plain(term)
        if needs_node == "yes" and "(" not in term and not _SAYS_MORE.search(plain):
            groups[plain] = site
        elif site.startswith("ln_"):
            for word in _NODE_WORDS:
                if plain.endswith(" " + word):
                    groups.setdefault(plain.removesuffix(" " + word).removesuffix(" lymph"), site)
    return {name: site for name, site in groups.items() if name not in _NO_GROUP}


def _index(entries: dict[str, Entry]) -> dict[str, Branch]:
    root = Branch()
    for term, entry in entries.items():
        branch = root
        for word in term.split():
            following = branch.next.get(word)
            if following is None:
                following = branch.next[word] = Branch()
            branch = following
        if branch is not root:
            branch.category, branch.value = entry
    return root.next
