"""The pack says what the facts say that it was made from: conditions, roles, links and basis."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import yaml

from anatomy.shared_files import shared
from outspread.plan.pack.load import own_pack
from outspread.plan.pack.model import LINES, Conditions, Option

Tree = dict[str, Any]
Asked = tuple[str, tuple[str, ...], tuple[tuple[str, float]] | tuple[()]]
BOUNDS = {"ge": (">=",), "gt": (">",), "le": ("<=",), "lt": ("<",), "eq": ("<=", ">="),
          "between": (">=", "<=")}  # fmt: skip
PACK = own_pack()
OPTIONS = {option.name: option for option in PACK.options}


def facts(name: str) -> Tree:
    path = shared("knowledge", "treatment", f"{name}.yaml")
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def given() -> dict[str, Tree]:
    return {option["id"]: option for option in facts("options")["options"]}


@pytest.fixture(scope="module")
def extents() -> Mapping[str, Sequence[str]]:
    return facts("factors")["definitions"]["extent_match"]  # type: ignore[no-any-return]


def asked(condition: Tree) -> set[Asked]:
    """A condition of the facts as factor and words, or one for each bound."""
    name, value = condition["factor"], condition["value"]
    if PACK.factors[name].type == "number":
        limits = value if isinstance(value, list) else [value] * 2
        bounds = zip(BOUNDS[condition["op"]], limits, strict=False)
        return {(name, (), ((sign, float(limit)),)) for sign, limit in bounds}
    words = {str(word) for word in (value if isinstance(value, list) else [value])}
    covers = PACK.factors[name].covers
    met = {word for word in PACK.factors[name].values if words & {word, *covers.get(word, ())}}
    return {(name, tuple(sorted(met)), ())}


def asked_all(conditions: Sequence[Tree]) -> set[Asked]:
    return {part for one in conditions for part in asked(one)}


def of(conditions: Conditions) -> set[Asked]:
    return {
        (one.factor, tuple(sorted(one.values)), bounds)
        for one in conditions
        for bounds in [(bound,) for bound in one.bounds] or [()]
    }


def place(applies: Tree, extents: Mapping[str, Sequence[str]]) -> set[Asked]:
    """What origin, spread and line of the facts ask."""
    found: set[Asked] = set()
    if applies["primary"] != "any":
        found.add(("primary", (applies["primary"],), ()))
    if applies["extent"] != "any":
        found.add(("extent", tuple(sorted(extents[applies["extent"]])), ()))
    line = applies["line"]
    if line != "any":
        words = [line]
        if line.endswith("+"):
            words = [n for n in LINES if n.isdecimal() and int(n) >= int(line[:-1])]
        found.add(("line", tuple(sorted(words)), ()))
    return found


def test_the_same_options_stand_in_pack_and_facts(given: dict[str, Tree]) -> None:
    assert OPTIONS.keys() == given.keys()


def test_conditions_are_those_of_the_facts(
    given: dict[str, Tree], extents: Mapping[str, Sequence[str]]
) -> None:
    for name, option in given.items():
        applies = option["applies_when"]
        told = place(applies, extents) | asked_all(applies["require"])
        assert of(OPTIONS[name].conditions) == told, name


def test_what_excludes_or_speaks_against_is_that_of_the_facts(given: dict[str, Tree]) -> None:
    for name, option in given.items():
        excludes = [asked_all(group["when"]) for group in option.get("exclude", [])]
        avoids = [asked(one) for one in option["avoid_if"]]
        assert [of(group) for group in OPTIONS[name].exclude] == excludes, name
        assert [of(group) for group in OPTIONS[name].avoid_if] == avoids, name


@pytest.mark.parametrize("field", ["aim", "stance", "alert_id", "line", "extent", "primary"])
def test_single_words_are_those_of_the_facts(given: dict[str, Tree], field: str) -> None:
    own = {"alert_id": "alert"}.get(field, field)
    for name, option in given.items():
        told = option.get(field, option["applies_when"].get(field))
        assert getattr(OPTIONS[name], own) == told, name


@pytest.mark.parametrize("field", ["modality", "says", "needs"])
def test_lists_are_those_of_the_facts(given: dict[str, Tree], field: str) -> None:
    own = {"needs": "turns_on"}.get(field, field)
    for name, option in given.items():
        assert set(getattr(OPTIONS[name], own)) == set(option[field]), name


def basis(option: Option) -> tuple[str, set[str], int | None]:
    return option.strength, set(option.sources), option.year


def test_basis_is_that_of_the_facts_or_a_source_opened_since(given: dict[str, Tree]) -> None:
    for name, option in given.items():
        strength, sources, year = basis(OPTIONS[name])
        told = (option["strength"], set(option["sources"]), option["last_verified"])
        if (strength, sources, year) != told or OPTIONS[name].verified != option["verified"]:
            assert not option["verified"], name
            assert OPTIONS[name].verified, name
            assert sources > set(option["sources"]), name


def test_factors_have_type_words_and_range_of_the_facts() -> None:
    for told in facts("factors")["factors"]:
        factor = PACK.factors[told["factor"]]
        assert factor.type == told["type"], factor.name
        if factor.type == "enum":
            assert set(factor.values) == {str(value) for value in told["values"]}, factor.name
        if factor.type == "number":
            assert [factor.low, factor.high] == told["range"], factor.name


def test_extents_leave_open_what_the_facts_leave_open() -> None:
    """A person with la_met against la, met, oligomet; one with recurrent against these too."""
    unclear = {
        condition.unclear
        for option in PACK.options
        for condition in option.conditions
        if option.extent == "oligomet" and condition.factor == "extent"
    }
    assert unclear == {("la_met", "recurrent")}
