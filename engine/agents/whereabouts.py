"""Where the things are that were found, and where they will be by the end of a clip.

The way of a thing is told by the words that say what it does, read as the pocket world reads them, or by a heading that
the person has chosen. Shapes are bool (height, width). Pure functions; no model.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.boxes import Boxes, Thing
from engine.media.masks import Shape, from_run_lengths
from engine.pocket.found import FoundThing
from engine.pocket.grammar import parse
from engine.pocket.motion import moments, trajectories
from engine.pocket.steering import HEADINGS
from engine.pocket.vocabulary import SIZES, SPEEDS
from engine.pocket.world import CLIP_SECONDS, FPS
from engine.pocket.world import Thing as Actor

AS_SAID: Final = "as said"
NOWHERE: Final = "none"
ROOMS: Final = (AS_SAID, NOWHERE, *HEADINGS)
"""Where room is left: along the way that the words name, nowhere, or one way for everything that is chosen."""
_FRAMES: Final = round(CLIP_SECONDS * FPS) + 1
_QUICK: Final = SPEEDS[-1]
"""Taken where no speed is said: it reaches farther, and the slower way lies on it."""
_SIDES: Final = {"right": 0.25, "left": 0.75}
"""Where what rolls must start so that it rolls this way."""


def chosen(found: Boxes) -> Shape:
    """All pixels of the things that are chosen."""
    union = np.zeros((found.height, found.width), bool)
    for index in found.chosen:
        union |= shape_of(found.things[index], (found.width, found.height))
    return union


def shape_of(thing: Thing, size: tuple[int, int]) -> Shape:
    """A thing's own shape in a picture of `size` (width, height); its box, where the detector gave no shape."""
    if thing.mask:
        return from_run_lengths(thing.mask, size)
    left, top, right, bottom = (round(side) for side in thing.box)
    shape = np.zeros(size[::-1], bool)
    shape[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
    return shape


def another(thing: Thing, end: str) -> bool:
    """Whether a thing is no longer there in the end, going by the words that say what is; nothing said: it stays."""
    said = re.findall(r"\w+", end.lower())
    own = re.findall(r"\w+", thing.word.lower())
    return bool(said and own) and not any(word.startswith(own[-1]) for word in said)


def squared(shape: Shape) -> Shape:
    """Room for another thing of the same size: its outline says nothing of the other's. The square around the shape."""
    if not shape.any():
        return shape
    height, width = shape.shape
    rows, columns = np.nonzero(shape)
    y, x = (rows.min() + rows.max() + 1) / 2, (columns.min() + columns.max() + 1) / 2
    half = (max(np.ptp(rows), np.ptp(columns)) + 1) / 2
    down, across = abs(np.arange(height) + 0.5 - y) < half, abs(np.arange(width) + 0.5 - x) < half
    square: Shape = down[:, None] & across
    return square


def ways(found: Boxes, motion: str, room: str) -> tuple[FoundThing | None, ...]:
    """What each chosen thing does, in their order; None: it stays where it is, as far as is known.

    motion: a sentence on what moves; `it` is what is chosen. room: one of ROOMS.
    """
    things = [found.things[index] for index in found.chosen]
    if room == NOWHERE:
        return (None,) * len(things)
    said = parse(motion).things or parse(". ".join([*(f"the {thing.word}" for thing in things), motion])).things
    own = [_said_of(thing, said) for thing in things]
    if room == AS_SAID:
        return tuple(way if way and way.motion not in (None, "still") else None for way in own)
    plain = [way or FoundThing(thing.word) for way, thing in zip(own, things, strict=True)]
    return tuple(replace(way, motion=room, direction=room) for way in plain)


def swept(shape: Shape, way: FoundThing) -> Shape:
    """All places that a thing of this shape takes up in a clip of the usual length, moving as in the pocket world."""
    if not shape.any():
        return shape
    height, width = shape.shape
    x, y, _ = _measured(shape)
    union = shape.copy()
    for to_x, to_y, scale, angle in _shifts(shape, way):
        union |= _moved(shape, (x * width, y * height), (to_x * width, to_y * height), scale, angle)
    return union


def last_pose(shape: Shape, way: FoundThing | None) -> tuple[float, float, float]:
    """Where the centre of a thing is at the end of such a clip, and how large it is: shares of the picture's sides."""
    x, y, extent = _measured(shape)
    if way is None:
        return x, y, extent
    to_x, to_y, scale, _ = _shifts(shape, way)[-1]
    return x + float(to_x), y + float(to_y), extent * float(scale)


def _measured(shape: Shape) -> tuple[float, float, float]:
    """Centre and extent of a shape, in shares of the picture's sides."""
    height, width = shape.shape
    rows, columns = np.nonzero(shape)
    x, y = (columns.min() + columns.max() + 1) / 2 / width, (rows.min() + rows.max() + 1) / 2 / height
    return float(x), float(y), float(max(np.ptp(columns) / width, np.ptp(rows) / height))


def _shifts(shape: Shape, way: FoundThing) -> NDArray[np.float64]:
    """(frames, 4): how far it has moved by each frame, how much it has grown, and its angle."""
    x, y, extent = _measured(shape)
    poses: NDArray[np.float64] = trajectories((_actor(way, x, y, extent),), moments(_FRAMES, FPS))[0]
    shifts: NDArray[np.float64] = poses - (poses[0] * (1, 1, 0, 0))
    return shifts


def _said_of(thing: Thing, said: tuple[FoundThing, ...]) -> FoundThing | None:
    """What the words say of a thing that was found by its own words."""
    mine = parse(f"the {thing.word}").things
    return next(
        (one for one in said for own in mine if one.noun == own.noun and not _differ(one.colour, own.colour)), None
    )


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _actor(way: FoundThing, x: float, y: float, extent: float) -> Actor:
    """The thing as the simulator moves it."""
    size = min(SIZES, key=lambda name: abs(SIZES[name] - extent))
    x = _SIDES.get(way.direction or "", x) if way.motion == "roll" else x
    return Actor(way.noun, "red", size, way.motion or "still", way.speed or _QUICK, x, y, 0.5)


def _moved(
    shape: Shape, centre: tuple[float, float], by: tuple[float, float], scale: float, angle: float
) -> NDArray[np.bool_]:
    """A shape turned clockwise by `angle` (radians) and scaled around its centre, then moved; x before y, in pixels."""
    cos, sin = np.cos(angle) / scale, np.sin(angle) / scale
    (x, y), (to_x, to_y) = centre, (centre[0] + by[0], centre[1] + by[1])
    back = (cos, sin, x - cos * to_x - sin * to_y, -sin, cos, y + sin * to_x - cos * to_y)
    picture = Image.fromarray(shape.astype(np.uint8) * 255)
    moved = picture.transform(picture.size, Image.Transform.AFFINE, back, Image.Resampling.NEAREST)
    return np.asarray(moved) > 0
