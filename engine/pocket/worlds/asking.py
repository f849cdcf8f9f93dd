"""How an action is asked of models that know none: of those that animate a picture as a motion, of those that edit one
as an instruction."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from math import dist
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.pocket.changes import Edit
from engine.pocket.edits import instruction
from engine.pocket.motion import FALL_SECONDS
from engine.pocket.vocabulary import POSITIONS, SIZES
from engine.pocket.world import CLIP_SECONDS, FPS, GROUND, NOWHERE, TRAVEL, Thing
from engine.pocket.worlds.actions import TRAVELS, Action
from engine.pocket.worlds.happening import STEP
from engine.pocket.worlds.recollection import box, carried

SLOWLY: Final = "slowly"
QUICKLY: Final = "quickly"
HALF: Final = 9
"""Frames of half an action's time: what the pocket world's own generator is asked for."""
GUIDANCE: Final = 1.0
"""Where a picture is given and one thing moves, more guidance changes nothing that was measured, at twice the cost."""
STEPS: Final = 4
"""Denoising steps of a motion: of 90 held-out actions four made as many right as six, in two thirds of the time."""
MOTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wait": "everything stays still",
        "left": "{thing} moves to the left {slowly}",
        "right": "{thing} moves to the right {slowly}",
        "up": "{thing} moves up {slowly}",
        "down": "{thing} moves downwards {slowly}",
        "drop": "{thing} falls to the ground{pace}",
    }
)
"""Kinds that are motions -> what is asked for."""
_EDITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "break": "remove", "grow": "resize", "shrink": "resize", "recolour": "recolour", "become": "replace",
        "appear": "add", "scene": "scene",
    }
)  # fmt: skip
_ROOM: Final = 1 / 32
"""Around a thing, in view widths: outlines reach beyond it."""
_SAME_COLOUR: Final = ("grow", "shrink", "become")


def motion(action: Action, there: Sequence[Thing] = (), pace: str = SLOWLY) -> str | None:
    """What moves, and that all else which is there stays still: what nobody speaks of, a model lets move along.

    None for an action that changes the picture itself.
    there: what is seen. pace: in a clip of two seconds a slow thing goes as far as by one action, a quick one in half.
    """
    template = MOTIONS.get(action.kind)
    if template is None:
        return None
    mine = next((f"{thing.colour} " for thing in there if thing.noun == action.noun and thing.colour), "")
    told = template.format(thing=f"the {mine}{action.noun}", pace="" if pace == SLOWLY else f" {pace}", slowly=pace)
    others = [f"{thing.colour} {thing.noun}".strip() for thing in there if action.noun and thing.noun != action.noun]
    return " and ".join((told, *(f"the {other} stays still" for other in others)))


def moment(action: Action, there: Sequence[Thing]) -> int:
    """In which of the HALF frames of a quick motion the thing has come as far as it goes by one action.

    In half of the time what is quick goes a little farther than by one action, and the sentence knows of no obstacle.
    there: what is seen; of what is not there the farthest that it may go.
    """
    mine = next((thing for thing in there if thing.noun == action.noun), None)
    now = next((thing for thing in carried(there, action) if thing.noun == action.noun), None)
    way = STEP if mine is None or now is None or mine == now else dist((mine.x, mine.y), (now.x, now.y))
    if action.kind in TRAVELS:
        seconds = way / TRAVEL["quick"] * CLIP_SECONDS
    elif action.kind == "drop" and mine is not None:
        fall = max(GROUND - SIZES[mine.size] / 2 - mine.y, way)
        seconds = FALL_SECONDS["quick"] * (way / fall) ** 0.5
    else:
        return HALF - 1
    return min(HALF - 1, max(1, round(seconds * FPS)))


def order(action: Action, there: Sequence[Thing] = ()) -> str:
    """The instruction for an action that is no motion, plainly: "make the ball green".

    there: what is known to be there. Of a thing that keeps its colour the colour is named, or a worn thing's may turn.
    """
    size = {"grow": "large", "shrink": "small", "appear": "small"}.get(action.kind)
    edit = Edit(
        _EDITS[action.kind], action.noun, action.colour, size=size, other=action.other, position=action.position,
        scene=action.scene,
    )  # fmt: skip
    told = instruction(edit, NOWHERE, random.Random(0), plain=True)
    mine = next((thing.colour for thing in there if thing.noun == action.noun and thing.colour), "")
    if not mine or action.kind not in _SAME_COLOUR:
        return told
    return told.replace(f"the {action.noun}", f"the {mine} {action.noun}", 1)


def where(action: Action, there: Sequence[Thing], size: tuple[int, int]) -> NDArray[np.float32] | None:
    """Where an edit may change the picture, (height, width) of 0 and 1: around the thing as it is and as it will be.

    One that may change everything takes another thing for the one that is meant, or puts what comes beside its place.
    None where the whole changes, or the thing is not known to be there. there: what is seen; size: height, width.
    """
    named = (action.noun, action.other)
    things = [thing for thing in (*there, *carried(there, action)) if thing.noun in named]
    if action.kind == "appear":
        x, y = POSITIONS[action.position or ""]
        things = [Thing(action.noun or "", action.colour or "", "small", "still", "slow", x, y, 0.5)]
    if action.kind == "scene" or not things:
        return None
    may = np.zeros(size, np.float32)
    rows, columns = ((np.arange(length) + 0.5) / length for length in size)
    for left, top, right, bottom in map(box, things):
        across = (columns > left - _ROOM) & (columns < right + _ROOM)
        down = (rows > top - _ROOM) & (rows < bottom + _ROOM)
        may[np.ix_(down, across)] = 1
    return may
