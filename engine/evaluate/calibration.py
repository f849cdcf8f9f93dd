"""Whether probabilities mean what they say: expected calibration error, a reliability curve, and one temperature.

ECE = sum over bins of (share of the cases in the bin) * |share that are so - mean probability|, 15 bins of equal width
(Guo et al., 2017, arXiv:1706.04599), here of the probability of yes over 0..1. By hand: probabilities 0.9, 0.9, 0.2,
of which the first and none other is so: bins 13 and 3 (of 0..14): 2/3 * |0.5 - 0.9| + 1/3 * |0 - 0.2| = 1/3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BINS: Final = 15
_GRID: Final = np.geomspace(0.2, 8.0, 400)
"""Temperatures that are tried: 0.9 % apart."""
_LEAST: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Bin:
    """One point of a reliability curve."""

    said: float
    """Mean probability."""
    so: float
    """Share that are so."""
    cases: int


def curve(said: Floats, so: NDArray[np.bool_]) -> tuple[Bin, ...]:
    """The reliability curve: bins that hold a case, from the lowest. said: probabilities 0..1; so: what is the case."""
    places = np.minimum((said * BINS).astype(int), BINS - 1)
    found = ((said[places == n], so[places == n]) for n in range(BINS))
    return tuple(Bin(float(s.mean()), float(t.mean()), len(s)) for s, t in found if len(s))


def error(said: Floats, so: NDArray[np.bool_]) -> float:
    """Expected calibration error, 0..1; 0 of no cases."""
    bins = curve(said, so)
    cases = sum(one.cases for one in bins)
    return sum(one.cases * abs(one.so - one.said) for one in bins) / cases if cases else 0.0


def temperature(said: Floats, so: NDArray[np.bool_]) -> float:
    """By what the logits should be divided for the likelihood of what is so to be the greatest; 1 of no cases.

    said: uncalibrated probabilities, 0..1.
    """
    if not len(said):
        return 1.0
    sure = np.clip(said, _LEAST, 1 - _LEAST)
    odds = np.log(sure / (1 - sure)) * np.where(so, 1.0, -1.0)
    losses = [np.logaddexp(0, -odds / each).mean() for each in _GRID]
    return float(_GRID[int(np.argmin(losses))])
