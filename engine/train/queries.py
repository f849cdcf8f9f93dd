"""What a person may call the things in a clip, and which of them each phrase means: the detector's lessons.

Half of the phrases name something that is not there: another noun, the right noun in a wrong colour, a word from
outside the world. Size words are said but decide nothing, since things grow and shrink before the camera.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Dataset
from transformers import PreTrainedTokenizerFast

from engine.pocket import grammar
from engine.pocket import wordings as w
from engine.pocket.detector import PHRASE_TOKENS, encode_phrases
from engine.pocket.render import Layout, layout
from engine.pocket.vocabulary import COLOURS, NOUNS, SIZES, STYLES
from engine.pocket.world import MOST_THINGS, Clip, Thing, sample_clip
from engine.train import components

FRAMES = 17
"""Length of the clips that the frames are taken from."""
_STYLED = 0.15
"""Share of the clips that are drawn in another style than flat."""
_COLOURFUL = tuple(style for style in STYLES if style != "film 1920s")
"""Styles in which a colour can be told."""
_ARTICLES = ("", "", "the ", "a ")
_EVERYTHING = ("everything", "all things", "every thing", "all of it")
_EVERYTHING_OF = ("everything {colour}", "all {colour} things", "the {colour} one", "anything {colour}", "{colour}")
_PLAIN = 0.7
"""Share of plain words where a synonym exists."""


@dataclass(frozen=True, slots=True)
class Query:
    """A phrase, and what it means in one clip."""

    phrase: str
    """In lower case: `the red ball`."""
    slots: tuple[int, ...]
    """Places in the clip's `things`; empty when nothing there bears the name."""


def words() -> tuple[str, ...]:
    """Every word that a phrase can contain beside the grammar's own."""
    texts = (*_EVERYTHING, *_EVERYTHING_OF, *_ARTICLES)
    return tuple(sorted({word for text in texts for word in text.replace("{colour}", "").split()}))


def draw_queries(clip: Clip, count: int, rng: random.Random) -> tuple[Query, ...]:
    """Some phrases for a clip, about half of which name what is not there."""
    return tuple(rng.choices(_KINDS, _SHARES)[0](clip, rng) for _ in range(count))


def name(noun: str, colour: str | None, rng: random.Random) -> str:
    """A noun, with its colour if one is given, in one of many wordings: `a big crimson car`."""
    parts = [_word(rng.choice(tuple(SIZES)), w.SIZE_WORDS, rng)] if rng.random() < 0.25 else []
    parts += [_word(colour, w.COLOUR_WORDS, rng)] if colour else []
    return rng.choice(_ARTICLES) + " ".join([*parts, _word(noun, w.NOUN_WORDS, rng)])


def _there(clip: Clip, rng: random.Random) -> Query:
    """A thing on stage, by noun or by noun and colour."""
    slot = rng.randrange(len(clip.things))
    thing = clip.things[slot]
    return Query(name(thing.noun, thing.colour if rng.random() < 0.6 else None, rng), (slot,))


def _wrong_colour(clip: Clip, rng: random.Random) -> Query:
    """A thing on stage, in a colour that it does not have: if it can be, one that another thing has."""
    thing = rng.choice(clip.things)
    others = [other.colour for other in clip.things if other.colour != thing.colour]
    if not others or rng.random() < 0.5:
        others = [colour for colour in COLOURS if colour != thing.colour]
    return Query(name(thing.noun, rng.choice(others), rng), ())


def _absent(clip: Clip, rng: random.Random) -> Query:
    """A noun that is not on stage, often in a colour that is."""
    noun = rng.choice([noun for noun in NOUNS if all(noun != thing.noun for thing in clip.things)])
    draw = rng.random()
    colour = None if draw < 0.4 else rng.choice(clip.things).colour if draw < 0.7 else rng.choice(tuple(COLOURS))
    return Query(name(noun, colour, rng), ())


