"""Any text into what the pocket world can make of it, with a sentence on each thing that it cannot.

Emoji become words, words that the world lacks become the nearest that it has, what is to be avoided is set aside;
then engine.pocket.grammar reads the rest. English only: words in other scripts are named in the notes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from engine.pocket.grammar import Found, parse
from engine.pocket.stand_ins import StandIn, emoji_words, relatives, stand_in
from engine.pocket.vocabulary import NOUNS, lookup
from engine.pocket.wordings import SCENE_PHRASES

_WORD: Final = re.compile(r"[A-Za-z0-9']+")
_NEIGHBOURS: Final = re.compile(r"([a-z0-9']+)\s+(?=([a-z0-9']+))")
_WITHOUT: Final = re.compile(r"\b(?:without|no|avoid(?:ing)?)((?:\s+[a-z']+){1,4})", re.IGNORECASE)
_ARTICLES: Final = frozenset(("a", "an", "the", "any"))
_JOINER: Final = "\u200d"
_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "Sk"))
"""Unicode categories of what only colours, joins or directs: skin tones, joiners, marks."""
_MOST_NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class Understood:
    """What a prompt says, in the pocket world's terms."""

    found: Found
    """The facts; not limited to what one clip can show."""
    avoid: tuple[str, ...]
    """Known things that must not be seen: "red car"."""
    notes: tuple[str, ...]
    """A sentence for each thing that was replaced or left out."""
    replaced: tuple[str, ...]
    """Those of them that are about words with a stand-in."""
    text: str
    """What was read: English letters, the nearest words of this world, nothing of what is to be avoided."""


def understand(prompt: str) -> Understood:
    """Read a prompt of any length, script and kind."""
    english, unreadable = _in_english_letters(_with_emoji_spelled_out(prompt))
    kept, avoid = _set_aside(english)
    read, replaced = _with_stand_ins(kept)
    notes = list(replaced)
    found = parse(read)
    notes.extend(f"A clip shows each kind of thing once: one {noun}." for noun in _several(kept))
    if found.unknown:
        them = "it" if len(found.unknown) == 1 else "them"
        notes.append(f"The pocket world does not know {named(found.unknown)}, and leaves {them} out.")
    if unreadable:
        notes.append(f"The offline writer reads English and could not read {named(unreadable)}.")
    return Understood(found, avoid, tuple(notes), tuple(replaced), read)


def named(words: Iterable[str]) -> str:
    """Words in quotation marks as a list, the first few of them: `"happy", "shiny" and "wet"`."""
    distinct = [f'"{word[:40]}"' for word in dict.fromkeys(words)]
    if len(distinct) > _MOST_NAMED:
        return f"{', '.join(distinct[:_MOST_NAMED])} and {len(distinct) - _MOST_NAMED} more"
    return " and ".join(part for part in (", ".join(distinct[:-1]), distinct[-1]) if part)


def _with_emoji_spelled_out(prompt: str) -> str:
    """The prompt with each emoji as English words, neighbours apart by commas; unknown ones stay."""
    pieces: list[str] = []
    previous, after_emoji = "", False
    for character in unicodedata.normalize("NFC", prompt):
        category = unicodedata.category(character)
        if category == "So":
            if previous != _JOINER:  # an astronaut is a person, a joiner and a rocket: the person counts
                pieces.append((", " if after_emoji else " ") + (emoji_words(character) or _by_name(character)) + " ")
            after_emoji = True
        elif category not in _UNSEEN or character in "\n\t":
            pieces.append(character)
            after_emoji = after_emoji and character == " "
        elif category in ("Mn", "Me"):
            pieces.append(character)
        previous = character
    return "".join(pieces)


def _by_name(emoji: str) -> str:
    """The word in an emoji's Unicode name that this world can do something with, else the emoji itself."""
    words = re.findall(r"[a-z]+", unicodedata.name(emoji, "").lower())
    return next((word for word in words if (lookup(word) or ("",))[0] == "noun" or stand_in(word)), emoji)


