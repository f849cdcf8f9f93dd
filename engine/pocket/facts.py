"""What can be asked of a pocket clip in VideoVerse's ten dimensions, and what the simulator knows of it.

A fact is a few words: `("colour", "ball", "red")`. It belongs to one dimension, reads as one question, and holds in a
clip or does not; an event is a fact that comes true at a moment. How the dimensions are meant here:

- Mechanics: falling, hopping, rolling, turning, circling; Interaction: two things meet; Material Properties: what
  swells, shrinks, or keeps its size; Camera Control: what the camera does; Event Following: landings, tops of hops,
  first full turns, meetings, and the middle of the picture being passed, in their order.
- Natural Constraints: what a place is like; Common Sense: what kind of thing is there; Attribution Correctness: colour
  and size; 2D layout: where a thing begins, and on which side of another; 3D depth: which of two that meet is nearer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from types import MappingProxyType
from typing import Final

from engine.pocket.happenings import Fact, meeting
from engine.pocket.vocabulary import NOUNS
from engine.pocket.world import Clip

_APART: Final = 0.15
"""From which difference, in view widths, one thing is left of another."""
PLACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "meadow": "Is the ground green with grass, as it is in a meadow?",
        "night": "Is it a landscape of hills at night, under the moon?",
        "desert": "Is the place dry and sandy, as a desert is?",
        "snow": "Is the ground covered with snow, as it is in winter?",
        "sea": "Is there open water, as there is at sea?",
        "room": "Is it indoors, with a floor and walls?",
        "city": "Are there tall buildings, as in a city?",
        "space": "Is it out in space, with planets and stars?",
    }
)
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "car": "vehicle", "boat": "vehicle", "rocket": "vehicle", "fish": "animal", "bird": "animal",
        "butterfly": "animal", "tree": "plant", "flower": "plant", "house": "building",
    }
)  # fmt: skip
MECHANICS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "fall": "Does the {0} fall faster and faster, and bounce a little where it lands?",
        "bounce": "Does the {0} hop up and come down again as a thing with weight does?",
        "roll": "Does the {0} turn as it goes along, as a thing that rolls does?",
        "spin": "Does the {0} turn about its own middle without going anywhere?",
        "orbit": "Does the {0} go round in a circle?",
    }
)
MATERIAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "grow": "Does the {0} swell, as if it were being blown up?",
        "shrink": "Does the {0} shrink, as if its air went out?",
        "rigid": "Does the {0} stay as large as it is, as a stiff thing does?",
    }
)
CAMERA: Final[Mapping[str, str]] = MappingProxyType(
    {
        "still": "Does the camera stand still?",
        "pan left": "Does the camera pan to the left?",
        "pan right": "Does the camera pan to the right?",
        "zoom in": "Does the camera zoom in?",
        "zoom out": "Does the camera zoom out?",
    }
)


def dimension(fact: Fact) -> str:
    """Which of engine.evaluate.videoverse.dimensions.CHECKS a fact belongs to."""
    return {
        "moves": "Mechanics", "meet": "Interaction", "material": "Material Properties", "camera": "Camera Control",
        "place": "Natural Constraints", "kind": "Common Sense", "colour": "Attribution Correctness",
        "size": "Attribution Correctness", "begins": "2d_layout", "left of": "2d_layout", "nearer": "3d_depth",
    }[fact[0]]  # fmt: skip


def question(fact: Fact) -> str:
    """A fact as a yes-or-no question."""
    name, *words = fact
    match name:
        case "moves":
            return MECHANICS[words[1]].format(words[0])
        case "material":
            return MATERIAL[words[1]].format(words[0])
        case "camera":
            return CAMERA[words[0]]
        case "place":
            return PLACES[words[0]]
        case "kind":
            return f"Is there {'an' if words[0] == 'animal' else 'a'} {words[0]} in the video?"
        case "colour" | "size":
            return f"Is the {words[0]} {words[1]}?"
        case _:
            templates = {
                "meet": "Do the {0} and the {1} meet, so that one covers a part of the other?",
                "begins": "Does the {0} begin in the {1} half of the picture?",
                "left of": "At the beginning, is the {0} to the left of the {1}?",
                "nearer": "Where the {0} and the {1} meet, is the {0} in front?",
            }
            return templates[name].format(*words)


def holds(fact: Fact, clip: Clip) -> bool:
    """Whether a fact is true of a clip."""
    name, *words = fact
    there = {thing.noun: thing for thing in clip.things}
    if name in ("camera", "place", "kind"):
        kinds = {KINDS.get(noun) for noun in there}
        return {"camera": clip.camera == words[0], "place": clip.scene == words[0], "kind": words[0] in kinds}[name]
    named = [word for word in words if word in NOUNS]
    if any(noun not in there for noun in named):
        return False
    first = there[words[0]]
    match name:
        case "colour" | "size":
            return words[1] in (first.colour, first.size)
        case "moves":
            return first.motion == words[1]
        case "material":
            return (first.motion if first.motion in ("grow", "shrink") else "rigid") == words[1]
        case "begins":
            return {"left": first.x < 0.5, "right": first.x > 0.5, "upper": first.y < 0.5, "lower": first.y > 0.5}[
                words[1]
            ]
        case "left of":
            return first.x < there[words[1]].x - _APART
        case "nearer":
            return meeting(clip, *named) is not None and first.depth < there[words[1]].depth
        case _:
            return meeting(clip, *named) is not None


def true_of(clip: Clip) -> Iterator[Fact]:
    """Every fact that holds in a clip and is plain to see."""
    yield ("camera", clip.camera)
    yield ("place", clip.scene)
    for thing in clip.things:
        noun = thing.noun
        yield from (("colour", noun, thing.colour), ("size", noun, thing.size))
        if noun in KINDS:
            yield ("kind", KINDS[noun])
        if thing.motion in MECHANICS:
            yield ("moves", noun, thing.motion)
        yield ("material", noun, thing.motion if thing.motion in ("grow", "shrink") else "rigid")
        if abs(thing.x - 0.5) > _APART:
            yield ("begins", noun, "left" if thing.x < 0.5 else "right")
        if abs(thing.y - 0.5) > _APART:
            yield ("begins", noun, "upper" if thing.y < 0.5 else "lower")
    for one, other in combinations(clip.things, 2):
        left, right = sorted((one, other), key=lambda thing: thing.x)
        near, far = sorted((one, other), key=lambda thing: thing.depth)
        if right.x - left.x > _APART:
            yield ("left of", left.noun, right.noun)
        if meeting(clip, one.noun, other.noun) is not None:
            yield from (("meet", one.noun, other.noun), ("nearer", near.noun, far.noun))
