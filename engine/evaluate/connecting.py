"""From one clip to another: no jolt at either seam, judged by the steps inside the clips; a cross-fade beside it."""

from __future__ import annotations

import random

import numpy as np

from engine.agent import Input
from engine.evaluate.workbench import Row, Workbench, mean_step, mp4, seam_step
from engine.pocket import grammar
from engine.pocket.vocabulary import WAYS
from engine.pocket.world import sample_clip

_APART = 50_000
"""Distance between the indices of two clips that are connected."""


def measure(bench: Workbench, number: int, seed: int) -> Row:
    """`seam`: the larger step across a seam by the mean step inside the two clips; `cross-fade seam`: the same of a
    plain cross-fade; `largest step`: within the transition, by the same measure."""
    first, second = sample_clip(number, True, 1), sample_clip(number + _APART, True, 1)
    before, after = bench.truth(first), bench.truth(second)
    inputs: dict[str, Input] = {
        "clip": mp4(before),
        "second_clip": mp4(after),
        "transition": grammar.join_caption((first, second), WAYS[0], random.Random(0), plain=True),
        "avoid": "",
    }
    inside = max((mean_step(before) + mean_step(after)) / 2, 0.25)
    row: dict[str, float] = {}
    for method, name in (("generated", ""), ("cross-fade", "cross-fade ")):
        made = bench.film("connector", inputs, seed, {"method": method})
        row[f"{name}seam"] = max(seam_step(before, made), seam_step(made, after)) / inside
        steps = [mean_step(made[at : at + 2]) for at in range(len(made) - 1)]
        row[f"{name}largest step"] = float(np.max(steps)) / inside
    return row
