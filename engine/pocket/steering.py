"""Motion controls for the pocket world: a heading and a speed, written into the sentence that says what moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from engine.errors import SettingError
from engine.pocket.found import Found, FoundThing
from engine.pocket.grammar import parse, plain_motion
from engine.pocket.vocabulary import NOUNS, POSITIONS, SPEEDS
from engine.pocket.world import MOST_THINGS, Thing, stays_in_view

NONE: Final = "none"
HEADINGS: Final = ("left", "right", "up", "down")
_SIDEWAYS: Final = ("left", "right")
_ALREADY: Final = {"fall": ("down",), "roll": _SIDEWAYS}
"""Motions that have a heading: they stay as they are where it is one of these."""
_PLAIN: Final = (None, "still", *HEADINGS)
"""Motions that a heading replaces without loss."""


@dataclass(frozen=True, slots=True)
class Control:
    """What the person sets beside the words."""

    heading: str = NONE
    """One of HEADINGS, or `none`: as the words say."""
    speed: str = NONE
    """One of SPEEDS, or `none`."""

    def __post_init__(self) -> None:
        for name, value, allowed in (("heading", self.heading, HEADINGS), ("speed", self.speed, SPEEDS)):
            if value not in (NONE, *allowed):
                limit = ", ".join((NONE, *allowed))
                raise SettingError(f"There is no such {name}", f"Choose one of {limit}.", value=value, limit=limit)


@dataclass(frozen=True, slots=True)
class Steered:
    """A motion sentence with the controls written into it."""

    motion: str
    """The sentence; as it was where the controls change nothing."""
    notes: tuple[str, ...] = ()
    """A sentence on each wish that it cannot follow, and why."""


def steer(motion: str, control: Control, noun: str | None = None, scene: str = "") -> Steered:
    """The motion sentence with this heading and speed for one thing; plainly worded where anything changes.

    noun: which thing; None for the first that the sentence names. scene: says where it stands, if known: a thing at
    the left has no room to go left.
    """
    if control == Control():
        return Steered(motion)
    found, shown = parse(motion), parse(scene)
    named = [*found.things, *(thing for thing in shown.things if thing.noun not in {t.noun for t in found.things})]
    noun = noun or (named[0].noun if named else None)
    if noun is None:
        return Steered(motion, ("The words name nothing that could be steered.",))
    if noun not in NOUNS:
        return Steered(motion, (f"The pocket world has no {noun} that could be steered.",))
    thing = next((thing for thing in named if thing.noun == noun), FoundThing(noun))
    steered, notes = _steered(thing, control)
    if steered == thing:
        return Steered(motion, tuple(notes))
    moving = [steered if other.noun == noun else other for other in found.things]
    if noun not in {other.noun for other in found.things}:
        if len(moving) >= MOST_THINGS:
            return Steered(motion, (f"The words move {MOST_THINGS} other things already; a clip shows no more.",))
        moving.append(steered)
    return Steered(plain_motion(moving, found.camera), (*notes, *_room(steered, shown, found.camera)))


def _steered(thing: FoundThing, control: Control) -> tuple[FoundThing, list[str]]:
    """The thing on its new way; and what cannot be."""
    notes: list[str] = []
    heading = control.heading
    if heading != NONE and heading in _ALREADY.get(thing.motion or "", ()):
        thing = replace(thing, direction=heading if thing.motion == "roll" else None)
    elif heading != NONE:
        if thing.motion == "roll":
            notes.append(f"What rolls stays on the ground, so the {thing.noun} moves {heading} instead of rolling.")
        elif thing.motion not in _PLAIN:
            notes.append(f"The {thing.noun} does one thing at a time: it moves {heading} and no longer does the other.")
        thing = replace(thing, motion=heading, direction=heading)
    if control.speed != NONE:
        if thing.motion in (None, "still"):
            notes.append(f"The {thing.noun} stays still, so it has no speed: give it a heading or a motion first.")
        else:
            thing = replace(thing, speed=control.speed)
    return thing, notes


def _room(thing: FoundThing, shown: Found, camera: str | None) -> list[str]:
    """Whether the thing has room for its way from where the scene says that it stands."""
    position = next((other.position for other in shown.things if other.noun == thing.noun), None)
    if position is None or thing.direction is None:
        return []
    if thing.motion == "roll" and thing.direction in position:
        return [f"The {thing.noun} starts at the {position}, and what rolls there rolls to the middle."]
    x, y = POSITIONS[position]
    speed = thing.speed or SPEEDS[0]
    there = Thing(thing.noun, "red", "small", thing.direction, speed, x, y, 0.5)
    if stays_in_view(there, camera or "still"):
        return []
    return [f"The {thing.noun} starts at the {position}, so going {thing.direction} it leaves the picture."]
