"""Registry files that are broken, hostile or strange: an issue says so and the rest goes on."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outspread
from outspread.errors import ReadError
from outspread.read.naaccr import read_items, read_naaccr
from outspread.read.naaccr import xml as naaccr_xml
from outspread.records import Records
from read.registry_files import (
    document,
    issue_codes,
    names,
    patient,
    read_bytes,
    read_text,
    read_tumor,
    tumor,
)

THREE = [patient(tumor(), number=number) for number in (1, 2, 3)]


def people(records: Records) -> list[str]:
    """Patients of whom a primary is known."""
    return sorted(records.finding["patient_id"].str.strip_chars_start("0").unique())


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        (THREE[1].replace("</Tumor>", "</Tumo>"), ["1", "3"]),
        (THREE[1].replace("C504", "C5 & 04"), ["1", "3"]),
        (THREE[1].replace("C504", "C504\x0b"), ["1", "3"]),
        (THREE[1].replace("C504", "&undefined;"), ["1", "3"]),
        (THREE[1].replace("</Patient>", "</Patien>"), ["1", "3"]),
    ],
    ids=["tag", "ampersand", "control-character", "entity", "patient-tag"],
)
def test_after_a_break_the_next_patient_is_read(
    tmp_path: Path, broken: str, kept: list[str]
) -> None:
    text = document(THREE[0], broken, THREE[2])
    records = read_text(tmp_path, text)
    assert people(records) == kept
    (issue,) = records.issue.to_dicts()
    assert issue["code"] == "R101"
    line = text[: text.index(broken)].count("\n") + 1
    assert line <= int(issue["place"].split()[1]) <= line + broken.count("\n")


@pytest.mark.parametrize(
    "tag", ['<Patient a:b="1">', '<Patient xmlns:a="">', "<Patient xmlns:xml='a'>"]
)
def test_a_patient_whose_start_tag_is_broken_costs_itself_only(tmp_path: Path, tag: str) -> None:
    text = document(THREE[0], THREE[1].replace("<Patient>", tag), THREE[2])
    records = read_text(tmp_path, text)
    assert people(records) == ["1", "3"]
    assert set(issue_codes(records)) == {"R101"}


@pytest.mark.parametrize("prefix", ["-", "9a", "xmlns"])
def test_a_patient_with_a_prefix_that_cannot_be_declared_costs_itself_only(
    tmp_path: Path, prefix: str
) -> None:
    broken = THREE[1].replace("Patient>", f"{prefix}:Patient>").replace(f"</{prefix}:", "</")
    many = [patient(tumor(), number=number) for number in range(3, 6)]
    records = read_text(tmp_path, document(THREE[0], broken, *many))
    assert people(records) == ["1", "3", "4", "5"]
    assert set(issue_codes(records)) == {"R101"}


@pytest.mark.parametrize(
    "tag", ["<Patient a b>", "<Patient &>", '<Patient a="1" a="1">', "<Patient <"]
)
def test_a_start_tag_cut_short_does_not_cost_the_patient_before(tmp_path: Path, tag: str) -> None:
    text = document(THREE[0], THREE[1].replace("<Patient>", tag), THREE[2])
    assert people(read_text(tmp_path, text)) == ["1", "3"]


def test_prefixes_stay_declared_after_a_break(tmp_path: Path) -> None:
    text = document(THREE[0], THREE[1].replace("C504", "&"), THREE[2])
    text = text.replace("xmlns=", "xmlns:other='urn:other' xmlns:n=")
    text = (
        text.replace("<", "<n:")
        .replace("<n:/", "</n:")
        .replace("</n:Tumor>", "<other:x/></n:Tumor>")
    )
    records = read_text(tmp_path, text)
    assert people(records) == ["1", "3"]
    assert issue_codes(records) == ["R101"]


@pytest.mark.parametrize(
    ("cut", "kept"),
    [
        ("\n</NaaccrData>", ["1", "2", "3"]),
        ("t>\n</NaaccrData>", ["1", "2"]),
        ("behav", ["1", "2"]),
    ],
    ids=["behind-a-patient", "in-an-end-tag", "in-a-tumor"],
)
def test_what_came_before_the_end_of_a_cut_file_is_kept(
    tmp_path: Path, cut: str, kept: list[str]
) -> None:
    text = document(*THREE)
    records = read_text(tmp_path, text[: text.rindex(cut)])
    assert people(records) == kept
    assert issue_codes(records) == ["R101"]


def test_a_cut_gzip_file_keeps_what_came_before(tmp_path: Path) -> None:
    many = document(*(patient(tumor(), number=number) for number in range(1, 2001)))
    packed = gzip.compress(many.encode())
    records = read_bytes(tmp_path, packed[: len(packed) // 2])
    assert records.patient.height > 500
    assert "R005" in issue_codes(records)


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


@pytest.mark.parametrize(
    "declared",
    [BOMB, '<!DOCTYPE x SYSTEM "file:///etc/passwd">', "<!DOCTYPE x>"],
    ids=["bomb", "external", "empty"],
)
def test_document_type_definitions_are_refused(tmp_path: Path, declared: str) -> None:
    text = declared + document(*THREE).replace("C504", "&i;", 1)
    records = read_text(tmp_path, text)
    assert issue_codes(records) == ["R102"]
    assert records.finding.is_empty()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("<Bundle xmlns='http://hl7.org/fhir'/>", ["R106"]),
        ("anything", ["R101"]),
        ("", ["R101"]),
        ("<", ["R101"]),
        ("\0", ["R101"]),
    ],
    ids=["fhir-xml", "text", "empty", "one-sign", "null"],
)
def test_what_is_no_registry_file_gives_one_issue(
    tmp_path: Path, text: str, codes: list[str]
) -> None:
    records = read_text(tmp_path, text)
    assert issue_codes(records) == codes
    assert records.patient.is_empty()


def test_other_xml_alone_is_an_error_of_the_whole_input(tmp_path: Path) -> None:
    path = tmp_path / "bundle.xml"
    path.write_text("<Bundle xmlns='http://hl7.org/fhir'/>")
    with pytest.raises(ReadError, match="R061"):
        outspread.read(path)


def test_a_missing_file_is_an_issue(tmp_path: Path) -> None:
    assert issue_codes(Records.concat(read_naaccr(tmp_path / "none.xml")))[0] == "R001"


def test_a_patient_of_endless_text_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naaccr_xml, "LONGEST_PATIENT", 600_000)
    endless = patient(tumor(textRemarks="x" * 2_000_000), number=2)
    records = read_text(tmp_path, document(THREE[0], endless, THREE[2]))
    assert people(records) == ["1", "3"]
    assert issue_codes(records) == ["R103"]


def test_deep_nesting_is_left_out(tmp_path: Path) -> None:
    deep = THREE[1].replace("</Tumor>", "<a xmlns='urn:a'>" * 300_000)
    records = read_text(tmp_path, document(THREE[0], deep, THREE[2]))
    assert people(records) == ["1", "3"]
    assert "R104" in issue_codes(records)


def test_a_long_text_is_cut(tmp_path: Path) -> None:
    records = read_tumor(tmp_path, textRemarks="x" * 1_500_000)
    assert records.document["text"].str.len_chars().to_list() == [1024 * 1024]
    assert issue_codes(records) == ["R105"]


def test_files_broken_everywhere_are_given_up(tmp_path: Path) -> None:
    records = read_text(tmp_path, document("<Patient>&</Patient>\n" * 5000))
    assert records.issue["code"].value_counts().sort("count").rows() == [
        ("R122", 1),
        ("R101", 1001),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_are_told(tmp_path: Path, encoding: str) -> None:
    stated = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{stated}"?>' + document(
        patient(tumor(textRemarks="Müller"))
    )
    records = read_bytes(tmp_path, text.encode(encoding))
    assert records.document["text"].to_list() == ["Müller"]
    assert records.issue.is_empty()


def test_utf_16_is_found_by_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "registry"
    path.write_bytes(document(*THREE).encode("utf-16"))
    assert people(outspread.read(path)) == ["1", "2", "3"]


def test_bytes_of_another_encoding_are_marked_and_reading_goes_on(tmp_path: Path) -> None:
    text = document(patient(tumor(textRemarks="Müller")), THREE[1])
    records = read_bytes(tmp_path, text.encode("iso-8859-1"))
    assert people(records) == ["1", "2"]
    assert issue_codes(records) == ["R108"]


def test_an_unknown_encoding_is_an_issue(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="klingon"?>' + document(*THREE)
    assert "R109" in issue_codes(read_text(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (document("<Patien>" + THREE[0][9:-11] + "</Patien>"), ["R111"]),
        (document(patient("<Tumo/>", tumor())), ["R111"]),
        (document(tumor()), ["R111"]),
        (document(patient(tumor()), "<Item naaccrId='x1y'>1</Item>"), ["R115"]),
        (document(patient("<Item>1</Item>", tumor())), ["R113"]),
        (document(patient(tumor())).replace("Item naacc", "Item naaccrNum='1' naacc", 1), ["R114"]),
        (document(patient(tumor(), primarySite="C509")), ["R116"]),
        (document(patient(tumor()), version=140).replace("primarySite", "metsAtDxBone"), None),
        (document(patient(tumor() + "<Item naaccrId='sex'>1</Item>")), ["R116"]),
        (document("<Patient>" + tumor() + "</Patient>"), ["R110"]),
    ],
)
def test_strange_elements_are_issues(tmp_path: Path, text: str, codes: list[str] | None) -> None:
    found = sorted(set(issue_codes(read_text(tmp_path, text))))
    assert found == codes if codes else "R117" in found


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"metsAtDxBone": "7"}, ["R120"]),
        ({"metsAtDxBone": "11"}, ["R119", "R120"]),
        ({"kras": "yes"}, ["R119", "R120"]),
        ({"psaLabValue": "high"}, ["R120"]),
        ({"psaLabValue": "nan"}, ["R120"]),
        ({"ajccTnmClinT": "large"}, ["R036"]),
        ({"primarySite": "X999"}, ["R121"]),
        ({"primarySite": ""}, ["R121"]),
    ],
)
def test_values_that_are_no_codes_are_issues_and_state_nothing(
    tmp_path: Path, changes: dict[str, str], codes: list[str]
) -> None:
    records = read_tumor(tmp_path, **changes)
    assert issue_codes(records) == codes
    assert set(records.finding["element"]) <= {"primarySite"}
    assert records.measurement.is_empty()


def test_an_item_said_twice_with_different_values_states_nothing(tmp_path: Path) -> None:
    twice = tumor(metsAtDxBone="1").replace(
        "</Tumor>", "<Item naaccrId='metsAtDxBone'>0</Item></Tumor>"
    )
    records = read_text(tmp_path, document(patient(twice)))
    assert issue_codes(records) == ["R118"]
    assert records.finding["role"].to_list() == ["primary"]


@pytest.mark.parametrize(
    "between", ["", "<Patien>", "<!-- -->", "<Item naaccrId='registryId'>1</Item>"]
)
def test_a_tumor_outside_of_a_patient_is_nobodys(tmp_path: Path, between: str) -> None:
    stray = between + tumor(metsAtDxBone="1") + between.replace("<P", "</P")
    records = read_text(tmp_path, document(THREE[0], stray, THREE[2]))
    assert names(records) == ["breast cancer, extent unknown"] * 2
    assert issue_codes(records) == ["R111"]


def test_issues_never_hold_a_value(tmp_path: Path) -> None:
    word = "Geheim"
    text = document(
        patient(tumor(**dict.fromkeys(("metsAtDxBone", "dateOfDiagnosis", "kras"), word))),
        f"<{word}/><Item naaccrId='{word} x'>1</Item><Patient>{word}&</Patient>",
    )
    records = read_text(tmp_path, text)
    assert records.issue.height > 4
    assert word not in str(records.issue.rows())


def test_plain_rows_hold_every_item_of_tumor_patient_and_root(tmp_path: Path) -> None:
    path = tmp_path / "registry.xml"
    own = "<Item naaccrId='registryId'>R1</Item>"
    path.write_text(document(own, patient(tumor(ours="7"), tumor(), sex="2"), patient(number=2)))
    first, second, third = read_items(path)
    assert (first["registryId"], first["sex"], first["ours"]) == ("R1", "2", "7")
    assert (second["primarySite"], "ours" in second) == ("C504", False)
    assert third == {"registryId": "R1", "patientIdNumber": "00000002"}


def test_plain_rows_end_with_an_error_where_a_part_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "registry.xml"
    path.write_text(document(THREE[0], "<Patient>&</Patient>", THREE[2]))
    rows = read_items(path)
    assert [next(rows)["patientIdNumber"] for _ in range(2)] == ["00000001", "00000003"]
    with pytest.raises(ReadError, match="R063"):
        next(rows)


def test_items_of_a_user_dictionary_are_known(tmp_path: Path) -> None:
    own = tmp_path / "own.xml"
    own.write_text(
        '<NaaccrDictionary><ItemDefs><ItemDef naaccrId="ours"/></ItemDefs></NaaccrDictionary>'
    )
    content = document(patient(tumor(ours="7"))).encode()
    assert issue_codes(read_bytes(tmp_path, content)) == ["R115"]
    assert issue_codes(read_bytes(tmp_path, content, dictionaries=[own])) == []


@pytest.mark.parametrize("text", ["", "<x", "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"])
def test_a_user_dictionary_that_cannot_be_read_is_an_error(tmp_path: Path, text: str) -> None:
    own = tmp_path / "own.xml"
    own.write_text(text)
    with pytest.raises(ReadError, match="R062"):
        read_bytes(tmp_path, document().encode(), dictionaries=[own])


SEED = document(patient(tumor(metsAtDxBone="1", textRemarks="a & b"), sex="2"), THREE[1]).encode()


@settings(max_examples=8, deadline=None)
@given(
    cuts=st.lists(st.tuples(st.integers(0, len(SEED)), st.binary(max_size=9), st.integers(0, 30))),
    is_packed=st.booleans(),
)
def test_no_bytes_make_it_fail(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[tuple[int, bytes, int]], *, is_packed: bool
) -> None:
    content = SEED
    for at, put, drop in cuts:
        content = content[:at] + put + content[at + drop :]
    records = read_bytes(
        tmp_path_factory.mktemp("fuzz"), gzip.compress(content) if is_packed else content
    )
    for name, frame in records.tables().items():
        outspread.tables.RECORD_TABLES[name].validate(frame)
