"""What a measure finds: one case with its figures and pictures; many of them summed up. Knows no agent, no codec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.uint8]
"""(frames, height, width, 3)."""
Row = Mapping[str, float]
"""What was measured on one case: figure -> value; yes is 1 and no is 0."""


@dataclass(frozen=True, eq=False)
class Case:
    """One case, measured."""

    row: Row
    asked: str = ""
    """What was asked for, in words."""
    strips: Mapping[str, Frames] = field(default_factory=dict[str, Frames])
    """What it was made from and what came out, by name: frames; for a person to look at."""


@dataclass(frozen=True)
class Figure:
    """A mean over cases, with the interval that holds it in 95 of 100 resamplings."""

    mean: float
    low: float
    high: float
    cases: int


def summary(
    rows: Sequence[Row], groups: Sequence[int] | None = None, seed: int = 0, resamplings: int = 1000
) -> dict[str, Figure]:
    """Mean and bootstrap interval of every figure, over the rows that have it (Efron, 1979).

    groups: which rows belong together, like one prompt's with several seeds: they are drawn together, since they are
    alike. None: each row for itself.
    """
    random = np.random.default_rng(seed)
    _, places = np.unique(range(len(rows)) if groups is None else groups, return_inverse=True)
    figures = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        values = np.array([row[name] for row in rows if name in row], np.float64)
        mine = np.array([place for place, row in zip(places, rows, strict=True) if name in row])
        sums, counts = np.bincount(mine, values), np.bincount(mine)
        sums, counts = sums[counts > 0], counts[counts > 0]
        drawn = random.integers(len(counts), size=(resamplings, len(counts)))
        low, high = np.percentile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), (2.5, 97.5))
        figures[name] = Figure(float(values.mean()), float(low), float(high), len(values))
    return figures
