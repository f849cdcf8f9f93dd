"""The pocket world's clips: who is on stage, where, and what each does. Knows no pixels.

A clip is sampled from its index alone, so that a data set is a range of integers. Lengths and places are
fractions of the view: x runs right, y runs down, both 0..1 at frame 0 whatever the camera does later.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from math import hypot
from typing import Final

from engine.errors import SettingError
from engine.pocket.vocabulary import (
    COLOURS,
    HIGH_ABOVE,
    LEFT_OF,
    LOW_BELOW,
    MOTIONS,
    NOUNS,
    RIGHT_OF,
    SCENES,
    SIZES,
    STYLES,
)

MOST_THINGS = 3
GROUND = 0.88
"""Where a fallen thing's foot comes to rest (y)."""
FPS = 8
"""Frames a second."""
CLIP_SECONDS = 2.0
"""17 frames, first to last."""
TRAVEL = {"slow": 0.22, "quick": 0.5}
"""How far a thing travels in CLIP_SECONDS."""
PAN = 0.2
"""How far the camera pans in CLIP_SECONDS."""
HELD_OUT_ONE_IN = 10

_SUITABLE = {
    "still": (0.2, 0.8, 0.25, 0.78),
    "left": (0.6, 0.84, 0.25, 0.78),
    "right": (0.16, 0.4, 0.25, 0.78),
    "up": (0.2, 0.8, 0.62, 0.8),
    "down": (0.2, 0.8, 0.2, 0.38),
    "bounce": (0.2, 0.8, 0.6, 0.78),
    "roll": (0.16, 0.84, 0.64, 0.78),
    "spin": (0.22, 0.78, 0.28, 0.74),
    "grow": (0.3, 0.7, 0.35, 0.65),
    "shrink": (0.25, 0.75, 0.3, 0.72),
    "fall": (0.2, 0.8, 0.16, 0.34),
    "orbit": (0.3, 0.7, 0.24, 0.55),
}
"""Motion -> where it likes to start: left, right, top, bottom."""
_ANYWHERE = (0.18, 0.82, 0.22, 0.78)
_HEADING = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing on stage."""

    noun: str
    """What it is: one of NOUNS."""
    colour: str
    """Its main colour: a key of COLOURS."""
    size: str
    """A key of SIZES."""
    motion: str
    """What it does: one of MOTIONS."""
    speed: str
    """One of SPEEDS; `slow` for a thing that is still."""
    x: float
    """Centre at frame 0, 0 (left) .. 1 (right)."""
    y: float
    """Centre at frame 0, 0 (top) .. 1 (bottom)."""
    depth: float
    """Distance from the viewer, 0 (front) .. 1 (back): the nearer hides the farther."""

    @property
    def direction(self) -> str | None:
        """Which way it travels: left, right, up or down; a rolling thing rolls towards the middle."""
        if self.motion == "roll":
            return "right" if self.x < 0.5 else "left"
        return self.motion if self.motion in _HEADING else None

    @property
    def position(self) -> str:
        """Where it is at frame 0: a key of POSITIONS."""
        side = "left" if self.x < LEFT_OF else "right" if self.x > RIGHT_OF else ""
        if HIGH_ABOVE <= self.y <= LOW_BELOW:
            return side or "middle"
        if side:
            return f"{'upper' if self.y < HIGH_ABOVE else 'lower'} {side}"
        return "top" if self.y < HIGH_ABOVE else "bottom"


@dataclass(frozen=True, slots=True)
class Clip:
    """One scene with one to three things, and the camera that looks at it."""

    things: tuple[Thing, ...]
    """One to three, in the order in which captions name them; no noun twice. None where an edit removed the last."""
    scene: str
    """One of SCENES."""
    camera: str
    """One of CAMERAS."""
    style: str
    """One of STYLES."""
    seed: int
    """The index it was sampled from."""


NOWHERE: Final = Clip((), SCENES[0], "still", STYLES[0], 0)
"""A state of which nothing is known: words have to name what they mean."""


@cache
def is_held_out(noun: str, colour: str, scene: str) -> bool:
    """Whether training never shows this noun in this colour in this scene: a stable hash, about one in ten."""
    digest = blake2b(f"{noun}/{colour}/{scene}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % HELD_OUT_ONE_IN == 0


@cache
def _pairs(scene: str, held_out: bool) -> tuple[tuple[str, str], ...]:
    """The (noun, colour) pairs that may stand in the scene."""
    return tuple((n, c) for n in NOUNS for c in COLOURS if is_held_out(n, c, scene) == held_out)


def sample_clip(index: int, held_out: bool, things: int | None = None, styled: float = 0.0) -> Clip:
    """The clip of this index: the same index, side and count give the same clip, always.

    things: how many, 1..3; None draws one (45 %), two (45 %) or three (10 %).
    styled: share of clips (0..1) in a style other than flat; the style does not change what else is drawn.
    held_out: every thing's (noun, colour, scene) is held out; otherwise none is.
    Raises SettingError for another count.
    """
    if things is not None and not 1 <= things <= MOST_THINGS:
        raise SettingError(
            "No clip has this many things", "Ask for one to three.", value=str(things), limit=str(MOST_THINGS)
        )
    rng = random.Random(f"{index}/{held_out}/{things}")
    count = things or (1, 2, 3)[_pick(rng, (0.45, 0.45, 0.1))]
    scene = rng.choice(SCENES)
    camera = ("still", "pan left", "pan right", "zoom in", "zoom out")[_pick(rng, (0.75, *(0.0625,) * 4))]
    pairs = _sample_pairs(rng, _pairs(scene, held_out), count)
    looks = random.Random(f"{index}/style")
    style = looks.choice(STYLES[1:]) if looks.random() < styled else STYLES[0]
    return Clip(_place(rng, pairs, camera), scene, camera, style, index)


def _pick(rng: random.Random, weights: tuple[float, ...]) -> int:
    """An index drawn by weight; the weights sum to one."""
    draw = rng.random()
    for index, weight in enumerate(weights):
        draw -= weight
        if draw < 0:
            return index
    return len(weights) - 1


def _sample_pairs(rng: random.Random, pairs: tuple[tuple[str, str], ...], count: int) -> list[tuple[str, str]]:
    """`count` (noun, colour) pairs: nouns always differ, colours differ where a few tries allow."""
    chosen: list[tuple[str, str]] = []
    tries = 0
    while len(chosen) < count:
        noun, colour = rng.choice(pairs)
        tries += 1
        if any(noun == n for n, _ in chosen):
            continue
        if tries < 40 and rng.random() < 0.9 and any(colour == c for _, c in chosen):
            continue
        chosen.append((noun, colour))
    return chosen


def _place(rng: random.Random, pairs: list[tuple[str, str]], camera: str) -> tuple[Thing, ...]:
    """Give each pair its size, motion, speed and a free spot; all small after many failures."""
    depths = rng.sample((0.2, 0.5, 0.8), len(pairs))
    attempt = 0
    while True:
        attempt += 1
        placed: list[Thing] = []
        for (noun, colour), depth in zip(pairs, depths, strict=True):
            size = "small" if attempt > 8 else rng.choice(tuple(SIZES))
            motion = "still" if rng.random() < 0.05 else rng.choice(MOTIONS[1:])
            speed = "slow" if motion == "still" else rng.choice(("slow", "quick"))
            thing = _spot(rng, Thing(noun, colour, size, motion, speed, 0.5, 0.5, depth), placed, camera)
            if thing is None:
                break
            placed.append(thing)
        else:
            return tuple(placed)


def _spot(rng: random.Random, thing: Thing, placed: list[Thing], camera: str) -> Thing | None:
    """The thing at a start that suits its motion (four times in five), clear of the others; None if none is found."""
    for _ in range(12):
        suits = rng.random() < 0.8 or thing.motion == "fall"
        x0, x1, y0, y1 = _SUITABLE[thing.motion] if suits else _ANYWHERE
        x, y = round(rng.uniform(x0, x1), 3), round(rng.uniform(y0, y1), 3)
        clear = all(
            hypot(x - other.x, y - other.y) > 0.55 * (SIZES[thing.size] + SIZES[other.size]) + 0.02 for other in placed
        )
        moved = replace(thing, x=x, y=y)
        if clear and stays_in_view(moved, camera):
            return moved
    return None


def stays_in_view(thing: Thing, camera: str) -> bool:
    """Whether its centre is still well in view after CLIP_SECONDS."""
    dx, dy = _HEADING.get(thing.direction or "", (0, 0))
    shift = {"pan left": PAN, "pan right": -PAN}.get(camera, 0.0)
    x = thing.x + dx * TRAVEL[thing.speed] + shift
    y = thing.y + dy * TRAVEL[thing.speed]
    rim = 0.2 if camera == "zoom in" else 0.09
    return rim <= x <= 1 - rim and rim <= y <= 1 - rim
