"""Official staging: the algorithms of cancer registries, run over columns or for one case."""

from outspread.stage.algorithm import Algorithm, load_algorithm
from outspread.stage.case import StagedCase, StageIssue
from outspread.stage.fetch import get_algorithm, known_algorithms

__all__ = [
    "Algorithm",
    "StageIssue",
    "StagedCase",
    "get_algorithm",
    "known_algorithms",
    "load_algorithm",
]
