"""Each staging as it was stated, in its own system, with what it means and why."""

from dataclasses import dataclass

from outspread.write.phrases import Citations, meaning_words, stage_words
from outspread.write.report.case import Case
from outspread.write.report.dates import Clock, When
from outspread.write.report.heading import capitalized
from outspread.write.report.views import Why, rules_told
from outspread.write.wording import basis_words, stage_row_words


@dataclass(frozen=True, slots=True)
class Staging:
    """One staging of a disease."""

    when: When
    basis: str
    said: str
    means: str
    cites: tuple[int, ...]
    why: tuple[Why, ...]


def stagings_of(
    case: Case, disease_id: int, cited: Citations, *, clock: Clock
) -> tuple[Staging, ...]:
    """Tell the stagings of one disease in the order of the table."""
    return tuple(
        Staging(
            when=clock.when(row["date"], row["date_precision"]),
            basis=basis_words(row["basis"]) or "not stated",
            said=capitalized(stage_words(row)),
            means=meaning_words(row),
            cites=tuple(cited.numbers(row["evidence_ids"])),
            why=(
                *rules_told(row["rule_ids"]),
                *(Why(key, stage_row_words(key), "") for key in row["knowledge_rows"]),
            ),
        )
        for row in case.of_disease("staging", disease_id)
    )
