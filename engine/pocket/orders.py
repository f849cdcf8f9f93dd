"""Which edit a person's words ask for; and honestly, what in them the pocket world has no word for.

A small reader of single orders, not of English: it finds the things that are named and how (the ball, a boat), the
colours and sizes that stand alone, and a few telling words (remove, add, instead), and decides from these.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.pocket.changes import Edit
from engine.pocket.found import Found
from engine.pocket.order_wordings import ORDERS, SCENE_ORDERS
from engine.pocket.phrases import Word, words

_REMOVING: Final = frozenset({
    "away", "delete", "disappear", "disappears", "erase", "gone", "hide", "no", "omit", "remove", "removes",
    "rid", "vanish", "vanishes", "without",
})  # fmt: skip
_ADDING: Final = frozenset({
    "add", "adds", "also", "another", "include", "insert", "new", "place", "put", "show", "there", "want",
})  # fmt: skip
_REPLACING: Final = frozenset({
    "become", "becomes", "convert", "exchange", "instead", "into", "morph", "replace", "substitute", "swap",
    "transform",
})  # fmt: skip
_DEFINITE: Final = frozenset({"its", "my", "that", "the", "this"})
_INDEFINITE: Final = frozenset({"a", "an", "another", "new", "some"})
_MARKS: Final = r"\bdark\b|\bin place of\b|\bleave out\b|\bit (?:be |to |become )?an?\b"
"""Several words that tell something together."""
_ORDINARY: Final = frozenset({
    "bring", "can", "change", "could", "cover", "day", "draw", "dye", "edit", "enlarge", "i'd", "i'm",
    "leave", "let's", "like", "much", "need", "recolor", "repaint", "resize", "rid", "send", "switch", "them",
    "tint", "turn", "video", "want", "would",
})  # fmt: skip
"""Words of orders that say nothing about the world."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was understood of an order."""

    edit: Edit | None
    """The edit asked for; of several the first. None: none was understood. An `add` may leave facts open."""
    unknown: tuple[str, ...]
    """Words that the pocket world does not know, in order, once each."""
    notes: tuple[str, ...]
    """A sentence on each thing that is not done as it was said."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A thing as the order names it."""

    noun: str | None
    """None for `one`: "a green one"."""
    new: bool
    """Whether it has an indefinite article."""
    facts: dict[str, str]
    """colour and size that stand before it."""
    beside: bool
    """Whether a word like `next to` stands before it."""


