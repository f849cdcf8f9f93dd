"""Which things a person's words name, for the detector to look for: keywords, or an instruction."""

from __future__ import annotations

import re
from typing import Final

from engine.pocket.orders import read
from engine.pocket.phrases import Word, words

_ARTICLES: Final = frozenset({"a", "an", "the", "that", "this", "my", "its", "some", "any"})
_EVERYTHING: Final = frozenset({"everything", "all", "anything"})
_ADJECTIVES: Final = frozenset({"colour", "size"})
_THINGS: Final = frozenset({"noun", "unknown"})
_BREAKS: Final = frozenset({"comma", "break"})
_END: Final = Word(".", "break", ".")
_INDEFINITE: Final = frozenset({"thing", "things", "one", "ones", "object", "objects"})


def named(text: str) -> tuple[str, ...]:
    """The things that the words name, each once and in order, as short phrases: `red ball`, `car`, `everything blue`.

    Of keywords (`red ball, a dragon`) every one counts, known to the pocket world or not. Of an instruction those
    that are to change: in "turn the car into a boat" the car; in "make it night" or "add a star" nothing that is there.
    """
    said = words(text)
    if not said or _is_list(said):
        return _mentions(said)
    edit = read(text).edit
    if edit is None:
        return _mentions(said)
    if edit.noun is None or edit.kind == "add":
        return ()
    return tuple(phrase for phrase in _mentions(said, known=True) if phrase.split()[-1] != edit.other)


def spoken(phrase: str) -> str:
    """A phrase as the detector was taught to read it: with an article, if it names a thing."""
    return phrase if phrase.split()[0] in _EVERYTHING else f"the {phrase}"


def _is_list(said: list[Word]) -> bool:
    """Whether the words are things and nothing else: articles, adjectives, nouns, commas."""
    plain = _ADJECTIVES | _THINGS | _BREAKS
    return not any(_is_verb(word, after) for word, after in zip(said, _after(said), strict=True)) and all(
        word.category in plain or word.text in _ARTICLES | _EVERYTHING | _INDEFINITE for word in said
    )


def _is_verb(word: Word, after: Word) -> bool:
    """Whether a word of no meaning stands before an article, as in "erase the ball"."""
    return word.category == "unknown" and (after.text in _ARTICLES | _EVERYTHING)


def _mentions(said: list[Word], known: bool = False) -> tuple[str, ...]:
    """Every thing with the colour before it; a word of no meaning counts as one where a noun would stand."""
    found: list[str] = []
    colour, before = "", _END
    for word, after in zip(said, _after(said), strict=True):
        opens = before.category in _BREAKS | _ADJECTIVES or before.text in _ARTICLES
        strange = word.category == "unknown" and opens and after.category not in _THINGS and not _is_verb(word, after)
        if word.category == "colour":
            colour = f"{colour} {word.canonical}" if colour == "everything" else word.canonical
        elif word.category == "noun" or (strange and not known):
            found.append(f"{colour} {_canonical(word)}".strip())
            colour = ""
        elif word.text in _EVERYTHING:
            colour = "everything"
        elif word.text in _INDEFINITE and colour:
            colour = f"everything {colour}".replace("everything everything", "everything")
        elif word.text not in _ARTICLES and word.category not in ("size", "unknown"):
            found += [colour] if colour.startswith("everything") else []
            colour = ""
        before = word
    found += [colour] if colour.startswith("everything") else []
    return tuple(dict.fromkeys(found))


def _after(said: list[Word]) -> list[Word]:
    """The word after each; a full stop after the last."""
    return [*said[1:], _END] if said else []


def _canonical(word: Word) -> str:
    """The vocabulary's word for a thing; the person's own where there is none."""
    return word.canonical if word.category == "noun" else re.sub(r"[^a-z0-9']", "", word.text)
