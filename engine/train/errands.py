"""Errands: a state, an instruction in words, and the actions that it asks for, as the planner reads them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from engine.agents import planner
from engine.errors import GreenlightError
from engine.pocket.world import NOWHERE, Clip
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.forward import WORDS
from engine.pocket.worlds.happening import Happening
from engine.pocket.worlds.hearing import heard
from engine.pocket.worlds.sayings import say
from engine.pocket.worlds.steps import sample_step, walk

MOST = 3
"""Actions of an errand."""
_NEAR = 0.02
"""Places as near as this are the same."""
_AT_ONCE = 64


@dataclass(frozen=True)
class Errand:
    """Something to be done."""

    words: str
    """The instruction."""
    steps: tuple[Happening, ...]
    """What is to be done, and by the world's rules what follows."""

    @property
    def goal(self) -> Clip:
        """The state that it leads to."""
        return self.steps[-1].after


def errand(index: int, held_out: bool = False) -> Errand:
    """The errand of an index: one to MOST actions, none of them waiting, of which the instruction tells in its order.

    What was drawn is said in one of many wordings, and counts only if the planner reads just these actions in it.
    held_out: it begins with held-out triples of noun, colour and scene, and any action may come.
    """
    rng = random.Random(f"errand/{index}/{held_out}")
    other = 0
    while True:
        start = sample_step(index + other * 10**9, held_out).before
        steps = walk(start, rng.randint(1, MOST), rng, held_out)
        words = ", then ".join(say(step.action, step.before, rng) for step in steps)
        states = [start, *(step.after for step in steps)]
        anew = all(state not in states[:place] for place, state in enumerate(states))
        if anew and len(words.split()) < WORDS - 2 * MOST and _planned(words) == [step.action for step in steps]:
            return Errand(words, tuple(steps))
        other += 1


def _planned(words: str) -> list[Action]:
    """The actions that the planner reads in an instruction; none where it cannot."""
    try:
        return [heard(line, NOWHERE) for line in planner.of(words)]
    except GreenlightError:
        return []


def errands(numbers: Sequence[int], held_out: bool = False, processes: int = 0) -> list[Errand]:
    """Those of these indices, drawn up by so many processes."""
    if not processes:
        return [errand(number, held_out) for number in numbers]
    with get_context("spawn").Pool(processes) as pool:
        return pool.map(partial(errand, held_out=held_out), numbers, _AT_ONCE)


def reached(state: Clip, goal: Clip) -> bool:
    """Whether the goal's facts hold: its scene, and its things alone, each with its colour, size and place."""
    mine, right = ({thing.noun: thing for thing in clip.things} for clip in (state, goal))
    return state.scene == goal.scene and mine.keys() == right.keys() and all(
        (mine[noun].colour, mine[noun].size) == (thing.colour, thing.size)
        and max(abs(mine[noun].x - thing.x), abs(mine[noun].y - thing.y)) < _NEAR
        for noun, thing in right.items()
    )  # fmt: skip


def features(one: Errand) -> frozenset[str]:
    """What an errand is made of: its things, its scene and its actions."""
    start = one.steps[0].before
    things = {f"{thing.colour} {thing.noun}" for thing in start.things}
    return frozenset({*things, start.scene, *(repr(step.action) for step in one.steps)})


def novel(pool: Sequence[Errand], most: float = 0.7) -> list[bool]:
    """Of each errand whether it is new beside those kept before it: it has less than this share of its features, and
    of the other's, in common with any (Jaccard)."""
    every = [features(one) for one in pool]
    columns = {name: place for place, name in enumerate(sorted(frozenset().union(*every)))}
    rows = np.zeros((len(every), len(columns)), np.float32)
    for row, some in zip(rows, every, strict=True):
        row[[columns[name] for name in some]] = 1
    kept: list[bool] = []
    held, sizes = np.zeros_like(rows), rows.sum(1)
    those: NDArray[np.float32] = np.zeros(len(rows), np.float32)
    count = 0
    for size, row in zip(sizes, rows, strict=True):
        common = held[:count] @ row
        alike = common / np.maximum(those[:count] + size - common, 1)
        kept.append(bool((alike < most).all()))
        if kept[-1]:
            held[count], those[count] = row, size
            count += 1
    return kept
