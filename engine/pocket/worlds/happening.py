"""What follows from an action in a state, and what cannot be: the pocket world's rules, apart from how they look.

A state is a clip in which nothing moves and the camera stands still. Things travel a step, as far as there is room;
what stands in the way is hit. Trees, houses and flowers have roots; balloons do not fall.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import dist
from types import MappingProxyType
from typing import Final

from engine.errors import ImpossibleActionError
from engine.pocket.changes import Edit, apply
from engine.pocket.moment import seen_at
from engine.pocket.vocabulary import POSITIONS, SCENES, SIZES, STYLES
from engine.pocket.world import GROUND, MOST_THINGS, TRAVEL, Clip, Thing
from engine.pocket.worlds.actions import TRAVELS, Action

GROUND_NAME: Final = "ground"
"""What is hit where no thing is."""
STEP: Final = TRAVEL["slow"]
"""How far a thing travels by one action."""
ROOTED: Final = frozenset({"tree", "house", "flower"})
FLOATING: Final = frozenset({"balloon"})
_SHORTEST: Final = 0.1
"""A shorter way is none: nobody would see it."""
_SHORTEST_DROP: Final = 0.28
"""Farther than a step, so that a drop is not a step down."""
_RIM: Final = 0.1
"""How near to the rim of the view a thing's centre may come."""
_TOUCH: Final = 0.45
"""Things touch when their centres are this many times the sum of their sizes apart."""
_INSIDE: Final = 0.6
"""Of that distance: nearer things stand one behind the other and pass."""
_CLEAR: Final = 0.3
"""A thing appears only where all others are farther than this from it."""


@dataclass(frozen=True, slots=True)
class Impact:
    """Something hit something."""

    striker: str
    """The noun of the thing that moved."""
    struck: str
    """The noun of what it hit, or GROUND_NAME."""


@dataclass(frozen=True, slots=True)
class Happening:
    """A transition: a state, an action, and what followed."""

    before: Clip
    action: Action
    after: Clip
    impact: Impact | None = None
    """The first thing that was hit, if any."""


def state_of(clip: Clip, frame: int = 0) -> Clip:
    """One frame of a clip as a state: what is seen then, standing still."""
    return seen_at(clip, frame)


def happen(state: Clip, action: Action) -> Happening:
    """What follows from the action.

    Raises ImpossibleActionError where the state does not allow it, or the world never does, and SettingError where
    the action is not told whole.
    """
    if action.noun is not None and action.kind != "appear":
        _there(state, action.noun)
    return _RULES[action.kind](state, action)


def ever(action: Action) -> None:
    """Raise ImpossibleActionError for what no state allows: roots that travel, a balloon that falls."""
    if action.kind in TRAVELS or action.kind in ("drop", "break"):
        thing = Thing(action.noun or "", "red", "small", "still", "slow", 0.5, 0.5, 0.5)
        lone = Clip((thing,), SCENES[0], "still", STYLES[0], 0)
        _acting(lone, action, "travel" if action.kind in TRAVELS else "fall")
        if action.kind not in TRAVELS:
            _fall(lone, action)


def _there(state: Clip, noun: str) -> Thing:
    """The thing of this noun."""
    for thing in state.things:
        if thing.noun == noun:
            return thing
    seen = ", ".join(f"{thing.colour} {thing.noun}" for thing in state.things) or "nothing"
    raise ImpossibleActionError(f"There is no {noun} here", f"The picture shows: {seen}.", value=noun)


def _acting(state: Clip, action: Action, verb: str) -> Thing:
    """The thing that is to move. Raises ImpossibleActionError for one with roots."""
    thing = _there(state, action.noun or "")
    if thing.noun in ROOTED:
        raise ImpossibleActionError(
            f"A {thing.noun} does not {verb}: it stays where it stands", "Let another thing do it.", value=thing.noun
        )
    return thing


def _room(state: Clip, thing: Thing, way: tuple[int, int], most: float) -> tuple[float, str | None]:
    """How far the thing gets, at most so far; and the noun of what stops it, if something does."""
    room, struck = most, None
    for other in state.things:
        if other.noun == thing.noun:
            continue
        across = abs((other.x - thing.x) * way[1]) + abs((other.y - thing.y) * way[0])
        ahead = (other.x - thing.x) * way[0] + (other.y - thing.y) * way[1]
        touch = _TOUCH * (SIZES[thing.size] + SIZES[other.size])
        if across < touch and _INSIDE * touch < ahead < touch + room:
            room, struck = max(0.0, ahead - touch), other.noun
    return room, struck


