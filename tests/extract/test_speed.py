"""The cost of a character does not grow with the length of a text, whatever it holds."""

import time

import pytest

from outspread.extract.document import read_text
from outspread.extract.export import summarize

LONGEST_TIMES = 6  # how much dearer a character of the long text may be; machines are shared
TEXTS = {
    "spaces": " " * 1000,
    "spaces and tabs": "liver \t metastases\t  " * 46,
    "words without spaces": "liver-metastases,bone/lung(no)cancer;" * 27,
    "short lines": "no\nliver metastases\n\n" * 50,
    "brackets": "(" * 1000,
    "digits": "7" * 1000,
    "numbers": "1 2.5 3 " * 125,
    "cue words": "no possible negative for without but " * 27,
    "spread words": "metastatic to metastases of carcinoma " * 26,
    "places": "liver, lung, bone and brain " * 36,
    "one word": "x" * 1000,
    "lesions": "A nodule of the left lung. Cancer of the right lung. Possible liver metastases. "
    * 12,
    "results": "Suspected lung cancer. It was an abscess. A liver lesion was seen, a cyst. " * 13,
    "sentences": "No liver metastases. Breast cancer with bone metastases. Stable. " * 15,
}


def seconds(text: str) -> float:
    start = time.process_time()
    summarize(read_text(text), "note")
    return time.process_time() - start


def is_flat(few: str, many: str) -> bool:
    """Tell whether a character costs much the same in both; at best, since others work here too."""
    most = LONGEST_TIMES * min(seconds(few) for _ in range(3)) / len(few) + 1e-7
    return any(seconds(many) / len(many) <= most for _ in range(3))


@pytest.mark.parametrize("name", TEXTS)
def test_cost_per_character_is_flat(name: str) -> None:
    text = TEXTS[name]
    assert is_flat(text * 2, text * 32)


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_cost_per_character_is_flat_to_ten_megabytes(name: str) -> None:
    text = TEXTS[name]
    assert is_flat(text * 64, text * 10_000)
