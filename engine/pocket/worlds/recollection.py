"""What is known of a state's things, carried along by the rules of the world and held against what is seen.

A detector misses what is blurred, and a generator lets colours wander; the rules say what an action leaves as it was.
So what nothing was done to keeps what is remembered of it, and where it is, is seen. Which earlier transitions tell of
the things of a step is found by likeness. Pure; knows no pixels.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import dist
from typing import Final

from engine.errors import ImpossibleActionError
from engine.pocket.vocabulary import COLOURS, NOUNS, SCENES, SIZES, STYLES
from engine.pocket.wordings import POSITION_PHRASES
from engine.pocket.world import MOST_THINGS, Clip, Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.happening import happen

Things = tuple[Thing, ...]
_SAME: Final = 0.12
"""What is seen nearer than this to a thing that is known is that thing."""
WAITING: Final = Action("wait")


@dataclass(frozen=True, slots=True)
class Correction:
    """What is remembered of a thing where something else was seen."""

    noun: str
    """Which thing."""
    remembered: str
    """Its colour, its size or its noun."""
    seen: str
    """What it was seen as; empty where it was not seen at all."""

    def told(self) -> str:
        """In words: "the tree is yellow, as it was, though it was seen as orange"."""
        if not self.seen:
            return f"the {self.remembered} is there, as it was, though it was not seen"
        a = "a " if self.remembered == self.noun else ""
        return f"the {self.noun} is {a}{self.remembered}, as it was, though it was seen as {a}{self.seen}"


@dataclass(frozen=True, slots=True)
class Recollection:
    """What is known of a state."""

    things: Things
    """At most MOST_THINGS, standing still; a colour is empty where nobody knows it."""
    corrections: tuple[Correction, ...] = ()
    """Where that is not what was seen."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A transition that lies behind, as it is known."""

    before: Things
    action: Action
    after: Things

    def changed(self, noun: str) -> bool:
        """Whether something was done to this thing, or it came by it."""
        return noun in (self.action.noun, self.action.other)

    def showed(self, noun: str) -> bool:
        """Whether the thing was there, before or after."""
        return any(thing.noun == noun for thing in (*self.before, *self.after))

    def told(self) -> str:
        """What it changed, in words: "the ball is green, not red, the car came"; "nothing" where that is all."""
        was = {thing.noun: thing for thing in self.before}
        now = {thing.noun: thing for thing in self.after}
        parts = [f"a new scene, {self.action.scene}"] if self.action.kind == "scene" else []
        parts += [f"the {noun} is gone" for noun in was if noun not in now]
        parts += [f"the {f'{one.colour} {noun}'.strip()} came" for noun, one in now.items() if noun not in was]
        for noun, one in ((noun, one) for noun, one in now.items() if noun in was):
            old, place = was[noun], POSITION_PHRASES
            pairs = [(old.colour, one.colour), (old.size, one.size), (place[old.position][0], place[one.position][0])]
            parts += [f"the {noun} is {new}, not {gone}" for gone, new in pairs if gone and new and gone != new]
        return ", ".join(parts) or "nothing"


@dataclass(frozen=True, slots=True)
class Reminder:
    """An earlier transition that came to mind."""

    place: int
    """On the way, counted from 0."""
    nouns: tuple[str, ...]
    """The things of this step that it tells of."""


def carried(things: Sequence[Thing], action: Action) -> Things:
    """What the world's rules say is there after the action; as before where they do not allow it."""
    return _followed(tuple(things), action)[0]


def reconciled(before: Sequence[Thing], action: Action, seen: Sequence[Thing]) -> Recollection:
    """What is known after an action: `before` as it was known, carried along by the rules, and what is seen now.

    Where a thing is, is seen. Its colour and size are what they were, or what the action made of them, unless what
    is seen is just what was before the action: then it did not happen. What is missed is still there, where it did not
    come by this action; what is seen where nothing is known to be counts as seen, as long as there is room.
    """
    expected, did = _followed(tuple(before), action)
    eyes = {thing.noun: thing for thing in seen}
    known: list[Thing] = []
    corrections: list[Correction] = []
    for thing in expected if did else tuple(before):
        held = _held(thing, before, action, eyes, seen)
        if held is not None:
            known.append(held[0])
            corrections += held[1]
    was = {thing.noun: thing for thing in before}
    news = [thing for thing in seen if all(_apart(thing, one) for one in known)]
    stayed = [_matched(was[one.noun], was[one.noun], one, False)[0] if one.noun in was else one for one in news]
    return Recollection((*known, *stayed)[:MOST_THINGS], tuple(corrections))


def renewed(one: Earlier) -> bool:
    """Whether pictures from before this transition no longer tell what is behind things: the scene is another one, or
    something is there that nothing brought, so that it was overlooked before."""
    brought = {one.action.noun if one.action.kind == "appear" else one.action.other}
    newcomers = {thing.noun for thing in one.after} - {thing.noun for thing in one.before} - brought
    return one.action.kind == "scene" or bool(newcomers)


