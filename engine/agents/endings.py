"""What becomes of a picture that the writer has not seen: what to find in it, what it shows, and how it ends.

All of it is what the text says, or follows from that. Where a thing ends is told only where the text says from where,
which way and how fast it goes; what the text leaves open stays open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from engine.agents.motions import moving
from engine.agents.offline_reader import named, understand
from engine.agents.staging import placed
from engine.pocket.changes import Edit
from engine.pocket.found import Found, FoundThing
from engine.pocket.grammar import parse, plain_motion, plain_scene
from engine.pocket.moment import seen_at
from engine.pocket.orders import read
from engine.pocket.vocabulary import SPEEDS
from engine.pocket.wordings import NOTHING
from engine.pocket.world import MOST_THINGS, Clip, Thing

BLIND: Final = (
    "The offline writer has not seen the picture, so it only repeats what you said. What you know of it and add here, "
    "colours and places too, helps the models."
)
_OPEN: Final = "The prompt does not say where it ends: that follows from where it is found, unless you say it here."
_LAST: Final = 16
"""The frame that counts as the end: the last of the usual 17."""
_EVERYTHING: Final = "everything"
"""The keyword for whatever is there."""
_TURNS: Final = re.compile(r"\bturn(?:s|ing|ed)?\b", re.IGNORECASE)
"""No spin, where something turns blue or into something."""
_CHANGES: Final = frozenset({"recolour", "replace", "remove", "resize", "scene", "style"})
_ORDERED: Final = re.compile(
    r"\b(?:turn|becom|chang|replac|swap|transform|morph|remov|delet|eras|take|get|without|disappear|vanish"
    r"|mak(?:e|ing)|paint|colou?r(?:ed|s)? it|dye|tint|now\b)",
    re.IGNORECASE,
)
"""What is said where something is to be another way: else a thing that moves is just told of, in its colour and place,
and two things are just named together."""
_GROWN: Final = {"grow": "large", "shrink": "small"}
_WAYS: Final = frozenset({"left", "right", "up", "down", "roll", "fall"})
"""Motions that lead elsewhere."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A picture and what becomes of it, in words."""

    keywords: str
    """Empty where the whole picture changes and no thing of it is named."""
    state: str
    end: str
    motion: str
    avoid: str
    notes: tuple[str, ...]


def ending(prompt: str, seed: int) -> Ending:
    """The plain wording of what the prompt says of a picture, of its end, and of what moves between.

    The seed decides how something moves where the prompt says neither that nor what else becomes of it.
    """
    understood = understand(prompt)
    moves = any(thing.motion not in (None, "still") for thing in understood.found.things)
    change, unknown = _change(understood.text, moves)
    found = understood.found if change is None else parse(_TURNS.sub("becomes", understood.text))
    found = replace(found, things=found.things[:MOST_THINGS])
    told = moving(prompt, seed)
    before = found if change is None else _before(found, change)
    after = _after(before, found.camera, change)
    lost = (_OPEN,) if any(_lost(thing, found.camera or "still") for thing in before.things) else ()
    return Ending(
        keywords=_keywords(before, change),
        state=_said(before, None) if before.things and before.scene else "",
        end=_said(after, change) or prompt.strip(),
        motion=told.motion if change is None else _motion(before),
        avoid=told.avoid,
        notes=(*(told.notes if change is None else (*understood.replaced, *unknown)), *lost, BLIND),
    )


def _change(text: str, moves: bool) -> tuple[Edit | None, tuple[str, ...]]:
    """What else than a motion is to happen, if anything; and a sentence on words that the reader does not know.

    moves: whether something is said to move.
    """
    order = read(text)
    edit = order.edit
    if edit is None or edit.kind not in _CHANGES:
        return None, ()
    if (moves or edit.kind in ("replace", "remove")) and not _ORDERED.search(text):
        return None, ()
    return edit, (f"The pocket world does not know {named(order.unknown)}.",) if order.unknown else ()


def _before(found: Found, change: Edit) -> Found:
    """What the text says of the picture as it is: without what it becomes."""
    things = [thing for thing in found.things if change.kind != "replace" or thing.noun != change.other]
    old = [
        replace(
            thing,
            colour=None if change.kind == "recolour" and thing.colour == change.colour else thing.colour,
            size=None if change.kind == "resize" and thing.size == change.size else thing.size,
        )
        if thing.noun == change.noun
        else thing
        for thing in things
    ]
    return replace(
        found,
        things=tuple(old),
        scene=None if change.kind == "scene" else found.scene,
        style=None if change.kind == "style" else found.style,
    )


def _after(found: Found, camera: str | None, change: Edit | None) -> Found:
    """What it shows once all has happened, as far as that follows."""
    things = tuple(_arrived(thing, camera or "still") for thing in found.things)
    after = replace(found, things=things)
    if change is None:
        return after
    changed = tuple(
        replace(
            thing,
            noun=change.other or thing.noun,
            colour=change.colour or thing.colour,
            size=change.size or thing.size,
        )
        if thing.noun == change.noun
        else thing
        for thing in things
        if change.kind != "remove" or thing.noun != change.noun
    )
    return replace(after, things=changed, scene=change.scene or found.scene, style=change.style or found.style)


def _arrived(thing: FoundThing, camera: str) -> FoundThing:
    """The thing at the end: its size if it grows or shrinks, its place if all speeds that it may have agree on it."""
    size = _GROWN.get(thing.motion or "", thing.size)
    if thing.position is None:
        return replace(thing, size=size)
    ends = {_end(thing, speed, camera) for speed in ((thing.speed,) if thing.speed else SPEEDS)}
    return replace(thing, size=size, position=ends.pop() if len(ends) == 1 else None)


def _end(thing: FoundThing, speed: str, camera: str) -> str | None:
    """Where it is then, as the pocket world moves it; None where it has left the picture."""
    actor = Thing(thing.noun, "red", thing.size or "small", thing.motion or "still", speed, 0.5, 0.5, 0.5)
    clip = Clip((placed(actor, thing.position or "middle", thing.direction),), "meadow", camera, "flat", 0)
    return next((one.position for one in seen_at(clip, _LAST).things), None)


def _lost(thing: FoundThing, camera: str) -> bool:
    """Whether it goes elsewhere and nothing says where to."""
    return thing.motion in _WAYS and _arrived(thing, camera).position is None


def _keywords(found: Found, change: Edit | None) -> str:
    """The things with the colours that were said; whatever is there for `it`, nothing for a change of all."""
    named = [" ".join(filter(None, (thing.colour, thing.noun))) for thing in found.things]
    return ", ".join(named) or ("" if change is not None and change.noun is None else _EVERYTHING)


def _motion(found: Found) -> str:
    """What moves while something changes: nothing but what is said to."""
    still = tuple(replace(thing, motion=thing.motion or "still") for thing in found.things)
    return plain_motion(still, found.camera)


def _said(found: Found, change: Edit | None) -> str:
    """The plain wording of a scene, as far as it is known; empty where nothing is."""
    if found.things or (change is not None and change.kind == "remove"):
        return plain_scene(found.things, found.scene, found.style)
    if not found.scene and not found.style:
        return ""
    return plain_scene((), found.scene, found.style).replace(NOTHING, _EVERYTHING, 1)
