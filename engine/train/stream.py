"""Clips as a stream: indices in, layouts and tokenised captions out, drawn up by worker processes.

Chunk n of a stream holds the clips of indices n*size .. (n+1)*size - 1, so the data of a run depends on nothing but
its numbers.
"""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pocket import grammar
from engine.pocket.pipeline import TEXT_TOKENS
from engine.pocket.render import Layout, layout
from engine.pocket.vocabulary import CAMERAS, COLOURS, MOTIONS, NOUNS, SCENES
from engine.pocket.world import Clip, sample_clip
from engine.train.components import tokenizer

WORDINGS = 4
"""Captions drawn for each clip."""


@dataclass(frozen=True)
class StreamOptions:
    """Which clips a stream holds."""

    size: int
    """Clips in a chunk."""
    frames: int
    """Frames in a clip."""
    first: int = 0
    """Index of the first chunk."""
    held_out: bool = False
    """Whether the clips are those kept from training."""
    things: int | None = None
    """Things on stage; `None` for the world's own mix."""


@dataclass(frozen=True)
class Chunk:
    """Some clips, ready for the device."""

    start: int
    """Index of the first clip."""
    layout: Layout
    """What the renderer draws."""
    captions: NDArray[np.int16]
    """Token ids (clips, WORDINGS, TEXT_TOKENS); scene alone when a clip is one frame, else scene and motion."""
    truth: NDArray[np.int64]
    """What a judge should find: see `truth`."""


def truth(clip: Clip) -> NDArray[np.int64]:
    """The clip's facts for a judge, (NOUNS + 2, 4).

    Row n: colour id, motion id (rolling left and right are told apart), speed id, 1 — or -1 everywhere for a noun
    that is not on stage. The last two rows begin with the scene's id and the camera's id.
    """
    rows = np.full((len(NOUNS) + 2, 4), -1, np.int64)
    colours = tuple(COLOURS)
    for thing in clip.things:
        motion = MOTIONS.index(thing.motion)
        if thing.motion == "roll" and thing.direction == "left":
            motion = len(MOTIONS)
        speed = -1 if thing.motion == "still" else int(thing.speed == "quick")
        rows[NOUNS.index(thing.noun)] = (colours.index(thing.colour), motion, speed, 1)
    rows[len(NOUNS), 0] = SCENES.index(clip.scene)
    rows[len(NOUNS) + 1, 0] = CAMERAS.index(clip.camera)
    return rows


def make_chunk(options: StreamOptions, number: int) -> Chunk:
    """Chunk `number` of the stream."""
    start = number * options.size
    clips = [sample_clip(i, options.held_out, options.things) for i in range(start, start + options.size)]
    texts: list[str] = []
    for clip in clips:
        rng = random.Random(clip.seed)
        for wording in range(WORDINGS):
            plain = wording == 0
            scene = grammar.canonical_scene(clip) if plain else grammar.scene_caption(clip, rng)
            motion = grammar.canonical_motion(clip) if plain else grammar.motion_caption(clip, rng)
            texts.append(scene if options.frames == 1 else f"{scene}. {motion}")
    encoded: Any = tokenizer(grammar.words())(
        texts, padding="max_length", truncation=True, max_length=TEXT_TOKENS, return_tensors="np"
    )
    captions = encoded["input_ids"].astype(np.int16).reshape(len(clips), WORDINGS, TEXT_TOKENS)
    return Chunk(start, layout(clips, options.frames), captions, np.stack([truth(clip) for clip in clips]))


class ClipStream:
    """An endless iterator over chunks, made ahead in `processes` processes, or as they are asked for when it is 0."""

    def __init__(self, options: StreamOptions, processes: int) -> None:
        self._options = options
        self._next = options.first
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(processes, context) if processes else None
        self._ahead: list[Future[Chunk]] = []
        self._depth = 2 * processes

    def __iter__(self) -> Iterator[Chunk]:
        return self

    def __next__(self) -> Chunk:
        if self._pool is None:
            self._next += 1
            return make_chunk(self._options, self._next - 1)
        while len(self._ahead) < self._depth:
            self._ahead.append(self._pool.submit(make_chunk, self._options, self._next))
            self._next += 1
        return self._ahead.pop(0).result()

    def close(self) -> None:
        """Stop the processes; what they were making is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
