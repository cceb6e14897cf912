"""Records with something wrong in them: mutations that keep most of the form of their format.

Every function takes bytes and gives bytes, and draws from the `Random` it is given, so that a seed
tells a run. Words come from the knowledge files of the readers, so that mutated records still say
things that are read.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import orjson

from outspread.read.vocabulary import load_rows
from read.bundles import bundle, concept, condition, extension, observation, patient, resource
from read.registry_files import BREAST, document, tumor
from read.registry_files import patient as registry_patient

EXAMPLES = Path(__file__).parents[2] / "examples"
Mutation = Callable[[bytes, Random], bytes]
Node = tuple[Any, Any]  # a list or object, and an index or name in it
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 3.5, 1e308, -1e-308, 2**63 - 1, -(2**63), 2**64 - 1, "", " ", "\0",
    "#", "urn:", "/", "Patient/", "Patient//", "#x", "nan", "1e999", "0001-01-01", "9999-12-31",
    "2018-02-30", "2020", "\u0661\u0662\u0663\u0664", "C50.9", "8500/3", "%s{0}$1\\", "\U0001f9ec",
    "cancer " * 40, [], {}, [None], [[]], [{}], {"coding": None}, {"coding": [None]}, {"": ""},
    {"reference": 1}, {"reference": "#"}, {"value": None},
)  # fmt: skip
ODD_BYTES = (
    b"", b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\n", b'"', b'""', b"'", b"<",
    b">", b"&", b"&#0;", b"&#xD800;", b"&a;", b"]]>", b"<![CDATA[", b"<!--", b"<?", b"<!DOCTYPE a>",
    b"{", b"[", b"}", b",", b";", b"\t", b"\\", b"\\ud800", b"NaN", b"99999999999", b"-0", b"1e400",
)  # fmt: skip


@cache
def fhir_seeds() -> tuple[bytes, ...]:
    """Resources of the examples, and one for every other thing that outspread reads."""
    bundles = [orjson.loads(file.read_bytes()) for file in sorted(EXAMPLES.glob("*.json"))]
    found = [entry["resource"] for one in bundles for entry in one["entry"]]
    body = {"coding": concept("10200004")["coding"], "extension": [extension("laterality")]}
    ajcc = {"valueCodeableConcept": concept("1222604002")}
    component = {"code": concept("21905-5", system="http://loinc.org"), **ajcc}
    found += [
        condition(
            bodySite=[body],
            stage=[{"summary": concept("1222806003"), "assessment": [{"reference": "#o"}]}],
            extension=[
                extension("mcode-histology-morphology-behavior", valueCodeableConcept=concept("1")),
                extension("mcode-related-primary-cancer-condition", valueReference={}),
            ],
            contained=[observation("21908-9", "o")],
        ),
        observation("21908-9", component=[component], hasMember=[{"reference": "Observation/o"}]),
        observation("21889-1", valueQuantity={"value": 2.5, "unit": "cm"}, bodySite=body),
        observation("2857-1", valueQuantity={"value": 4.1, "unit": "ng/mL"}, method=concept("1")),
        resource("FamilyMemberHistory", "f", condition=[{"code": concept("254837009")}]),
        resource("BodyStructure", "b", location=concept("10200004"), morphology=concept("1")),
        resource("MedicationStatement", "m", medicationCodeableConcept=concept("1")),
        resource("MedicationAdministration", "n", effectivePeriod={"start": "2020-01"}),
    ]
    return tuple(map(orjson.dumps, found))


@cache
def fhir_files() -> tuple[bytes, ...]:
    """Files that hold the resources: lines, an array, bundles, a bundle among lines."""
    found = list(map(orjson.loads, fhir_seeds()))
    people = [one for one in found if one["resourceType"] == "Patient"]
    named = patient(identifier=[{"system": "s", "value": "v"}])
    by_name = {"subject": {"identifier": {"system": "s", "value": "v"}}}
    small = orjson.dumps(bundle(named, condition() | by_name, urls=["urn:a", "b"]))
    return (
        b"\n".join(fhir_seeds()[::3]),
        orjson.dumps(found[1::5]),
        orjson.dumps(bundle(*people, *found[::4]), option=orjson.OPT_INDENT_2),
        small,
        b"\n".join((small, *fhir_seeds()[:3])),
    )


@cache
def naaccr_seeds() -> tuple[bytes, ...]:
    """Patients of a registry, who together have every item that is read."""
    rows = [row for row in load_rows("naaccr_items.csv") if row["becomes"]]
    every = [row["item"] for row in rows if row["level"] == "Tumor"]
    own = {row["item"]: "1" for row in rows if row["level"] == "Patient"}
    texts = (
        registry_patient(tumor(metsAtDxBone="1", textRemarks="a & b"), sex="2"),
        registry_patient(tumor(), tumor(primarySite="C187", histologicTypeIcdO3="8140"), number=2),
        registry_patient(number=3),
        registry_patient(tumor(), **own),
        *(
            registry_patient(tumor(**dict.fromkeys(every[at : at + 20], "1") | BREAST))
            for at in range(0, len(every), 20)
        ),
    )
    return tuple(text.encode() for text in texts)


def naaccr_files() -> tuple[bytes, ...]:
    """Registry files, one for each patient."""
    return tuple(document(one.decode()).encode() for one in naaccr_seeds())


CSV_HEADERS = (
    ",".join(row["column"] for row in load_rows("columns_layout.csv")) + ",mets_bone,mets_brain",
    "MRN;Diagnosis Date;ICD-10;T;N;M;Stage;Mets at DX Liver",
    *(row["columns"].replace(" ", ",") for row in load_rows("columns_templates.csv")),
)


@cache
def csv_seeds() -> tuple[bytes, ...]:
    """Rows of tables; the first one fits the first header and has all cells."""
    cells = [row["example"] or "x" for row in load_rows("columns_layout.csv")]
    return (
        ",".join([*cells, "yes", "no\n"]).encode(),
        b"dan,c1,http://snomed.info/sct,94381002,2019-03-04\n",
        b"dan,c1,IIB,cT2,cN1,cM0,clinical\n",
        b"bob;2020;C61;T1;N0;M0;I;0\n",
        b'cat,p,,"secondary, ""liver""",C22.0,C78.7,affirmed,confirmed,2021-05-06,,,,1,9\n',
        b"dan,http://snomed.info/sct,94381002,2019-03-04,active,a,b,c,d,e,f\n",
    )


