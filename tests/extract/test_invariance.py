"""What must not change a reading, and what must: properties over the sentence suite."""

import logging
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outspread
from extract.expected import given as items
from extract.expected import rows
from outspread.anatomy.load import load
from outspread.extract.groups import members
from outspread.extract.pieces import cut_words

SUITE = [row["sentence"] for row in rows()]
SHORT_FORMS = members("tokens.as_written")  # in other letters they are something else
SPELLINGS = load("spelling").select("british", "american").rows()
sentences = st.sampled_from(SUITE)
notes = st.lists(sentences, min_size=1, max_size=5).map("\n\n".join)
neutral = st.one_of(
    st.builds("Blood pressure {}/{}.".format, st.integers(90, 180), st.integers(50, 99)),
    st.builds("She lives with her {}.".format, st.sampled_from(["husband", "sister", "dog"])),
    st.builds("Pulse {}, regular.".format, st.integers(50, 99)),
    st.builds("Seen in room {} this morning.".format, st.integers(1, 400)),
)
paragraphs = st.lists(neutral, max_size=4).map(" ".join)


def is_cased(text: str) -> bool:
    return SHORT_FORMS.isdisjoint(text.replace(".", " ").replace(",", " ").split())


def caseless(found: Iterable[str]) -> set[str]:
    """Items; of TNM categories, which are given as written, the letters do not count."""
    return {item.lower() if item.startswith("tnm:") else item for item in found}


def american(text: str) -> str:
    for british, other in SPELLINGS:
        text = text.replace(british, other).replace(british.capitalize(), other.capitalize())
    return text


def british(text: str) -> str:
    for other, word in SPELLINGS:
        text = text.replace(word, other).replace(word.capitalize(), other.capitalize())
    return text


@given(notes)
def test_spans_hold_the_words_that_were_read(text: str) -> None:
    records = outspread.extract(text)
    for frame in (records.finding, records.treatment, records.measurement):
        assert frame["evidence_id"].is_unique().all()
        for start, end in frame.select("span_start", "span_end").iter_rows():
            said = text[start:end]
            assert said == said.strip()
            assert cut_words(said)


@given(paragraphs, sentences, paragraphs)
def test_unrelated_sentences_change_no_finding(before: str, text: str, after: str) -> None:
    assert items(f"{before}\n\n{text}\n\n{after}") == items(text)


@given(notes, st.sampled_from(["\r\n", "\r"]))
def test_the_style_of_line_ends_does_not_matter(text: str, end: str) -> None:
    assert items(text.replace("\n", end)) == items(text)


@given(notes.filter(is_cased), st.sampled_from([str.upper, str.lower]))
def test_the_case_of_a_whole_note_does_not_matter(text: str, change: "type[str]") -> None:
    assert caseless(items(change(text))) == caseless(items(text))


@given(sentences)
def test_the_spelling_of_a_country_does_not_matter(text: str) -> None:
    plain = american(text)
    assert items(british(plain)) == items(plain)


@given(notes)
def test_american_spelling_gives_what_the_note_gives(text: str) -> None:
    assert items(american(text)) == items(text)


SITES = ["liver", "brain", "lung", "spleen", "adrenal gland"]
PHRASES = [
    "{} metastases",
    "metastases in the {}",
    "metastases to the {}",
    "metastatic disease to the {}",
    "spread to the {}",
]
DENIALS = [
    "There is no evidence of {}.",
    "There are no {}.",
    "CT was negative for {}.",
    "The scan shows no sign of {}.",
    "He is without {}.",
]


@pytest.mark.parametrize("denial", DENIALS)
@pytest.mark.parametrize("phrase", PHRASES)
@settings(max_examples=10)
@given(st.sampled_from(SITES))
def test_a_negation_around_a_positive_sentence_flips_it(
    phrase: str, denial: str, site: str
) -> None:
    said = phrase.format(site)
    plain = items(f"Colon cancer. CT shows {said}.")
    flipped = items(f"Colon cancer. {denial.format(said)}")
    (place,) = {item for item in plain if item.startswith("spread:")}
    name = place.removeprefix("spread:").split("|")[0]
    assert place.endswith("|confirmed")
    assert f"free:{name}" in flipped
    assert not any(item.startswith("spread:") for item in flipped)


@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "cp1252", "latin-1"]))
def test_any_characters_of_any_encoding_give_a_result(text: str, encoding: str) -> None:
    content = text.encode(encoding, errors="ignore")
    outspread.extract(content.decode("cp1252", errors="replace") + " Liver metastases.")


@settings(max_examples=25)
@given(notes)
def test_the_text_of_a_note_is_never_logged(text: str) -> None:
    said: list[str] = []
    handler = logging.Handler(level=logging.NOTSET)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        outspread.extract(f"Zanzibar. {text}\x00\ufffe")
    finally:
        logging.getLogger().removeHandler(handler)
    assert not any("Zanzibar" in line or text[:20] in line for line in said)
