"""Transitions in all modalities as lessons: pictures as layouts, sounds as spectrograms, words as token ids."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset
from transformers import PreTrainedTokenizerFast

from engine.pocket import grammar
from engine.pocket.render import Layout, layout
from engine.pocket.worlds import tokens
from engine.pocket.worlds.happening import Happening
from engine.pocket.worlds.sayings import SAYINGS, SCENE_SAYINGS, say
from engine.pocket.worlds.sounds import sound_of
from engine.pocket.worlds.spectra import spectrogram
from engine.pocket.worlds.steps import sample_step, walk
from engine.pocket.worlds.tokens import Ids
from engine.train.components import tokenizer


@dataclass(frozen=True)
class FutureChunk:
    """Some transitions, each after another one: so the state before has been come to, and has a sound of its own."""

    number: int
    before: Layout
    """One frame each."""
    after: Layout
    sounds: NDArray[np.float32]
    """Heard on the way to the state, and on the way from it: (transitions, 2, BANDS, MOMENTS)."""
    state: Ids
    """The state before in one of many wordings."""
    action: Ids
    following: Ids
    """The state after, plainly."""
    plain: Ids
    """The state before, plainly: what copying would say."""
    earlier: Layout
    """The states that led to those before: what may come to mind."""
    deed: Ids
    """What was done to them, in words."""


def future(index: int, held_out: bool = False) -> tuple[Happening, Happening]:
    """The transition of an index, second, and the one that led to its state."""
    first = sample_step(index, held_out)
    return first, walk(first.after, 1, random.Random(f"future/{index}"), held_out)[0]


@cache
def vocabulary() -> PreTrainedTokenizerFast:
    """Every word of captions and actions."""
    texts = " ".join(text for table in (SAYINGS, SCENE_SAYINGS) for each in table.values() for text in each)
    return tokenizer((*grammar.words(), *re.findall(r"[a-z]+", re.sub(r"\{\w+\}", " ", texts))))


def ids_of(texts: Sequence[str]) -> Ids:
    """Texts as token ids, each with its end, then padding."""
    return tokens.ids_of(vocabulary().backend_tokenizer, texts)


def futures(numbers: Sequence[int], number: int = 0, held_out: bool = False) -> FutureChunk:
    """The transitions of these indices as numbers."""
    both = [future(each, held_out) for each in numbers]
    last = [step for _, step in both]
    rngs = [random.Random(f"words/{each}") for each in numbers]
    befores = [step.before for step in last]
    return FutureChunk(
        number,
        layout(befores, 1),
        layout([step.after for step in last], 1),
        np.stack([np.stack([spectrogram(sound_of(step)) for step in pair]) for pair in both]),
        ids_of([grammar.scene_caption(state, rng) for state, rng in zip(befores, rngs, strict=True)]),
        ids_of([say(step.action, step.before, rng) for step, rng in zip(last, rngs, strict=True)]),
        ids_of([grammar.canonical_scene(step.after) for step in last]),
        ids_of([grammar.canonical_scene(state) for state in befores]),
        layout([step.before for step, _ in both], 1),
        ids_of([say(step.action, step.before, rng) for (step, _), rng in zip(both, rngs, strict=True)]),
    )


class Futures(Dataset[FutureChunk]):
    """Every so-manieth chunk from a first one on, each from its number alone; it does not end."""

    def __init__(self, batch: int, first: int = 0, stride: int = 1) -> None:
        self._batch, self._first, self._stride = batch, first, stride

    def __len__(self) -> int:
        return 10**9

    def __getitem__(self, index: int) -> FutureChunk:
        number = self._first + index * self._stride
        return futures(range(number * self._batch, (number + 1) * self._batch), number)


def future_stream(batch: int, first: int, processes: int, stride: int = 1) -> DataLoader[FutureChunk]:
    """Chunks from number `first` on, made ahead in so many processes, or as they are asked for when it is 0.

    stride: how many streams there are, of which each takes its own chunks.
    """
    context, ahead = ("spawn", 4) if processes else (None, None)
    return DataLoader(
        Futures(batch, first, stride),
        batch_size=None,
        num_workers=processes,
        multiprocessing_context=context,
        prefetch_factor=ahead,
    )