def csv_files() -> tuple[bytes, ...]:
    """Tables, one for each header."""
    return tuple(one.encode() + b"\n" + b"".join(csv_seeds()) for one in CSV_HEADERS)


@cache
def words() -> tuple[str, ...]:
    """Codes, systems, names and words that the readers know."""
    wanted = {
        "fhir_codes.csv": "code",
        "text_words.csv": "word",
        "systems.csv": "uri",
        "columns_words.csv": "word",
        "columns_names.csv": "header",
        "naaccr_codes.csv": "code",
        "naaccr_items.csv": "item",
        "procedures.csv": "code",
        "agents.csv": "code",
    }
    found = {row.get(column) for file, column in wanted.items() for row in load_rows(file)}
    return tuple(sorted(word for word in found if word))


def mutate_bytes(content: bytes, rng: Random) -> bytes:
    """Cut, repeat, move or overwrite a few bytes."""
    for _ in range(rng.randint(1, 3)):
        start = rng.randrange(len(content) + 1)
        end = min(len(content), start + rng.randrange(1, 20))
        put = rng.choice((rng.choice(ODD_BYTES), content[start:end] * 2, rng.randbytes(2)))
        content = content[:start] + put + content[end if rng.random() < 0.6 else start :]
    return content


def mutate_json(content: bytes, rng: Random) -> bytes:
    """Change a few values of a JSON text; a text that is none is changed byte by byte."""
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        return mutate_bytes(content, rng)
    for _ in range(rng.randint(1, 3)):
        nodes = _nodes(value)
        if not nodes:
            return rng.choice(fhir_seeds())
        _change(*rng.choice(nodes), nodes, rng)
    text = _dumps(value)
    return mutate_bytes(text, rng) if rng.random() < 0.05 else text