def _by_colour(clip: Clip, rng: random.Random) -> Query:
    """Everything of one colour: some of the things, or none."""
    colour = rng.choice(clip.things).colour if rng.random() < 0.6 else rng.choice(tuple(COLOURS))
    phrase = rng.choice(_EVERYTHING_OF).format(colour=_word(colour, w.COLOUR_WORDS, rng))
    return Query(phrase, _slots(clip, lambda thing: thing.colour == colour))


def _everything(clip: Clip, rng: random.Random) -> Query:
    return Query(rng.choice(_EVERYTHING), _slots(clip, lambda thing: True))


def _foreign(clip: Clip, rng: random.Random) -> Query:
    """Words from outside the world, or of its scenes: nothing is called so."""
    place = rng.choice(w.PLACE_WORDS[rng.choice(tuple(w.PLACE_WORDS))])
    noun = place if rng.random() < 0.4 else "<unk>"
    colour = f"{rng.choice(tuple(COLOURS))} " if rng.random() < 0.4 else ""
    return Query(rng.choice(_ARTICLES) + colour + noun, ())


def _slots(clip: Clip, meant: Callable[[Thing], bool]) -> tuple[int, ...]:
    return tuple(slot for slot, thing in enumerate(clip.things) if meant(thing))


def _word(canonical: str, table: w.Phrases, rng: random.Random) -> str:
    """The plain word, or now and then another one for it."""
    others = table[canonical]
    return rng.choice(others) if others and rng.random() >= _PLAIN else canonical


_KINDS: tuple[Callable[[Clip, random.Random], Query], ...] = (
    _there, _wrong_colour, _absent, _by_colour, _everything, _foreign,
)  # fmt: skip
_SHARES = (0.42, 0.21, 0.21, 0.09, 0.02, 0.05)


def tokenizer() -> PreTrainedTokenizerFast:
    """The grammar's words and those of the phrases."""
    return components.tokenizer((*grammar.words(), *words()))


@dataclass(frozen=True)
class Chunk:
    """One step's lesson, ready for the device."""

    number: int
    layout: Layout
    """One frame of each clip."""
    tokens: NDArray[np.int64]
    """(batch, queries, PHRASE_TOKENS)"""
    meant: NDArray[np.bool_]
    """(batch, queries, MOST_THINGS): which things each phrase means."""


class Lessons(Dataset[Chunk]):
    """Chunk n, from its number alone: clips n * batch and following, a moment of each, and phrases."""

    def __init__(self, batch: int, count: int, first: int = 0) -> None:
        self._batch, self._count, self._first = batch, count, first
        self._tokenizer = tokenizer()

    def __len__(self) -> int:
        return 10**9

    def __getitem__(self, index: int) -> Chunk:
        number, batch, count = self._first + index, self._batch, self._count
        clips = [sample_clip(i, False) for i in range(number * batch, (number + 1) * batch)]
        rngs = [random.Random(f"query/{clip.seed}") for clip in clips]
        clips = [_styled(clip, rng) for clip, rng in zip(clips, rngs, strict=True)]
        moments = np.array([rng.randrange(FRAMES) for rng in rngs])
        drawn = [draw_queries(clip, count, rng) for clip, rng in zip(clips, rngs, strict=True)]
        meant = np.zeros((batch, count, MOST_THINGS), bool)
        for row, asked in enumerate(drawn):
            for column, query in enumerate(asked):
                meant[row, column, list(query.slots)] = True
        tokens = encode_phrases(self._tokenizer, [query.phrase for asked in drawn for query in asked])
        plan, rows = layout(clips, FRAMES), np.arange(batch)
        plan = replace(
            plan, transforms=plan.transforms[rows, moments][:, None], cameras=plan.cameras[rows, moments][:, None]
        )
        return Chunk(number, plan, tokens.reshape(batch, count, PHRASE_TOKENS), meant)


def _styled(clip: Clip, rng: random.Random) -> Clip:
    """The clip as it is, or now and then in another style."""
    return replace(clip, style=rng.choice(_COLOURFUL)) if rng.random() < _STYLED else clip