def _in_english_letters(text: str) -> tuple[str, list[str]]:
    """The text without accents; and the words in other scripts, which are taken out of it."""
    kept: list[str] = []
    foreign: list[str] = []
    for word in text.split():
        plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
        if any(unicodedata.category(c) in ("Lo", "Ll", "Lu", "Lt", "So") and not c.isascii() for c in plain):
            foreign.append(word.strip(".,;:!?()\"'"))
        else:
            kept.append(plain)
    return " ".join(kept), foreign


def _set_aside(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without "no red cars" and the like; and the known things among them, singular: "red car"."""
    avoid: list[str] = []

    def taken_out(match: re.Match[str]) -> str:
        """The match without what is to be avoided, which is noted."""
        words = match[1].split()
        for count, word in enumerate(words):
            meaning, nearest = lookup(word), stand_in(word.lower())
            if (meaning and meaning[0] == "noun") or (nearest and nearest.category == "noun"):
                if meaning:
                    facts = [known[1] for known in map(lookup, words[:count]) if known and known[0] == "colour"]
                    avoid.append(" ".join([*facts, meaning[1]]))
                return " " + " ".join(words[count + 1 :])
            if word.lower() in parse(word).unknown:  # "without text": the pocket world has none anyway
                return " " + " ".join(words[count + 1 :])
            if word.lower() not in _ARTICLES and not (meaning and meaning[0] in ("colour", "size")):
                break
        return match[0]

    while (shorter := _WITHOUT.sub(taken_out, text)) != text:
        text = shorter
    return text, tuple(dict.fromkeys(avoid))


def _several(text: str) -> list[str]:
    """The nouns that stand in the plural: `balls` -> ball."""
    words = {match[0].lower() for match in _WORD.finditer(text)}
    plurals = [meaning[1] for word in words if word.endswith("s") and (meaning := lookup(word.removesuffix("s")))]
    return sorted({noun for noun in plurals if noun in NOUNS})


def _with_stand_ins(text: str) -> tuple[str, list[str]]:
    """The text with words that the world lacks replaced by the nearest; and a sentence on each kind of word."""
    before = parse(text)
    nearest = {word: near for word in before.unknown if (near := stand_in(word))}
    for word, following in _NEIGHBOURS.findall(text.lower()):
        if word in nearest and nearest[word].category == "noun" and _is_noun(following, nearest):
            del nearest[word]  # the first of two nouns only describes: a pirate ship, a toy car
    chosen = _spread(nearest, {thing.noun for thing in before.things})

    def replace(match: re.Match[str]) -> str:
        near = chosen.get(match[0].lower().removesuffix("'s"))
        return near.word if near else match[0]

    return _WORD.sub(replace, text), [_sentence(word, near) for word, near in chosen.items()]


def _is_noun(word: str, nearest: Mapping[str, StandIn]) -> bool:
    meaning = lookup(word)
    return meaning[0] == "noun" if meaning else word in nearest and nearest[word].category == "noun"


def _spread(nearest: Mapping[str, StandIn], taken: set[str]) -> dict[str, StandIn]:
    """The stand-ins, with another noun of the family where one is taken: a clip has each kind of thing once."""
    chosen: dict[str, StandIn] = {}
    for word, near in nearest.items():
        noun = near.word
        if near.category == "noun":
            noun = next((other for other in relatives(noun) if other not in taken), noun)
            taken = taken | {noun}
        chosen[word] = StandIn(near.category, noun)
    return chosen


def _sentence(word: str, near: StandIn) -> str:
    """What the person reads about one replacement."""
    match near.category:
        case "noun":
            return f"The pocket world has no {word}; it draws a {near.word} instead."
        case "colour":
            return f"The pocket world has no {word}; it paints {near.word} instead."
        case "scene":
            return f"The pocket world has no {word}; it is set {SCENE_PHRASES[near.word][0]} instead."
        case _:
            return f'The pocket world cannot show "{word}"; it shows "{near.word}" instead.'
