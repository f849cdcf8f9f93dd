"""Which action a person's words mean in a state; and honestly, what in them this world has no word for.

Travels, falls, breaking and waiting are read here; all else is what the reader of edits makes of it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Final

from engine.errors import UnknownActionError
from engine.pocket.changes import Edit
from engine.pocket.edits import complete
from engine.pocket.found import Found, FoundThing
from engine.pocket.orders import read as read_order
from engine.pocket.phrases import Word, words
from engine.pocket.vocabulary import verb_forms
from engine.pocket.world import Clip
from engine.pocket.worlds.actions import TRAVELS, Action

_BREAKING: Final = frozenset(
    {"broke", "broken", "pieces", *(f for verb in ("break", "shatter", "smash", "crack") for f in verb_forms(verb))}
)
_ORDINARY: Final = frozenset({"changes"})
"""Words of actions that say nothing about the world, and that orders do not have."""
_DENYING: Final = frozenset({"no", "not"})
"""Words that say nothing in an order, and of an action that it does not happen."""
_NOTHING: Final = re.compile(
    r"^(?:nothing (?:happens|changes|moves)|(?:just )?wait(?: a (?:bit|moment))?|everything stays(?: as it is)?|"
    r"all is still|time passes|do nothing)[.!]?$"
)
_EXAMPLE: Final = 'Say what happens to what, as in "the car drives left" or "night falls".'
_KINDS: Final = {"recolour": "recolour", "replace": "become", "add": "appear", "scene": "scene"}
"""Edit -> action."""


def heard(text: str, state: Clip) -> Action:
    """The action that the words mean in this state; what they leave open of a thing that appears is filled in.

    Whether it can happen is not asked. Raises UnknownActionError for words that mean none, and for a thing that is
    named in a colour that it does not have.
    """
    plain = text.strip().lower()
    if _NOTHING.match(plain):
        return Action("wait")
    order = read_order(text)
    said = words(text)
    strange = [word for word in order.unknown if word not in _BREAKING | _ORDINARY]
    strange += [word.text for word in said if word.text in _DENYING]
    if strange:
        raise UnknownActionError("This world has no word for that", _EXAMPLE, value=", ".join(strange[:4])[:60])
    kind = _moving(said)
    if kind and (order.edit is None or order.edit.kind == "remove"):
        return Action(kind, _subject(said, state))
    action = _edited(order.edit, state, said) if order.edit else None
    if action is None:
        raise UnknownActionError("These words name no action that this world knows", _EXAMPLE, value=text.strip()[:60])
    return action


def _moving(said: Sequence[Word]) -> str | None:
    """The kind, where the words tell of going, falling or breaking."""
    if any(word.text in _BREAKING for word in said):
        return "break"
    told = {word.canonical for word in said if word.category in ("way", "motion")}
    if "fall" in told:
        return "drop"
    ways = [way for way in TRAVELS if way in told]
    return ways[0] if ways else None


def _subject(said: Sequence[Word], state: Clip) -> str:
    """Which thing is meant: the noun, or the only thing there. Raises UnknownActionError when that is open."""
    nouns = [word.canonical for word in said if word.category == "noun"]
    if not nouns and len(state.things) != 1:
        raise UnknownActionError("The words do not say which thing is meant", _EXAMPLE)
    noun = nouns[0] if nouns else state.things[0].noun
    colours = [word.canonical for word in said if word.category == "colour"]
    _check_colour(noun, colours[0] if colours else None, state)
    return noun


def _check_colour(noun: str, colour: str | None, state: Clip) -> None:
    thing = next((thing for thing in state.things if thing.noun == noun), None)
    if thing and colour and thing.colour != colour:
        raise UnknownActionError(
            f"There is no {colour} {noun} here", f"The {noun} is {thing.colour}.", value=f"{colour} {noun}"
        )


def _edited(edit: Edit, state: Clip, said: Sequence[Word]) -> Action | None:
    """The action that an edit is; None for one that only a hand from outside could do."""
    if edit.kind == "resize":
        return Action("grow" if edit.size == "large" else "shrink", edit.noun or _subject(said, state))
    kind = _KINDS.get(edit.kind)
    if kind is None:
        return None
    if kind == "appear":
        things = tuple(FoundThing(thing.noun, thing.colour, position=thing.position) for thing in state.things)
        there = Found(things, state.scene, state.camera, ())
        whole = complete(edit, there, random.Random(f"{edit.noun}/{state.seed}"))
        return Action(kind, whole.noun, colour=whole.colour, position=whole.position)
    noun = None if kind == "scene" else edit.noun or _subject(said, state)
    return Action(kind, noun, colour=edit.colour, other=edit.other, scene=edit.scene)
