"""Films of which nobody knows what happens in them, and the pairs of frames between which something does.

A film is a walk through a world, frame by frame: each thing that travels glides, all other changes come at once. What
was done is not kept; only the frames are looked at.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import torch
import torch.nn.functional as F

from engine.pocket.world import Clip
from engine.pocket.worlds.actions import TRAVELS
from engine.pocket.worlds.happening import Happening
from engine.pocket.worlds.steps import sample_step, walk

GAP: Final = 20
"""Frames from one picture of a pair to the other, and at least so many from pair to pair."""
MOST: Final = 6
"""Pairs of a film."""
_ACTIONS: Final = 8
_STILL: Final = 16
_MOVING: Final = 8
"""Frames that an action takes, after so many in which nothing moves."""
_SOFT: Final = 0.02
"""Brightness a pixel below which a gradient tells nothing."""


def film(index: int) -> list[Clip]:
    """The frames of the film of this index, each a state; no held-out thing or action is in it."""
    way = walk(sample_step(index).before, _ACTIONS, random.Random(f"film/{index}"))
    return [frame for step in way for frame in (*[step.before] * _STILL, *_moving(step))]


def _moving(step: Happening) -> list[Clip]:
    """The frames in which the action takes place; the last is the state that follows."""
    if step.action.kind not in (*TRAVELS, "drop"):
        return [step.after] * _MOVING
    frames = []
    for number in range(1, _MOVING + 1):
        share = number / _MOVING
        things = tuple(
            replace(was, x=was.x + share * (now.x - was.x), y=was.y + share * (now.y - was.y))
            for was, now in zip(step.before.things, step.after.things, strict=True)
        )
        frames.append(replace(step.before, things=things))
    return frames


def motion(frames: torch.Tensor) -> torch.Tensor:
    """How much moves into each frame, (frames,); 0 for the first. frames: uint8 (frames, 3, h, w).

    The mean length of the normal flow: of the optical flow that part which brightness tells without a search, its
    change over time by its change across the picture (Horn and Schunck, 1981).
    """
    grey = frames.float().mean(1) / 255
    change = (grey[1:] - grey[:-1]).abs()
    across = F.pad(grey[1:, :, 2:] - grey[1:, :, :-2], (1, 1)) / 2
    down = F.pad(grey[1:, 2:] - grey[1:, :-2], (0, 0, 1, 1)) / 2
    flow = change / (across.square() + down.square() + _SOFT**2).sqrt()
    return F.pad(flow.mean((1, 2)), (1, 0))


def pairs(moved: torch.Tensor, most: int = MOST, gap: int = GAP) -> list[tuple[int, int]]:
    """The places of the pairs with the most motion between them, at most so many, in the film's order.

    moved: see `motion`. No two pairs begin within `gap` frames of each other, and between no two nothing moves.
    """
    if len(moved) <= gap:
        return []
    total = moved.double().cumsum(0)
    between = total[gap:] - total[:-gap]
    chosen: list[int] = []
    for place in between.argsort(descending=True, stable=True).tolist():
        if len(chosen) == most or between[place] <= 0:
            break
        if all(abs(place - other) >= gap for other in chosen):
            chosen.append(place)
    return [(place, place + gap) for place in sorted(chosen)]


def moments(films: Sequence[Sequence[Clip]], frames: Sequence[torch.Tensor]) -> list[tuple[Clip, Clip]]:
    """The pairs of all films, as the states that their frames show; frames: each film's, as `motion` has them."""
    return [
        (states[first], states[last])
        for states, seen in zip(films, frames, strict=True)
        for first, last in pairs(motion(seen))
    ]
