"""A short run of what `benchmarks/fuzz.py` does for long: mutated files raise nothing."""

from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outspread.errors import ReadError
from outspread.read import read_chunks
from outspread.tables import RECORD_TABLES
from read.mutations import FILES, MUTATIONS, SEEDS


@pytest.mark.parametrize("kind", sorted(FILES))
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32), times=st.integers(1, 8))
def test_mutated_files_are_read_or_said_not_to_be(
    tmp_path_factory: pytest.TempPathFactory, kind: str, seed: int, times: int
) -> None:
    rng = Random(seed)  # noqa: S311 (chance, not secrets)
    content = rng.choice(FILES[kind]())
    for _ in range(times):
        content = MUTATIONS[kind](content, rng)
    path = tmp_path_factory.mktemp("fuzz") / "file"
    path.write_bytes(content)
    with suppress(ReadError):
        for records in read_chunks([path]):
            for name, frame in records.tables().items():
                rules = set(RECORD_TABLES[name].filter(frame)[1].counts())
                assert rules <= ({"primary_key"} if name == "patient" else set())


@pytest.mark.parametrize("kind", sorted(SEEDS))
def test_a_seed_tells_the_mutation(kind: str) -> None:
    seed = SEEDS[kind]()[0]
    first, second = (MUTATIONS[kind](seed, Random(7)) for _ in range(2))  # noqa: S311
    assert first == second
