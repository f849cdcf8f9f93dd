"""What moves in a picture or video that is there already: what the text says, and nothing made up about the rest."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from typing import Final

from engine.agents.offline_reader import Understood, understand
from engine.agents.staging import habits
from engine.pocket.found import Found, FoundThing
from engine.pocket.grammar import plain_motion, plain_scene
from engine.pocket.world import MOST_THINGS

_IT: Final = re.compile(r"\b(?:it|he|she|this|that|everything|something|they)\b", re.IGNORECASE)
_STAND_IN: Final = "ball"
"""What `it` is read as, so that the reader has a thing to give the motion to."""
_CALM: Final = ("bounce", "spin", "grow")
"""What suits anything, where it is."""
_OPEN: Final = "The prompt leaves open what moves how; another try chooses otherwise."


@dataclass(frozen=True, slots=True)
class Moving:
    """What goes on from a given picture or video."""

    state: str
    """What is there, where the text says enough of it; else empty: the model sees it."""
    motion: str
    avoid: str
    notes: tuple[str, ...]


def moving(prompt: str, seed: int) -> Moving:
    """The plain wording of what the prompt says: "the green car moves to the right". What it leaves open stays so.

    The seed decides how something moves where nothing is said of that at all.
    """
    understood = understand(prompt)
    named = bool(understood.found.things)
    found = understood.found if named else _read_as_it(understood)
    things, chosen = _acting(found.things[:MOST_THINGS], random.Random(seed))
    motion = plain_motion(things, found.camera)
    if not named:
        motion = motion.replace(f"the {_STAND_IN}", "it")
    notes = (*understood.notes, *((_OPEN,) if chosen else ()))
    return Moving(_state(found) if named else "", motion, ", ".join(understood.avoid), notes)


def _read_as_it(understood: Understood) -> Found:
    """The facts of a text that names no thing."""
    text, count = _IT.subn(f"the {_STAND_IN}", understood.text, count=1)
    found = understand(text if count else f"the {_STAND_IN} {text}").found
    return replace(found, things=found.things[:1] or (FoundThing(_STAND_IN),))


def _acting(things: tuple[FoundThing, ...], rng: random.Random) -> tuple[tuple[FoundThing, ...], bool]:
    """The things, one of them doing something; and whether that was made up."""
    if any(thing.motion for thing in things):
        return things, False
    first = things[0]
    options = _CALM if first.noun == _STAND_IN else habits(first.noun)
    return (replace(first, motion=rng.choice(options)), *things[1:]), True


def _state(found: Found) -> str:
    """A scene as the model was taught them: coloured things in a place; empty where the text says less."""
    known = [thing for thing in found.things[:MOST_THINGS] if thing.colour]
    return plain_scene(known, found.scene, found.style) if known and found.scene else ""
