"""Questions that are asked in part give the same as those that are asked whole."""

from extract.expected import rows
from outspread.extract.context import is_negated, judge
from outspread.extract.lexicon import lexicon
from outspread.extract.sentences import split
from outspread.extract.tokens import cut


def test_a_denial_asked_alone_is_that_of_the_whole_verdict() -> None:
    known, differ, denied = lexicon(), [], 0
    for row in rows():
        tokens = cut(row["sentence"])
        words = tokens.words
        for sentence in split(tokens, known):
            for m in sentence.mentions:
                is_denied = judge(sentence, m.first, m.last, words).is_negated
                denied += is_denied
                if is_negated(sentence, m.first, m.last, words) is not is_denied:
                    differ.append(row["sentence"])
    assert denied > 100
    assert differ == []
