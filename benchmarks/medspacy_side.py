"""The other side of `extract_medspacy.py`; runs where medspaCy is installed, not outspread.

Prints CPU seconds for each arrangement, the best of some passes over all reports, as JSON.
"""

import csv
import gzip
import json
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path

logging.disable(logging.CRITICAL)

import medspacy  # noqa: E402
import spacy  # noqa: E402
from loguru import logger  # noqa: E402
from medspacy.ner import TargetRule  # noqa: E402

logger.remove()
PASSES = 3


def fastest(rules: list[TargetRule]) -> Callable[[str], object]:
    """Blank tokenizer, sentencizer, target rules, ConText."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.add_pipe("medspacy_target_matcher").add(rules)
    pipeline.add_pipe("medspacy_context")
    return pipeline


def default(rules: list[TargetRule]) -> Callable[[str], object]:
    """What `medspacy.load()` gives: its own tokenizer, PyRuSH, target rules, ConText."""
    pipeline = medspacy.load()
    pipeline.get_pipe("medspacy_target_matcher").add(rules)
    return pipeline


def main() -> None:
    reports, targets = map(Path, sys.argv[1:])
    content = reports.read_bytes()
    lines = (gzip.decompress(content) if reports.suffix == ".gz" else content).splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    with targets.open(encoding="utf-8") as file:
        rules = [TargetRule(row["word"], row["category"]) for row in csv.DictReader(file)]
    taken = {}
    for arrange in (fastest, default):
        pipeline = arrange(rules)
        taken[arrange.__name__] = float("inf")
        for _ in range(PASSES):
            start = time.process_time()
            for text in texts:
                pipeline(text)
            spent = time.process_time() - start
            taken[arrange.__name__] = min(taken[arrange.__name__], spent)
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