def _travel(state: Clip, action: Action) -> Happening:
    """A step to one side, or as far as there is room."""
    thing, way = _acting(state, action, "travel"), TRAVELS[action.kind]
    lowest = GROUND - SIZES[thing.size] / 2
    edges = {"left": thing.x - _RIM, "right": 1 - _RIM - thing.x, "up": thing.y - _RIM, "down": lowest - thing.y}
    edge = edges[action.kind]
    room, struck = _room(state, thing, way, min(STEP, max(edge, 0.0)))
    if room < _SHORTEST:
        reason = f"the {struck} is in the way" if struck else "it is at the edge already"
        raise ImpossibleActionError(
            f"The {thing.noun} cannot go any farther {action.kind}: {reason}", "Send it another way.", value=thing.noun
        )
    if action.kind == "down" and struck is None and edge < STEP:
        struck = GROUND_NAME
    moved = replace(thing, x=round(thing.x + way[0] * room, 3), y=round(thing.y + way[1] * room, 3))
    return Happening(state, action, _with(state, moved), Impact(thing.noun, struck) if struck else None)


def _drop(state: Clip, action: Action) -> Happening:
    """A fall to the ground, or onto what is below."""
    thing, fallen, struck = _fall(state, action)
    if fallen < _SHORTEST_DROP:
        raise ImpossibleActionError(
            f"The {thing.noun} cannot drop: it is near the {struck} already", "Move it up first.", value=thing.noun
        )
    moved = replace(thing, y=round(thing.y + fallen, 3))
    return Happening(state, action, _with(state, moved), Impact(thing.noun, struck))


def _break(state: Clip, action: Action) -> Happening:
    """A fall after which the thing is gone."""
    thing, _, struck = _fall(state, action)
    return Happening(state, action, apply(Edit("remove", thing.noun), state), Impact(thing.noun, struck))


def _fall(state: Clip, action: Action) -> tuple[Thing, float, str]:
    """The thing, how far it falls, and onto what."""
    thing = _acting(state, action, "fall")
    if thing.noun in FLOATING:
        raise ImpossibleActionError(f"A {thing.noun} does not fall: it floats", "Let it go down.", value=thing.noun)
    fallen, struck = _room(state, thing, TRAVELS["down"], max(GROUND - SIZES[thing.size] / 2 - thing.y, 0.0))
    return thing, fallen, struck or GROUND_NAME


def _resize(state: Clip, action: Action) -> Happening:
    thing, size = _there(state, action.noun or ""), "large" if action.kind == "grow" else "small"
    if thing.size == size:
        raise ImpossibleActionError(f"The {thing.noun} is {size} already", "Two sizes are all there are.", value=size)
    return Happening(state, action, apply(Edit("resize", thing.noun, size=size), state))


def _recolour(state: Clip, action: Action) -> Happening:
    thing = _there(state, action.noun or "")
    if thing.colour == action.colour:
        raise ImpossibleActionError(f"The {thing.noun} is {thing.colour} already", "Say another colour.")
    if state.style == "film 1920s":
        raise ImpossibleActionError("A silent film shows no colours", "Do something else.", value=str(action.colour))
    return Happening(state, action, apply(Edit("recolour", thing.noun, colour=action.colour), state))


def _become(state: Clip, action: Action) -> Happening:
    _absent(state, action.other)
    return Happening(state, action, apply(Edit("replace", action.noun, other=action.other), state))


def _appear(state: Clip, action: Action) -> Happening:
    """A small thing comes, in front of what is behind it."""
    _absent(state, action.noun)
    if len(state.things) >= MOST_THINGS:
        raise ImpossibleActionError(
            "There is no room for another thing", "Let one break first.", limit=f"{MOST_THINGS} things"
        )
    edit = Edit("add", action.noun, action.colour, size="small", position=action.position)
    after = apply(edit, state)
    place = POSITIONS[action.position or ""]
    near = next((thing for thing in state.things if dist((thing.x, thing.y), place) <= _CLEAR), None)
    if near:
        raise ImpossibleActionError(
            f"The {near.noun} stands there already", "Say another place.", value=str(action.position)
        )
    return Happening(state, action, after)


def _absent(state: Clip, noun: str | None) -> None:
    if any(thing.noun == noun for thing in state.things):
        raise ImpossibleActionError(f"There is a {noun} already, and each kind comes once", "Name another thing.")


def _change_scene(state: Clip, action: Action) -> Happening:
    if action.scene == state.scene:
        raise ImpossibleActionError("That is where we are already", "Name another place.", value=str(action.scene))
    return Happening(state, action, apply(Edit("scene", scene=action.scene), state))


def _wait(state: Clip, action: Action) -> Happening:
    return Happening(state, action, state)


def _with(state: Clip, moved: Thing) -> Clip:
    """The state with one thing elsewhere."""
    return replace(state, things=tuple(moved if thing.noun == moved.noun else thing for thing in state.things))


_RULES: Mapping[str, Callable[[Clip, Action], Happening]] = MappingProxyType(
    {
        "wait": _wait, **dict.fromkeys(TRAVELS, _travel), "drop": _drop, "break": _break, "grow": _resize,
        "shrink": _resize, "recolour": _recolour, "become": _become, "appear": _appear, "scene": _change_scene,
    }
)  # fmt: skip
