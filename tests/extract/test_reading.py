"""What one text gives: spans, negation, spelling, line ends, any characters."""

import string
from collections.abc import Iterator

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import outspread
from outspread.extract.document import read_text
from outspread.extract.export import summarize
from outspread.extract.groups import members
from outspread.extract.lexicon import lexicon
from outspread.extract.pieces import Branch
from outspread.extract.prefilter import is_telling, speaks_of_cancer
from outspread.extract.step import extract_text

SITES = {
    "liver": "liver",
    "lung": "lung",
    "brain": "brain",
    "adrenal": "adrenal",
    "spleen": "spleen",
}
ORGANS = {"breast": "breast", "prostate": "prostate", "colon": "colon", "kidney": "kidney"}
FRAMES = (
    "{organ} cancer with {site} metastases.",
    "Metastases to the {site} from {organ} cancer.",
    "There is a metastasis in the {site}. History of {organ} cancer.",
    "{organ} carcinoma metastatic to the {site}.",
)
DENIALS = (
    "No {site} metastases. {organ} cancer.",
    "{organ} cancer without {site} metastases.",
    "{organ} cancer. There is no evidence of metastasis in the {site}.",
    "{organ} cancer. {site} metastasis: no",
    "{organ} cancer. CT was negative for {site} metastasis.",
)
NEUTRAL = (
    "Blood pressure 120/70.",
    "The patient tolerated the procedure well.",
    "Medications: aspirin.",
    "She lives with her husband.",
)
parts = st.sampled_from(sorted(ORGANS)), st.sampled_from(sorted(SITES))


def spread(text: str) -> set[tuple[str, str]]:
    said = summarize(read_text(text), "text")
    return {(place["site"], place["status"]) for place in said["metastatic_sites"]}


@pytest.mark.parametrize("frame", FRAMES)
@given(*parts)
def test_a_place_of_spread_is_found_in_every_frame(frame: str, organ: str, site: str) -> None:
    assert (SITES[site], "confirmed") in spread(frame.format(organ=organ, site=site))


@pytest.mark.parametrize("frame", DENIALS)
@given(*parts)
def test_a_negation_takes_the_place_away(frame: str, organ: str, site: str) -> None:
    assert not spread(frame.format(organ=organ, site=site))


@pytest.mark.parametrize("frame", FRAMES)
@given(*parts, st.sampled_from(NEUTRAL), st.sampled_from(NEUTRAL))
def test_unrelated_sentences_change_no_finding(
    frame: str, organ: str, site: str, before: str, after: str
) -> None:
    text = frame.format(organ=organ, site=site)
    assert spread(f"{before} {text} {after}") == spread(text)


@pytest.mark.parametrize("frame", [*FRAMES, *DENIALS])
@given(*parts)
def test_case_does_not_matter(frame: str, organ: str, site: str) -> None:
    text = frame.format(organ=organ, site=site)
    assert spread(text.upper()) == spread(text.lower()) == spread(text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_the_kind_of_line_end_does_not_matter(end: str) -> None:
    lines = ["FINAL DIAGNOSIS:", "LIVER, BIOPSY:", "METASTATIC ADENOCARCINOMA.", "Primary: colon"]
    assert spread(end.join(lines)) == {("liver", "confirmed")}


def test_spelling_does_not_matter() -> None:
    british = "Oesophageal tumour with haematogenous metastases in coeliac lymph nodes and caecum."
    american = "Esophageal tumor with hematogenous metastases in celiac lymph nodes and cecum."
    assert spread(british) == spread(american)


@given(*parts)
def test_spans_reproduce_from_the_text(organ: str, site: str) -> None:
    text = f"IMPRESSION: {organ} cancer, stage IV, with {site} metastases, 2.5 cm. ECOG 1."
    records = outspread.extract(text)
    for frame in (records.finding, records.measurement, records.treatment):
        for start, end in frame.select("span_start", "span_end").iter_rows():
            assert 0 <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()
    said = [text[a:b] for a, b in records.finding.select("span_start", "span_end").iter_rows()]
    assert f"{site} metastases" in said


@given(st.text(max_size=400))
def test_any_text_gives_a_result(text: str) -> None:
    summarize(read_text(text), "text")


@given(st.text(alphabet=string.printable + "\x00\ufeff\u200b\u00e4\u4e2d", max_size=80), *parts)
def test_noise_around_a_sentence_does_no_harm(noise: str, organ: str, site: str) -> None:
    outspread.extract(f"{noise}\n\n{organ} cancer with {site} metastases.\n\n{noise}")


def test_a_relative_is_not_the_patient() -> None:
    said = outspread.extract("FAMILY HISTORY: Mother had breast cancer.").finding
    assert said["experiencer"].to_list() == ["other"]


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("Chest pain and fever.", False),
        ("Known carcinoma.", True),
        ("Metastatic disease.", True),
        ("Lymphoma.", True),
        ("History of melanoma", True),
        ("Received chemotherapy.", True),
        ("Prostate ca, s/p seeds.", True),
        ("(RCC) removed.", True),
        ("CIN\nIII on biopsy.", True),
        ("Pt with mCRPC on docetaxel", True),
        ("pT2 N0", True),
        ("Fever for 3 days, WBC 13.0, red cell count normal, leukocytosis.", False),
        ("CAP treated with ceftriaxone; small pleural effusion; hepatomegaly.", False),
        ("She has traveled to Mexico.", False),
    ],
)
def test_notes_without_cancer_are_passed_over(text: str, *, speaks: bool) -> None:
    assert speaks_of_cancer(text) is speaks


