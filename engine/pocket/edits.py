"""Edits: drawn for training, put into words, and (engine.pocket.orders) read from a person's words.

`Edit` and `apply` (engine.pocket.changes) and `read` are offered here as well.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from math import dist
from types import MappingProxyType
from typing import Final

from engine.pocket import wordings as w
from engine.pocket.changes import KINDS, Edit, apply
from engine.pocket.found import Found
from engine.pocket.grammar import articles, worded
from engine.pocket.order_wordings import ORDERS, SCENE_ORDERS, SIZED, THING_TEMPLATES
from engine.pocket.orders import Order, read
from engine.pocket.vocabulary import COLOURS, NOUNS, POSITIONS, SCENES, SIZES, STYLES
from engine.pocket.world import MOST_THINGS, Clip, Thing, is_held_out

__all__ = ["KINDS", "Edit", "Order", "apply", "complete", "instruction", "read", "sample_edit"]

_ALIKE: Final[Mapping[str, float]] = MappingProxyType({})
_CLEAR: Final = 0.3
"""An added thing's centre is this far from all others' starts, in view widths."""


def sample_edit(clip: Clip, rng: random.Random, shares: Mapping[str, float] = _ALIKE) -> Edit:
    """An edit that the clip can take and that changes it; each kind equally likely where it can be done, or as
    `shares` says: kind -> how likely, beside the others' 1.

    A clip without held-out triples gets none by its edit, so that training never sees one. A clip that is held out
    gets an edit whose outcome shows a held-out triple, where there is one.
    """
    kinds = list(KINDS)
    rng.shuffle(kinds)
    if shares:
        kinds.sort(key=lambda kind: rng.expovariate(shares.get(kind, 1.0)))
    for kind in kinds:
        edits = list(_POSSIBLE[kind](clip, rng))
        rng.shuffle(edits)
        for strict in (True, False):
            chosen = next((edit for edit in edits if _stays_aside(clip, apply(edit, clip), strict)), None)
            if chosen:
                return chosen
    return Edit("style", style=next(style for style in STYLES if style != clip.style))


def complete(edit: Edit, found: Found | None, rng: random.Random) -> Edit:
    """An `add` with colour, small size and a free place, where a person left them open; other edits as they are."""
    if edit.kind != "add":
        return edit
    taken = {thing.position for thing in found.things} if found else set[str | None]()
    worn = {thing.colour for thing in found.things} if found else set[str | None]()
    colour = rng.choice([colour for colour in COLOURS if colour not in worn])
    position = rng.choice([position for position in POSITIONS if position not in taken])
    return replace(edit, colour=edit.colour or colour, size=edit.size or "small", position=edit.position or position)


def instruction(edit: Edit, clip: Clip, rng: random.Random, plain: bool = False) -> str:
    """What a person might say to get the edit, in one of many wordings; plain: the first, "make the ball green"."""
    templates = ORDERS[edit.kind]
    if edit.scene and not plain and rng.random() < 0.4:
        templates = SCENE_ORDERS[edit.scene]
    values: dict[str, str] = {}
    for name, canonical, table in (
        ("colour", edit.colour, w.COLOUR_WORDS), ("other", edit.other, w.NOUN_WORDS), ("size", edit.size, w.SIZE_WORDS),
    ):  # fmt: skip
        if canonical:
            values[name] = canonical if plain else worded(canonical, table, rng)
    for name, canonical, phrases in (
        ("position", edit.position, w.POSITION_PHRASES), ("scene", edit.scene, w.SCENE_PHRASES),
        ("style", edit.style, w.STYLE_PHRASES), ("sized", edit.size, SIZED),
    ):  # fmt: skip
        if canonical:
            values[name] = phrases[canonical][0] if plain else rng.choice(phrases[canonical])
    if edit.scene:
        values["place"] = edit.scene if plain else rng.choice((edit.scene, *w.PLACE_WORDS[edit.scene]))
    if edit.noun:
        values["noun"] = edit.noun if plain else worded(edit.noun, w.NOUN_WORDS, rng)
        values["thing"] = values["noun"] if plain else _mention(edit, clip, values["noun"], rng)
    template = templates[0] if plain else rng.choice(templates)
    return articles(template.format(**values))


def _mention(edit: Edit, clip: Clip, noun: str, rng: random.Random) -> str:
    """The noun, sometimes with the colour or size that the thing has before the edit."""
    thing = next((thing for thing in clip.things if thing.noun == edit.noun), None)
    if thing is None:
        return noun
    template = rng.choice(THING_TEMPLATES)
    colour, size = worded(thing.colour, w.COLOUR_WORDS, rng), worded(thing.size, w.SIZE_WORDS, rng)
    return template.format(colour=colour, size=size, noun=noun)


def _stays_aside(clip: Clip, edited: Clip, strict: bool) -> bool:
    """Whether the outcome is on the clip's side; for a held-out clip only if strict."""
    if any(_held_out(clip)):
        return not strict or any(_held_out(edited))
    return not any(_held_out(edited))


def _held_out(clip: Clip) -> Iterable[bool]:
    return (is_held_out(thing.noun, thing.colour, clip.scene) for thing in clip.things)


def _recolours(clip: Clip, rng: random.Random) -> Iterable[Edit]:
    """None where the style shows no colours."""
    if clip.style == "film 1920s":
        return ()
    return (Edit("recolour", t.noun, colour=c) for t in clip.things for c in COLOURS if c != t.colour)


def _replaces(clip: Clip, rng: random.Random) -> Iterable[Edit]:
    return (Edit("replace", thing.noun, other=noun) for thing in clip.things for noun in _absent(clip))


def _removes(clip: Clip, rng: random.Random) -> Iterable[Edit]:
    return (Edit("remove", thing.noun) for thing in clip.things)


def _adds(clip: Clip, rng: random.Random) -> Iterable[Edit]:
    """One thing of every kind and colour that is not there, at a place that is free at the start."""
    free = [name for name, place in POSITIONS.items() if all(_clear(thing, place) for thing in clip.things)]
    if len(clip.things) < MOST_THINGS and free:
        for noun in _absent(clip):
            for colour in COLOURS:
                size = rng.choice(tuple(SIZES))
                yield Edit("add", noun, colour=colour, size=size, position=rng.choice(free))


def _clear(thing: Thing, place: tuple[float, float]) -> bool:
    return dist((thing.x, thing.y), place) > _CLEAR


def _scenes(clip: Clip, rng: random.Random) -> Iterable[Edit]:
    return (Edit("scene", scene=scene) for scene in SCENES if scene != clip.scene)


def _styles(clip: Clip, rng: random.Random) -> Iterable[Edit]:
    return (Edit("style", style=style) for style in STYLES if style != clip.style)


def _resizes(clip: Clip, rng: random.Random) -> Iterable[Edit]:
    return (Edit("resize", t.noun, size=size) for t in clip.things for size in SIZES if size != t.size)


def _absent(clip: Clip) -> list[str]:
    there = {thing.noun for thing in clip.things}
    return [noun for noun in NOUNS if noun not in there]


_POSSIBLE: Mapping[str, Callable[[Clip, random.Random], Iterable[Edit]]] = MappingProxyType(
    {
        "recolour": _recolours, "replace": _replaces, "remove": _removes, "add": _adds, "scene": _scenes,
        "style": _styles, "resize": _resizes,
    }
)  # fmt: skip
