"""The cost of a character does not grow with the length of a text, whatever it holds."""

import time

import pytest

from outspread.extract.document import read_text

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
    "sentences": "No liver metastases. Breast cancer with bone metastases. Stable. " * 15,
}


def seconds(text: str, times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        read_text(text)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("name", TEXTS)
def test_cost_per_character_is_flat(name: str) -> None:
    text = TEXTS[name]
    few, many = text * 4, text * 64
    assert seconds(many) / len(many) <= LONGEST_TIMES * seconds(few) / len(few) + 1e-7


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_cost_per_character_is_flat_to_ten_megabytes(name: str) -> None:
    text = TEXTS[name]
    few, many = text * 64, text * 10_000
    assert seconds(many, 1) / len(many) <= LONGEST_TIMES * seconds(few) / len(few) + 1e-7
