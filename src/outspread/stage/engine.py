"""What staging with one algorithm keeps from batch to batch."""

from collections.abc import Mapping
from functools import cache
from typing import Final

import orjson
import polars as pl

from outspread.stage.bound import binder, constants
from outspread.stage.compile import Compiled
from outspread.stage.definitions import Schema, parse_schema
from outspread.stage.encode import Column, Encoder
from outspread.stage.evaluate import Evaluator
from outspread.stage.probe import Prober
from outspread.stage.vocabulary import Vocabulary
from outspread.stage.words import Ids

MOST_NEW_TEXTS: Final = 200_000


class Engine:
    """One algorithm as of one current year, with all that is worked out about it once.

    `vocabulary`, `encoder`, `prober` and `evaluator` last until too many new texts have been met.
    """

    vocabulary: Vocabulary
    encoder: Encoder
    prober: Prober
    evaluator: Evaluator

    def __init__(self, compiled: Compiled, *, year: int) -> None:
        self.compiled = compiled
        self.fixed = constants(compiled, year)
        self.bound = binder(compiled, self.fixed)
        self.schema_ids = compiled.schema_ids
        self.output_keys = compiled.output_keys
        self._schema = cache(lambda number: parse_schema(orjson.loads(compiled.schemas[number])))
        self._trimmed: Ids | None = None
        self._is_trimmed = True
        self._begin()

    def schema(self, number: int) -> Schema:
        """Return a schema by its number."""
        return self._schema(number)

    def encode(
        self, columns: Mapping[str, pl.Series], nulls: Mapping[str, pl.Series]
    ) -> dict[str, Column]:
        """Turn columns of text into ids.

        Parameters
        ----------
        nulls
            Where a key is there without a value; elsewhere nothing is a key that is absent.
        """
        if self.vocabulary.size > self.compiled.words.id_count + MOST_NEW_TEXTS:
            self._begin()
        return {
            key: self.encoder.encode(texts, is_null=nulls.get(key))
            for key, texts in columns.items()
        }

    @property
    def trimmed(self) -> Ids | None:
        """Id of each text without blanks around it; None where no text has any."""
        vocabulary = self.vocabulary
        if self._trimmed is None or len(self._trimmed) != vocabulary.size:
            self._trimmed = vocabulary.trimmed
            self._is_trimmed = not vocabulary.has_untrimmed
        return None if self._is_trimmed else self._trimmed

    def _begin(self) -> None:
        self._trimmed = None
        self.vocabulary = Vocabulary(self.compiled.words)
        self.vocabulary.add(self.fixed.values())
        self.encoder = Encoder(self.vocabulary)
        self.prober = Prober(self.vocabulary)
        self.evaluator = Evaluator(self.compiled, self.vocabulary, self.prober, self.bound)
