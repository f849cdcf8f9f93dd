"""Actions in words: what a person would say happens, in many wordings; tables, and the one function that uses them.

In templates `{thing}` is a noun with its article and perhaps its colour, `{go}` a verb that suits it in the third
person, `{do}` the same in the base form, `{way}` a direction. The first of each is the plain one, the last is held out.
"""

from __future__ import annotations

import random
from types import MappingProxyType
from typing import Final

from engine.pocket import wordings as w
from engine.pocket.grammar import articles, worded
from engine.pocket.vocabulary import verb_forms
from engine.pocket.wordings import Phrases
from engine.pocket.world import NOWHERE, Clip
from engine.pocket.worlds.actions import TRAVELS, Action

_TRAVEL: Final = (
    "{thing} {go} {way}", "now {thing} {go} {way}", "{do} {thing} {way}", "let {thing} {do} {way}",
    "{thing} starts to {do} {way}", "we see how {thing} {go} {way}",
)  # fmt: skip
SAYINGS: Final[Phrases] = MappingProxyType(
    {
        "wait": (
            "nothing happens", "wait", "everything stays as it is", "all is still", "nothing changes", "nothing moves",
        ),
        **dict.fromkeys(TRAVELS, _TRAVEL),
        "drop": (
            "{thing} drops", "{thing} falls", "{thing} falls to the ground", "drop {thing}", "let {thing} fall",
            "{thing} drops down", "{thing} plunges to the ground",
        ),
        "break": (
            "{thing} drops and breaks", "{thing} breaks", "{thing} shatters", "smash {thing}", "break {thing}",
            "{thing} falls and goes to pieces", "{thing} falls down and shatters",
        ),
        "grow": ("{thing} grows", "{thing} gets bigger", "make {thing} bigger", "let {thing} grow", "{thing} expands"),
        "shrink": (
            "{thing} shrinks", "{thing} gets smaller", "make {thing} smaller", "let {thing} shrink", "{thing} dwindles",
        ),
        "recolour": (
            "{thing} turns {colour}", "make {thing} {colour}", "paint {thing} {colour}", "{thing} becomes {colour}",
            "let {thing} be {colour}",
        ),
        "become": (
            "{thing} turns into a {other}", "{thing} becomes a {other}", "turn {thing} into a {other}",
            "make {thing} a {other}", "replace {thing} with a {other}", "transform {thing} into a {other}",
        ),
        "appear": (
            "a {colour} {noun} appears {position}", "add a {colour} {noun} {position}",
            "a new {colour} {noun} appears {position}", "put a {colour} {noun} {position}",
            "{position} a {colour} {noun} appears",
        ),
        "scene": (
            "the scene changes to {place}", "change the scene to {place}", "now we are {scene}", "now it is {place}",
            "let it happen {scene}",
        ),
    }
)  # fmt: skip
SCENE_SAYINGS: Final[Phrases] = MappingProxyType(
    {"night": ("night falls", "it gets dark"), "snow": ("it starts to snow", "winter comes")}
)
"""What is said of some scenes alone."""


def say(action: Action, state: Clip, rng: random.Random, plain: bool = False, held_out: bool = False) -> str:
    """The action in one of many wordings; plain: the first. held_out takes those that training never sees."""
    templates = SAYINGS[action.kind]
    if action.scene and action.scene in SCENE_SAYINGS and not plain and not held_out and rng.random() < 0.4:
        templates = (*SCENE_SAYINGS[action.scene], "")
    template = templates[0] if plain else templates[-1] if held_out else rng.choice(templates[:-1])
    values = _verbs(action, rng, plain)
    for name, canonical, table in (
        ("noun", action.noun, w.NOUN_WORDS), ("colour", action.colour, w.COLOUR_WORDS),
        ("other", action.other, w.NOUN_WORDS),
    ):  # fmt: skip
        if canonical:
            values[name] = canonical if plain else worded(canonical, table, rng)
    for name, canonical, phrases in (
        ("position", action.position, w.POSITION_PHRASES), ("scene", action.scene, w.SCENE_PHRASES),
    ):  # fmt: skip
        if canonical:
            values[name] = phrases[canonical][0] if plain else rng.choice(phrases[canonical])
    if action.scene:
        values["place"] = action.scene if plain else rng.choice((action.scene, *w.PLACE_WORDS[action.scene]))
    return articles(template.format(**values, thing=_mention(action, state, values.get("noun", ""), rng, plain)))


def plainly(action: Action) -> str:
    """The action in its plain wording: "the car drives to the left"."""
    return say(action, NOWHERE, random.Random(0), plain=True)


def _verbs(action: Action, rng: random.Random, plain: bool) -> dict[str, str]:
    """How a thing goes, and where to."""
    if action.kind not in TRAVELS:
        return {}
    verbs = w.GO_VERBS.get(action.noun or "", ("move",))
    verb = verbs[0] if plain else rng.choice((*verbs, *w.MOVE_VERBS))
    ways = w.DIRECTION_PHRASES[action.kind]
    return {"do": verb, "go": verb_forms(verb)[1], "way": ways[0] if plain else rng.choice(ways)}


def _mention(action: Action, state: Clip, noun: str, rng: random.Random, plain: bool) -> str:
    """The thing with its article, sometimes with the colour that it has before; `it` never: someone may listen in."""
    thing = next((thing for thing in state.things if thing.noun == action.noun), None)
    if thing is None or plain or rng.random() < 0.5:
        return f"the {noun}"
    return f"the {worded(thing.colour, w.COLOUR_WORDS, rng)} {noun}"
