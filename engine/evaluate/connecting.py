"""From one clip to another: no jolt at either seam, judged by the steps inside the clips; a cross-fade beside it."""

from __future__ import annotations

import random

import numpy as np

from engine.agent import Input
from engine.agents.connector import CONTEXT
from engine.evaluate.cases import Case, Frames, Row
from engine.evaluate.judge import FRAMES
from engine.evaluate.workbench import Workbench, mean_step, mp4, seam_step
from engine.pocket import grammar, transitions
from engine.pocket.transitions import Transition
from engine.pocket.vocabulary import WAYS
from engine.pocket.world import Clip, sample_clip

_APART = 50_000
"""Distance between the indices of two clips that are connected."""


def measure(bench: Workbench, number: int, seed: int) -> Case:
    """`seam`: the larger step across a seam by the mean step inside the two clips; `cross-fade seam`: the same of a
    plain cross-fade; `largest step`, `cross-fade largest step`: within the transition, by the same measure."""
    first, second = asked(number)
    before, after = bench.truth(first), bench.truth(second)
    inputs: dict[str, Input] = {
        "clip": mp4(before),
        "second_clip": mp4(after),
        "transition": grammar.join_caption((first, second), WAYS[0], random.Random(0), plain=True),
        "avoid": "",
    }
    row: dict[str, float] = {}
    strips = {"first": before, "second": after}
    for method, prefix in (("generated", ""), ("cross-fade", "cross-fade ")):
        made = bench.film("connector", inputs, seed, {"method": method})
        row |= _row(before, made, after, prefix)
        strips[method] = np.concatenate([before[-1:], made, after[:1]])
    words = f"{grammar.keywords(first)}; then {grammar.keywords(second)}"
    return Case(row, words, {name: strips[name] for name in ("first", "generated", "cross-fade", "second")})


def on_truth(bench: Workbench, number: int) -> Row:
    """The same of the simulator's own dissolve, in which both clips go on moving."""
    first, second = asked(number)
    pair = transitions.layouts([Transition(first, second, WAYS[0], FRAMES - CONTEXT)], FRAMES, CONTEXT)
    drawn = transitions.render(bench.renderer, pair, [WAYS[0]], CONTEXT)[0]
    way: Frames = drawn.permute(0, 2, 3, 1).contiguous().cpu().numpy()
    return _row(bench.truth(first), way[CONTEXT:-CONTEXT], bench.truth(second))


def asked(number: int) -> tuple[Clip, Clip]:
    """The number-th pair of held-out clips with one thing each."""
    return sample_clip(number, True, 1), sample_clip(number + _APART, True, 1)


def _row(before: Frames, made: Frames, after: Frames, prefix: str = "") -> dict[str, float]:
    inside = max((mean_step(before) + mean_step(after)) / 2, 0.25)
    steps = [mean_step(made[at : at + 2]) for at in range(len(made) - 1)]
    return {
        f"{prefix}seam": max(seam_step(before, made), seam_step(made, after)) / inside,
        f"{prefix}largest step": float(np.max(steps)) / inside,
    }