@dataclass(slots=True)
class _Order:
    """An order while it is being read."""

    things: list[_Named] = field(default_factory=list[_Named])
    alone: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Colours and sizes that stand before no thing, and growing and shrinking as sizes."""
    facts: dict[str, str] = field(default_factory=dict[str, str])
    """scene, style, position, and whatever else is named: the first of each."""
    waiting: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    new: bool = False
    beside: bool = False

    def take(self, word: Word, before: str) -> None:
        """The next word of the order; and the one before it."""
        match word.category:
            case "colour" | "size":
                if before not in ("of", "from"):
                    self.waiting.append((word.category, word.canonical))
            case "noun":
                self._name(word.canonical)
            case "motion" if word.canonical in ("grow", "shrink"):
                self.alone.append(("size", "large" if word.canonical == "grow" else "small"))
            case "near":
                self.beside = True
            case "comma" if word.text == ",":
                pass
            case "stop" if word.text not in _DEFINITE | _INDEFINITE | {"one", "ones"}:
                pass
            case _:
                self._other(word)

    def _other(self, word: Word) -> None:
        if word.text in ("one", "ones") and self.waiting:
            self._name(None)
            return
        self.settle()
        if word.text in _DEFINITE | _INDEFINITE:
            self.new = word.text in _INDEFINITE
        elif word.category in ("scene", "style", "break"):
            self.new = False
        self.facts.setdefault(word.category, word.canonical)

    def _name(self, noun: str | None) -> None:
        self.things.append(_Named(noun, self.new, dict(reversed(self.waiting)), self.beside))
        self.waiting.clear()
        self.new = self.beside = False

    def settle(self) -> None:
        """What still waits for a thing stands alone."""
        self.alone += self.waiting
        self.waiting.clear()


def read(text: str, found: Found | None = None) -> Order:
    """Read an order of any length. `found` says what the clip shows, so that "it" and "the red one" can be meant."""
    tokens = words(text)
    order = _Order()
    for index, word in enumerate(tokens):
        order.take(word, tokens[index - 1].text if index else "")
    order.settle()
    said = {word.text for word in tokens} | {mark[0] for mark in re.finditer(_MARKS, text.lower())}
    edit, notes = _edit(order, said, found)
    known = _ORDINARY | _REMOVING | _ADDING | _REPLACING | _template_words()
    unknown = dict.fromkeys(word.text for word in tokens if word.category == "unknown" and word.text not in known)
    return Order(edit, tuple(unknown), (*notes, *_remarks(edit, order, tokens, found)))


def _template_words() -> frozenset[str]:
    templates = (*sum(ORDERS.values(), ()), *sum(SCENE_ORDERS.values(), ()))
    return frozenset(re.findall(r"\b[a-z]+\b", re.sub(r"\{\w+\}", " ", " ".join(templates))))


def _edit(order: _Order, said: set[str], found: Found | None) -> tuple[Edit | None, list[str]]:
    """The edit, most telling signs first; and what of it is left out."""
    replacing = bool(said & _REPLACING) or any(mark in said for mark in ("in place of", "it a", "it an", "it be a"))
    adding = bool(said & _ADDING) and not replacing
    old = next((thing for thing in order.things if not thing.new and not (adding and thing.beside)), None)
    others = [thing for thing in order.things if thing is not old and (thing.new or replacing)]
    new = others[0] if others else None
    if style := order.facts.get("style"):
        return Edit("style", style=style), []
    if order.things and not replacing and said & (_REMOVING | {"leave out"}):
        target = _meant(old or order.things[0], found)
        return (Edit("remove", target) if target else None), []
    if new and (old or replacing):
        return _exchange(_meant(old, found) or _only(found) or (new.noun if old else None), new)
    if new and new.noun:
        colour, size = new.facts.get("colour"), new.facts.get("size")
        return Edit("add", new.noun, colour=colour, size=size, position=order.facts.get("position")), []
    return _simple(order, _meant(old, found), said, found), []


def _simple(order: _Order, noun: str | None, said: set[str], found: Found | None) -> Edit | None:
    """A recolouring, a resizing, or another scene."""
    target = noun or (None if order.things else _only(found))
    facts = dict(reversed(order.alone))
    if target and "colour" in facts:
        return Edit("recolour", target, colour=facts["colour"])
    if target and "size" in facts:
        return Edit("resize", target, size=facts["size"])
    if scene := order.facts.get("scene") or ("night" if "dark" in said else None):
        return Edit("scene", scene=scene)
    return None


def _exchange(noun: str | None, new: _Named) -> tuple[Edit | None, list[str]]:
    """One thing for another; the same noun in another colour or size is a recolouring or resizing."""
    if noun is None:
        return None, []
    if new.noun in (None, noun):
        for fact, kind in (("colour", "recolour"), ("size", "resize")):
            if fact in new.facts:
                return Edit(kind, noun, **{fact: new.facts[fact]}), []
        return None, []
    notes = [f"The {new.noun} takes over the {noun}'s {fact}; change that in a second step." for fact in new.facts]
    return Edit("replace", noun, other=new.noun), notes


def _meant(thing: _Named | None, found: Found | None) -> str | None:
    """The noun that is meant; `one` is the thing of that colour or size that the clip shows."""
    if thing is None or thing.noun:
        return thing.noun if thing else None
    there = found.things if found else ()
    fitting = [one.noun for one in there if all(getattr(one, fact) == value for fact, value in thing.facts.items())]
    return fitting[0] if len(fitting) == 1 else None


def _only(found: Found | None) -> str | None:
    """The noun that "it" means: that of the only thing in the clip."""
    return found.things[0].noun if found and len(found.things) == 1 else None


def _remarks(edit: Edit | None, order: _Order, tokens: Sequence[Word], found: Found | None) -> list[str]:
    """What a person should know about how the order was taken."""
    nouns = {thing.noun for thing in found.things} if found else set[str]()
    if edit is None:
        moving = [word for word in tokens if word.category in ("go", "speed", "camera", "way")]
        moving += [word for word in tokens if word.category == "motion" and not word.text.startswith("turn")]
        return ["An edit keeps how things move; to change that, make the video again."] if moving else []
    remarks: list[str] = []
    if edit.noun and nouns and edit.kind != "add" and edit.noun not in nouns:
        remarks.append(f"The video does not seem to show a {edit.noun}.")
    twice = edit.other if edit.kind == "replace" else edit.noun if edit.kind == "add" else None
    if twice in nouns:
        remarks.append(f"The pocket world shows each kind of thing once, and there is a {twice} already.")
    if _asks_for_more(edit, order):
        remarks.append("One change at a time: the rest can follow in a second step.")
    return remarks


def _asks_for_more(edit: Edit, order: _Order) -> bool:
    """Whether the order says more than the edit does."""
    loose = len(order.alone) + ("scene" in order.facts) + ("style" in order.facts)
    whole = edit.kind in ("scene", "style")
    simple = edit.kind in ("recolour", "resize") and len(order.things) < 2
    things = {"remove": 1, "add": 1 + sum(thing.beside for thing in order.things)}.get(edit.kind, 2)
    return loose > (whole or simple) or len(order.things) > things
