"""A pack that does not hold together, or means harm, is refused with file, entry and field."""

import shutil
from pathlib import Path

import pytest

from outspread.cli import main
from outspread.errors import PackError
from outspread.plan.pack.check import check_pack
from outspread.plan.pack.load import OWN_PACK, load_pack, own_pack, read_pack

SMALL = {
    "pack.yaml": "pack: small\nversion: '1'\ntitle: A small pack\n",
    "factors.yaml": """
factors:
  primary: {label: origin, group: disease, type: enum, values: [breast, lung]}
  extent:
    label: spread
    group: disease
    type: enum
    values: [la, met, oligomet]
    covers: {oligomet: [met]}
    options_match: {la: [la], met: [met, oligomet]}
  line: {label: line, group: disease, type: line}
  hr: {label: receptors, group: receptor, type: enum, values: [positive, negative]}
  er: {label: estrogen receptor, group: receptor, type: enum, values: [positive, negative]}
  ecog: {label: ECOG, group: function, type: number, range: [0, 4], unit: grade}
  heart: {label: heart failure, group: function, type: bool}
""",
    "implications.yaml": """
implications:
  er-is-hr: {when: {er: positive}, then: {hr: positive}}
""",
    "says.yaml": "says:\n  careful: {text: Take care.}\n",
    "sources.yaml": """
sources:
  book: {title: A book, organization: Us, year: 2024, url: 'https://example.org', kind: review,
         read: full text, copy: ok}
""",
    "options/breast.yaml": """
options:
  br-first:
    what: A drug
    primary: breast
    extent: met
    line: 1+
    require: {hr: positive, ecog: {at_most: 2}}
    exclude: [{heart: yes, ecog: {at_least: 2}}]
    avoid_if: [{heart: yes}]
    aim: control
    modality: [hormone]
    turns_on: [hr]
    says: [careful]
    strength: strong
    sources: [book]
    year: 2024
    verified: yes
""",
}


def write_pack(folder: Path, **changes: tuple[str, str]) -> Path:
    """A small pack with some text exchanged: file stem to (old, new)."""
    for name, text in SMALL.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        old, new = changes.get(path.stem, ("", ""))
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return folder


def test_a_small_pack_loads(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path))
    assert [option.name for option in pack.options] == ["br-first"]
    assert check_pack(pack, oldest=2020) == ([], [], [], [])


BROKEN = {
    "unknown factor": ("breast", "hr: positive", "hrr: positive", r"P003.*br-first, require.*hr"),
    "unknown value": ("breast", "hr: positive", "hr: yes", r"P003.*br-first, require\.hr"),
    "word for a number": ("breast", "{at_most: 2}", "low", r"P002.*require\.ecog: must be a num"),
    "no finite number": ("breast", "{at_most: 2}", "{at_most: inf}", r"P002.*ecog: must be a num"),
    "not a number": ("breast", "{at_most: 2}", "nan", r"P002.*ecog: must be a num"),
    "range without end": ("factors", "[0, 4]", "[0, .inf]", r"P002.*ecog, range: must be a num"),
    "bounds for a word": ("breast", "hr: positive", "hr: {above: 1}", r"P002.*require\.hr"),
    "unknown bound": ("breast", "at_most", "atmost", r"P002.*require\.ecog.*nearest is at_most"),
    "unknown source": ("breast", "[book]", "[bok]", r"P003.*br-first, sources.*nearest is book"),
    "no source": ("breast", "sources: [book]", "", r"P002.*br-first, sources"),
    "unknown sentence": ("breast", "[careful]", "[carefull]", r"P003.*br-first, says"),
    "unknown need": ("breast", "turns_on: [hr]", "turns_on: [x]", r"P003.*br-first, turns_on"),
    "unknown extent": ("breast", "extent: met", "extent: far", r"P003.*br-first, extent"),
    "unknown line": ("breast", "line: 1+", "line: first", r"P003.*br-first, line"),
    "unknown primary": ("breast", "primary: breast", "primary: brest", r"P003.*nearest is breast"),
    "unknown aim": ("breast", "aim: control", "aim: controll", r"P002.*br-first, aim"),
    "unknown modality": ("breast", "[hormone]", "[hormones]", r"P002.*br-first, modality"),
    "unknown field": ("breast", "strength:", "strenght:", r"P002.*br-first, (strength|strenght)"),
    "missing text": ("breast", "what: A drug", "", r"P002.*br-first, what: is missing"),
    "no flag": ("breast", "verified: yes", "verified: true", r"P002.*verified: must be yes or no"),
    "no year": ("breast", "year: 2024", "year: soon", r"P002.*br-first, year"),
    "alert without urgency": (
        "breast", "aim:", "alert: a\n    alert_text: b\n    aim:", r"P002.*aim",
    ),
    "verified by weak copies": ("sources", "copy: ok", "copy: weak", r"P002.*br-first, verified"),
    "factor of no type": ("factors", "type: bool", "type: boolean", r"P002.*heart, type"),
    "range upside down": ("factors", "[0, 4]", "[4, 0]", r"P002.*ecog, range"),
    "covers nothing": ("factors", "oligomet: [met]", "oligomet: [mett]", r"P003.*extent, covers"),
    "implies nothing": ("implications", "hr: positive}", "hr: good}", r"P003.*er-is-hr, then\.hr"),
    "implies from no ground": (
        "implications", "when: {er: positive}, ", "", r"P002.*er-is-hr, when",
    ),
    "circle": (
        "implications", "implications:",
        "implications:\n  hr-is-er: {when: {hr: positive}, then: {er: positive}}",
        r"P004.*er-is-hr.*circle",
    ),
    "no mapping": (
        "says", "says:\n  careful: {text: Take care.}", "says: [1]", r"P002.*says\.yaml",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "match"), BROKEN.values(), ids=BROKEN)