def written(things: Sequence[Thing]) -> str:
    """What is known of things as text, to the third decimal."""
    return json.dumps([[one.noun, one.colour, one.size, round(one.x, 3), round(one.y, 3)] for one in things])


def read(text: str) -> Things:
    """What `written` wrote; nothing of any other text: a file may come from anywhere."""
    try:
        rows = json.loads(text)
        things = tuple(_thing(*row) for row in rows)
    except (ValueError, TypeError, RecursionError):
        return ()
    return things if len({one.noun for one in things}) == len(things) <= MOST_THINGS else ()


def recalled(way: Sequence[Earlier], things: Sequence[Thing], action: Action) -> tuple[Reminder, ...]:
    """Which earlier transitions tell of the things that this step names, in the order of the way.

    Of each thing the latest that changed it; else, of those that showed it, the one with most things in common, then of
    the same kind of action, then the latest. Never one that began as this step does, with the same action.
    """
    told: dict[int, list[str]] = {}
    for noun in dict.fromkeys(name for name in (action.noun, *(thing.noun for thing in things)) if name):
        free = [n for n, one in enumerate(way) if not (one.action == action and set(one.before) == set(things))]
        changed = [n for n in free if way[n].changed(noun)]
        showed = [n for n in free if way[n].showed(noun)]
        if changed:
            told.setdefault(changed[-1], []).append(noun)
        elif showed:
            told.setdefault(max(showed, key=lambda n: (*_likeness(way[n], things, action), n)), []).append(noun)
    return tuple(Reminder(place, tuple(nouns)) for place, nouns in sorted(told.items()))


def filled(things: Sequence[Thing], way: Sequence[Earlier], reminders: Sequence[Reminder]) -> Things:
    """The things, with the colours that earlier transitions showed where nobody sees one now."""
    shown = {thing.noun: thing.colour for one in reminders for thing in way[one.place].after if thing.noun in one.nouns}
    return tuple(replace(thing, colour=thing.colour or shown.get(thing.noun, "")) for thing in things)


def _followed(things: Things, action: Action) -> tuple[Things, bool]:
    """What follows, and whether it can."""
    elsewhere = next(scene for scene in SCENES if scene != action.scene)
    try:
        return happen(Clip(things, elsewhere, "still", STYLES[0], 0), action).after.things, True
    except ImpossibleActionError:
        return things, False


def _held(
    thing: Thing, before: Sequence[Thing], action: Action, eyes: dict[str, Thing], seen: Sequence[Thing]
) -> tuple[Thing, list[Correction]] | None:
    """What is known of an expected thing; None for one that was to come, and did not."""
    old = action.noun if action.noun and action.other == thing.noun and action.kind == "become" else thing.noun
    was = next((one for one in before if one.noun == old), None)
    now = eyes.get(thing.noun)
    if now is not None:
        return _matched(thing, was, now, action.noun == thing.noun)
    if old != thing.noun and old in eyes and was is not None:
        return _matched(was, was, eyes[old], False)
    if was is None:
        return None
    strange = [one for one in seen if all(one.noun != other.noun for other in before)]
    taken = next((one for one in strange if not _apart(one, thing)), None)
    missed = f"{thing.colour} {thing.noun}".strip()
    return thing, [Correction(thing.noun, thing.noun, taken.noun) if taken else Correction(thing.noun, missed, "")]


def _matched(thing: Thing, was: Thing | None, now: Thing, acted: bool) -> tuple[Thing, list[Correction]]:
    """A thing that is seen: where it is seen, looking as it is known to look."""
    fixed: list[Correction] = []
    looks: dict[str, str] = {}
    for what in ("colour", "size"):
        known, shown, past = (getattr(one, what) if one else "" for one in (thing, now, was))
        stayed = acted and was is not None and known != past and shown == past
        looks[what] = shown if stayed or not known else known
        if shown and shown != looks[what]:
            fixed.append(Correction(thing.noun, looks[what], shown))
    return replace(thing, x=now.x, y=now.y, colour=looks["colour"], size=looks["size"]), fixed


def _apart(one: Thing, other: Thing) -> bool:
    """Whether these are two things."""
    return one.noun != other.noun and dist((one.x, one.y), (other.x, other.y)) > _SAME


def _likeness(one: Earlier, things: Sequence[Thing], action: Action) -> tuple[int, int]:
    """Things in common, and whether the same kind of thing was done."""
    common = {thing.noun for thing in one.before} & {thing.noun for thing in things}
    return len(common), int(one.action.kind == action.kind)


def _thing(noun: str, colour: str, size: str, x: float, y: float) -> Thing:
    """A thing of this world. Raises ValueError, TypeError for any other."""
    if noun not in NOUNS or colour not in ("", *COLOURS) or size not in SIZES or not (0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError("no thing of this world")
    return Thing(noun, colour, size, "still", "slow", float(x), float(y), 0.5)


def box(thing: Thing) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a thing in the view, 0..1, clipped."""
    half = SIZES[thing.size] / 2
    sides = (thing.x - half, thing.y - half, thing.x + half, thing.y + half)
    left, top, right, bottom = (min(1.0, max(0.0, side)) for side in sides)
    return left, top, right, bottom