def _telling(branch: Branch, words: list[str]) -> Iterator[list[str]]:
    if is_telling(branch):
        yield words
    for word, following in branch.next.items():
        yield from _telling(following, [*words, word])


def test_no_phrase_that_tells_of_cancer_is_passed_over() -> None:
    """A phrase that a small word begins has the rest to be found by; "#" marks exact letters."""
    small = members("prefilter.small")
    phrases = [
        " ".join(words)
        for word, branch in lexicon().phrases.first.items()
        if word not in small and "#" not in word
        for words in _telling(branch, [word])
    ]
    assert len(phrases) > 1000
    assert [text for text in phrases if "#" not in text and not speaks_of_cancer(text)] == []


FOREIGN = {
    "german": "Keine Metastasen in der Lunge.",
    "german_beside_english": "Known breast cancer. Kein Anhalt für Metastasen in der Leber.",
    "french": "Pas de metastases dans le foie.",
    "spanish": "Sin metastasis en el higado ni en la pleura, el paciente sigue bien.",
    "dutch": "Er zijn geen metastases in de lever gevonden bij het onderzoek.",
    "swedish": "Inga metastaser i lever och skelett.",
    "portuguese": "Carcinoma da mama com metástases hepáticas. Sem metástases ósseas.",
    "polish, no word of cancer known": "Nie ma przerzutów w wątrobie. Pacjent jest bez bólu.",
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_what_is_not_english_gives_no_spread_and_an_issue(text: str) -> None:
    records = extract_text(text)
    assert records.finding.filter(pl.col("role") == "secondary").is_empty()
    assert records.issue["code"].to_list() == ["R134"]


@pytest.mark.parametrize(
    "text",
    [
        "De novo metastases to bone and liver.",
        "Metastases carcinomatosae in lymphonodis.",
        "Dr. de la Cruz: metastatic breast cancer to bone.",
    ],
    ids=["de_novo", "latin", "a_name"],
)
def test_small_words_of_names_and_terms_do_not_make_a_text_foreign(text: str) -> None:
    records = extract_text(text)
    assert records.finding["role"].to_list().count("secondary") >= 1
    assert records.issue.is_empty()


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Left breast, core biopsy: invasive ductal carcinoma.", "left"),
        ("BREAST, RIGHT, MASTECTOMY: Invasive lobular carcinoma, 2 cm.", "right"),
        ("Left kidney, nephrectomy: clear cell renal cell carcinoma.", "left"),
        ("Left breast biopsy benign. Right breast biopsy: invasive lobular carcinoma.", "right"),
        ("Left and right breast biopsies: invasive ductal carcinoma.", None),
        ("Left lung biopsy: renal cell carcinoma.", None),
    ],
)
def test_a_specimen_gives_its_side_to_the_cancer_of_its_organ(text: str, side: str | None) -> None:
    found = outspread.extract(text).finding.filter(role="primary")
    assert found["laterality"].to_list() == [side]


@pytest.mark.parametrize("joint", ["of", "with", "from", "and", ",", ":", "that of", "to the"])
def test_a_place_and_spread_in_any_order_give_a_result(joint: str) -> None:
    for said in (f"liver {joint} metastases", f"metastases {joint} liver", f"liver {joint}"):
        assert read_text(f"Colon cancer. {said}.").tokens.words