def test_a_broken_pack_is_refused(
    tmp_path: Path, file: str, old: str, new: str, match: str
) -> None:
    with pytest.raises(PackError, match=match):
        load_pack(write_pack(tmp_path, **{file: (old, new)}))


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}]\n"
    for before, name in zip("abcdef", "bcdefg", strict=True)
)
HARMFUL = {
    "runs code": "options: !!python/object/apply:os.system [touch /tmp/outspread-was-here]",
    "makes an object": "options: !!python/name:os.system",
    "billion laughs": LAUGHS,
    "anchor alone": "options: &all {}",
    "endless depth": "options: " + "[" * 100_000,
    "deep and closed": "options: " + "[" * 50 + "]" * 50,
    "key twice": "options:\n  br-first: {}\n  br-first: {}",
    "no text": "\x00\x01",
    "steers the terminal": 'options: {a: {what: "\\e[2J"}}',
    "steers the terminal by a key": 'options: {"\\e[2J": {}}',
    "two documents": "options: {}\n---\noptions: {}",
    "key that is no word": "options:\n  [a, b]: c",
    "too large": "# " + "x" * 2_000_001,
}


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL)
def test_a_harmful_file_is_refused(tmp_path: Path, text: str) -> None:
    folder = write_pack(tmp_path)
    (folder / "options/breast.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match=r"P001: options/breast\.yaml"):
        load_pack(folder)
    assert not Path("/tmp/outspread-was-here").exists()  # noqa: S108 - the harmful text names it


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / "sources.yaml").unlink()
    with pytest.raises(PackError, match=r"P001: sources\.yaml"):
        load_pack(folder)


def test_all_problems_are_listed_at_once(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, breast=("hr: positive", "hx: 1"), factors=("[0, 4]", "[1]"))
    pack, problems = read_pack(folder)
    assert pack is None
    assert len(problems) >= 2


def test_an_option_that_stands_in_two_files_is_refused(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    shutil.copy(folder / "options/breast.yaml", folder / "options/again.yaml")
    with pytest.raises(PackError, match=r"P003: options/breast\.yaml: br-first: stands in another"):
        load_pack(folder)


def test_what_rules_out_a_condition_does_not_feed_it(tmp_path: Path) -> None:
    """Line 1 follows from no earlier line, and earlier lines from line 2 or later: no circle."""
    factors = ("heart:", "lines: {label: lines before, group: prior, type: number, range: [0, 9]}\n"
               "  heart:")  # fmt: skip
    rules = ("implications:", "implications:\n"
             "  back: {when: {line: {at_least: 2}}, then: {lines: {from: line, plus: -1}}}\n"
             "  first: {when: {lines: {at_most: 0}}, then: {line: 1}}")  # fmt: skip
    pack = load_pack(write_pack(tmp_path, factors=factors, implications=rules))
    assert sum(len(layer) for layer in pack.implications) == 3


def test_an_option_that_nobody_can_reach_is_found(tmp_path: Path) -> None:
    old, new = "exclude: [{heart: yes, ecog: {at_least: 2}}]", "exclude: [{hr: positive}]"
    pack = load_pack(write_pack(tmp_path, breast=(old, new)))
    assert check_pack(pack, oldest=2025) == (["br-first"], [], [], ["br-first"])


def test_own_pack_holds_together() -> None:
    findings = check_pack(own_pack(), oldest=0)
    assert findings.unreachable == []
    options = {option.name: option for option in own_pack().options}
    assert all(options[name].strength == "unverified" for name in findings.without_source)
    assert len(options) > 300


def test_own_pack_carries_no_dose() -> None:
    """One fraction of 8 Gy defines its option; cycle counts may stand."""
    said = {
        option.name: " ".join((option.what, *option.cautions, *option.examples))
        for option in own_pack().options
    }
    units = (" mg ", " mg/m", " mg/kg", "mcg", " Gy")
    dosed = {name for name, text in said.items() if any(unit in f"{text} " for unit in units)}
    assert dosed == {"bone-rt-pain-8gy"}


def test_check_says_what_is_wrong_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_pack(tmp_path, breast=("[book]", "[bok]"))
    assert main(["pack", "check", str(folder)]) == 1
    assert "P003: options/breast.yaml: br-first, sources" in capsys.readouterr().out
    assert main(["pack", "check", str(OWN_PACK)]) == 0
    assert "Nobody can reach it: 0" in capsys.readouterr().out