def _change(holder: Any, name: Any, nodes: Sequence[Node], rng: Random) -> None:
    """Delete, replace, wrap, repeat or rename what stands at one place."""
    old, other = holder[name], rng.choice(nodes)
    draw = rng.random()
    if draw < 0.15:
        del holder[name]
    elif draw < 0.35:
        holder[name] = orjson.loads(_dumps(rng.choice(ODD)))
    elif draw < 0.55:
        holder[name] = rng.choice(words())
    elif draw < 0.70:
        holder[name] = orjson.loads(_dumps(other[0][other[1]]))
    elif draw < 0.78:
        holder[name] = rng.choice(([old], [old, old], {"coding": [old]}, {"value": old}))
    elif draw < 0.88 and isinstance(other[1], str) and isinstance(holder, dict):
        holder[other[1]] = old
    elif draw < 0.94:
        _change_seed(holder, name, rng)
    elif isinstance(old, str):
        holder[name] = old[: rng.randrange(len(old) + 1)] + rng.choice(words())


def _change_seed(holder: Any, name: Any, rng: Random) -> None:
    """Put there what stands somewhere in another record."""
    nodes = _nodes(orjson.loads(rng.choice(fhir_seeds())))
    other, key = rng.choice(nodes)
    holder[name] = other[key]


def _nodes(value: Any) -> list[Node]:
    found: list[Node] = []
    waiting = [value] if isinstance(value, dict | list) else []
    while waiting:
        one = waiting.pop()
        pairs = one.items() if isinstance(one, dict) else enumerate(one)
        for name, inner in list(pairs):
            found.append((one, name))
            if isinstance(inner, dict | list):
                waiting.append(inner)
        if len(found) > 400:
            break
    return found


def _dumps(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # nested too deep to be written
        return b"{}"


_TAGS = re.compile(rb"(<[^>]*>)")


def mutate_xml(content: bytes, rng: Random) -> bytes:
    """Drop, repeat, move or rewrite a few tags or texts."""
    tokens = _TAGS.split(content)
    for _ in range(rng.randint(1, 3)):
        at, other = rng.randrange(len(tokens)), rng.randrange(len(tokens))
        draw = rng.random()
        if draw < 0.15:
            tokens[at] = b""
        elif draw < 0.30:
            tokens[at] = tokens[other]
        elif draw < 0.45:
            tokens[at] += tokens[other]
        elif draw < 0.60 and tokens[at].startswith(b"<Item"):
            tokens[at] = b'<Item naaccrId="%s">' % _word(rng)
        elif draw < 0.95 and not tokens[at].startswith(b"<"):
            tokens[at] = rng.choice((_word(rng), b"%d" % rng.randrange(-1, 10**8), b"", b" 9"))
        else:
            tokens[at] = mutate_bytes(tokens[at], rng)
    return b"".join(tokens)


_CELLS = re.compile(rb"([,;\t\n])")


def mutate_rows(content: bytes, rng: Random) -> bytes:
    """Drop, repeat, move or rewrite a few cells."""
    cells = _CELLS.split(content)
    for _ in range(rng.randint(1, 3)):
        at, other = rng.randrange(len(cells)), rng.randrange(len(cells))
        draw = rng.random()
        if draw < 0.15:
            cells[at] = cells[other]
        elif draw < 0.70:
            cells[at] = _word(rng) if rng.random() < 0.7 else str(rng.choice(ODD)).encode()
        elif draw < 0.80:
            cells[at] = b'"' + cells[at] + rng.choice((b'"', b"", b'"x'))
        elif draw < 0.9:
            cells[at] += b"," + cells[other]
        else:
            cells[at] = mutate_bytes(cells[at], rng)
    return b"".join(cells)


def _word(rng: Random) -> bytes:
    return rng.choice(words()).encode()


SEEDS: dict[str, Callable[[], tuple[bytes, ...]]] = {
    "fhir": fhir_seeds,
    "naaccr": naaccr_seeds,
    "csv": csv_seeds,
}
FILES: dict[str, Callable[[], tuple[bytes, ...]]] = {
    "fhir": fhir_files,
    "naaccr": naaccr_files,
    "csv": csv_files,
}
MUTATIONS: dict[str, Mutation] = {"fhir": mutate_json, "naaccr": mutate_xml, "csv": mutate_rows}
