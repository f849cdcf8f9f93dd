"""A video as moments: in each something goes on all the time, or nothing does. Pure; knows no model.

Between two rests one thing happened, as far as anybody can tell; what goes on for longer than an action takes is cut
into moments of equal length.
"""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

LEVELS, SHARE = 24, 0.001
"""A picture is another one where that share of its pixels differs by more than so many levels: coding moves fewer."""
Span = tuple[int, int]
"""From one look to a later one."""


def moving(looks: NDArray[np.uint8]) -> list[bool]:
    """Whether something goes on between each look and the next; looks: uint8 (looks, height, width, 3)."""
    steps = (np.abs(after.astype(np.int16) - before).max(-1) for before, after in pairwise(looks))
    return [bool((step > LEVELS).mean() > SHARE) for step in steps]


def moments(moves: list[bool], longest: int) -> list[Span]:
    """The moments, each beginning where the one before ends; those in which something goes on take so many looks at
    most, rests are as long as they are."""
    found: list[Span] = []
    begin = 0
    for moves_on, run in groupby(moves):
        length = len(list(run))
        pieces = -(-length // longest) if moves_on else 1
        ends = [begin + round(length * piece / pieces) for piece in range(1, pieces + 1)]
        found += zip([begin, *ends], ends, strict=False)
        begin += length
    return found
