"""Two systems held against each other on the same prompts: the difference of each pair, and what it shows.

Formula: d_i = b_i - a_i for every name that both have; its mean with the 95 % bootstrap interval over pairs (Efron,
1979). A difference is shown where the interval lies on one side of 0 and there are six pairs or more: with five, all
on one side by chance alone is no rarity (1 in 16).

By hand: a = 1, 2, 3, b = 2, 4, 6: differences 1, 2, 3, mean 2; with three pairs, nothing is shown by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.evaluate.cases import Figure, Row, summary

LEAST_PAIRS: Final = 6
NOTHING_SHOWN: Final = "no difference shown"


@dataclass(frozen=True, slots=True)
class Difference:
    """The second system's figure less the first's, pair by pair."""

    figure: Figure
    says: str
    """`higher`, `lower`, or that nothing is shown."""


def differences(first: Mapping[str, Row], second: Mapping[str, Row]) -> dict[str, Difference]:
    """Figure -> the difference over the names that both systems have it for."""
    rows: Sequence[Row] = [
        {name: second[key][name] - first[key][name] for name in first[key] if name in second[key]}
        for key in first
        if key in second
    ]
    return {name: Difference(figure, _says(figure)) for name, figure in summary(rows).items()}


def _says(figure: Figure) -> str:
    if figure.cases < LEAST_PAIRS:
        return f"{NOTHING_SHOWN}: {figure.cases} pairs are too few"
    if figure.low > 0:
        return "higher"
    return "lower" if figure.high < 0 else NOTHING_SHOWN
