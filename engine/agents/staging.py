"""What a text leaves open, filled in: a place that suits the thing, a motion that suits it, and room to move.

What the text says is kept. The seed decides among what suits, so another seed gives another proposal.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import dist
from types import MappingProxyType
from typing import Final

from engine.pocket.grammar import Found, FoundThing
from engine.pocket.vocabulary import COLOURS, NOUNS, POSITIONS, SIZES, SPEEDS, STYLES
from engine.pocket.world import MOST_THINGS, Clip, Thing, stays_in_view

_AT_HOME: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ball": ("meadow", "room"), "star": ("night", "space"), "heart": ("room", "meadow"), "ring": ("room", "sea"),
        "cube": ("room", "desert"), "car": ("city", "desert"), "boat": ("sea",), "rocket": ("space", "night"),
        "fish": ("sea",), "bird": ("meadow", "sea"), "tree": ("meadow",), "house": ("meadow", "snow"),
        "balloon": ("meadow", "city"), "flower": ("meadow",), "butterfly": ("meadow",), "snowman": ("snow",),
    }
)  # fmt: skip
"""Noun -> scenes that suit it."""
_HABITS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ball": ("bounce", "roll"), "star": ("spin", "fall"), "heart": ("grow", "bounce"), "ring": ("roll", "spin"),
        "cube": ("fall", "spin"), "car": ("left", "right"), "boat": ("left", "right"), "rocket": ("up",),
        "fish": ("left", "right"), "bird": ("left", "right", "orbit"), "tree": ("grow",), "house": ("still",),
        "balloon": ("up",), "flower": ("grow",), "butterfly": ("orbit", "up"), "snowman": ("bounce", "spin"),
    }
)  # fmt: skip
"""Noun -> motions that suit it."""
_COATS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "star": ("yellow", "white", "orange"), "heart": ("red", "pink"), "boat": ("red", "white", "orange"),
        "rocket": ("red", "white", "orange"), "fish": ("orange", "yellow", "pink"), "tree": ("green",),
        "house": ("red", "orange", "white"), "flower": ("red", "pink", "purple", "yellow"), "snowman": ("white",),
    }
)  # fmt: skip
"""Noun -> colours that suit it; the others wear any."""
_HIGH, _LOW = ("top", "upper left", "upper right"), ("bottom", "lower left", "lower right")
_WESTERN, _EASTERN = ("left", "lower left", "upper left"), ("right", "lower right", "upper right")
_CENTRAL: Final = ("middle", "left", "right")
_STARTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "still": _CENTRAL, "left": _EASTERN, "right": _WESTERN, "up": _LOW, "down": _HIGH, "bounce": _LOW,
        "roll": ("lower left", "lower right", "bottom"), "spin": _CENTRAL, "grow": _CENTRAL, "shrink": _CENTRAL,
        "fall": _HIGH, "orbit": ("top", "middle", "upper left", "upper right"),
    }
)  # fmt: skip
"""Motion -> where it starts with room to go."""
_DEPTHS: Final = (0.2, 0.5, 0.8)
_APART: Final = 0.4
"""Things whose centres are this far apart (of the view's width) do not hide each other."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A clip with nothing left open, and what there is to say about it."""

    clip: Clip
    notes: tuple[str, ...]


def stage(found: Found, seed: int) -> Staged:
    """The clip that a text describes; the same seed, the same clip."""
    staging = _Staging(random.Random(seed), found)
    clip = staging.clip(seed)
    return Staged(clip, (*staging.notes, *staging.choices()))


def habits(noun: str) -> tuple[str, ...]:
    """Motions that suit a noun."""
    return _HABITS[noun]


@dataclass(slots=True)
class _Staging:
    """A clip while it is being filled in."""

    rng: random.Random
    found: Found
    notes: list[str] = field(default_factory=list[str])
    """What cannot be shown as it was said."""
    chosen: list[str] = field(default_factory=list[str])
    """What was left open: `the scene`, `a colour`, `a motion`."""
    colours: set[str] = field(default_factory=set[str])
    """Colours that are worn already, or will be."""
    places: list[str] = field(default_factory=list[str])
    """Positions that are taken already, or will be."""

    def clip(self, seed: int) -> Clip:
        """The clip, complete."""
        wanted = self._cast()
        scene = self.found.scene or self._scene(wanted[0].noun)
        self.colours = {thing.colour for thing in wanted if thing.colour}
        self.places = [thing.position for thing in wanted if thing.position]
        things = tuple(self._thing(one, len(wanted), depth) for one, depth in zip(wanted, _DEPTHS, strict=False))
        return Clip(things, scene, self.found.camera or "still", self.found.style or STYLES[0], seed)

    def choices(self) -> list[str]:
        """One sentence on what was filled in, if anything was."""
        parts = list(dict.fromkeys(self.chosen))
        return [f"The prompt leaves open {listed(parts)}; another try chooses otherwise."] if parts else []

    def _cast(self) -> list[FoundThing]:
        """One to three things, each kind once."""
        if not self.found.things:
            noun = self.rng.choice(NOUNS)
            self.notes.append(f"The prompt names nothing that the pocket world can draw; here is a {noun}.")
            return [FoundThing(noun)]
        each = {thing.noun: thing for thing in reversed(self.found.things)}
        for noun in dict.fromkeys(thing.noun for thing in self.found.things):
            if sum(thing.noun == noun for thing in self.found.things) > 1:
                self.notes.append(f"A clip shows each kind of thing once; it leaves out the other {noun}.")
        cast = [thing for thing in self.found.things if each[thing.noun] is thing]
        if len(cast) > MOST_THINGS:
            extra = listed([f"the {thing.noun}" for thing in cast[MOST_THINGS:]])
            self.notes.append(f"A clip shows at most three things; it leaves out {extra}.")
        return cast[:MOST_THINGS]

    def _scene(self, noun: str) -> str:
        self.chosen.append("the scene")
        return self.rng.choice(_AT_HOME[noun])

    def _thing(self, wanted: FoundThing, count: int, depth: float) -> Thing:
        """A thing with all its facts: the ones given, and others that suit. One of several is small."""
        colour = wanted.colour or self._colour(wanted.noun)
        size = wanted.size or (self.rng.choice(tuple(SIZES)) if count == 1 else "small")
        motion = wanted.motion or self._motion(wanted.noun)
        speed = "slow" if motion == "still" else wanted.speed or self.rng.choice(SPEEDS)
        thing = Thing(wanted.noun, colour, size, motion, speed, 0.5, 0.5, depth)
        towards = wanted.direction if motion == "roll" else None
        position = wanted.position
        if position and towards and towards in position:
            self.notes.append(f"What rolls to the {towards} starts on the other side, so it moves there.")
            position = None
        return placed(thing, position or self._place(thing, towards), towards)

    def _colour(self, noun: str) -> str:
        self.chosen.append("a colour")
        suiting = _COATS.get(noun, tuple(COLOURS))
        colour = self.rng.choice([colour for colour in suiting if colour not in self.colours] or suiting)
        self.colours.add(colour)
        return colour

    def _motion(self, noun: str) -> str:
        self.chosen.append("a motion")
        return self.rng.choice(_HABITS[noun])

    def _place(self, thing: Thing, towards: str | None) -> str:
        """A position from which the thing's motion stays in view, apart from the others where there is room."""
        options = [place for place in _STARTS[thing.motion] if not (towards and towards in place)]
        camera = self.found.camera or "still"
        seen = [place for place in options if stays_in_view(placed(thing, place, towards), camera)] or options
        wide = [place for place in seen if self._room(place) >= _APART]
        place = self.rng.choice(wide) if wide else max(seen, key=self._room)
        self.places.append(place)
        return place

    def _room(self, place: str) -> float:
        """How far a position is from the nearest one that is taken."""
        return min((dist(POSITIONS[place], POSITIONS[other]) for other in self.places), default=1.0)


def placed(thing: Thing, place: str, towards: str | None) -> Thing:
    """The thing at a position; in the middle a hair to one side, where that says which way it rolls."""
    x, y = POSITIONS[place]
    return replace(thing, x=x - 0.01 if towards == "right" and x == 0.5 else x, y=y)


def listed(parts: Sequence[str]) -> str:
    """`the scene`, `the scene and a colour`, `the scene, a colour and a motion`."""
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
