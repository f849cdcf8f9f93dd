"""Clips as a stream: indices in, layouts and tokenised captions out, drawn up by worker processes.

Chunk n of a stream holds the clips of indices n*size .. (n+1)*size - 1, so the data of a run depends on nothing but
its numbers.
"""

from __future__ import annotations

import multiprocessing
import random
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import count
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from engine.pocket import edits, grammar
from engine.pocket.changes import Edit
from engine.pocket.pipeline import TEXT_TOKENS
from engine.pocket.render import Layout, layout
from engine.pocket.transitions import Transition, sample_transition
from engine.pocket.world import Clip, sample_clip
from engine.train.components import tokenizer
from engine.train.truths import late_truth, truth

WORDINGS = 4
"""Wordings drawn for each clip."""
Subject = Literal["clips", "edits", "joins"]
Words = NDArray[np.int16]
"""Token ids, (clips, WORDINGS, TEXT_TOKENS)."""
_EDITS: Mapping[str, float] = MappingProxyType(
    {"style": 3.0, "scene": 1.5, "remove": 1.5, "replace": 1.5, "resize": 0.5}
)
"""How likely each kind of edit is, beside the others' 1: what changes most takes longest to learn."""
_LATEST, _ON_STAGE = 51, 13
"""Frames that a late clip may have gone on for; and for how many any motion keeps its thing on stage."""
_STAYING = frozenset({"still", "bounce", "spin", "orbit", "grow", "shrink", "fall"})
_OTHERS = 10**9
"""From one clip to another of the same index."""


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
    what: Subject = "clips"
    """Clips as they are, clips before and after an edit, or ways from one clip to another."""
    styled: float = 0.0
    """Share of clips in another style than flat."""
    worded: bool = True
    """Whether they have captions: nine tenths of the work, and who only looks needs none."""
    stride: int = 1
    """From one chunk's number to the next one's: several streams share a range of clips, and none sees another's."""
    late: bool = False
    """Whether the clips have gone on for some seconds, as those have that are extended: things are not as they began,
    and the captions do not say where they are."""


@dataclass(frozen=True)
class Edited:
    """What became a chunk of edited clips."""

    clips: tuple[Clip, ...]
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Chunk:
    """Some clips, ready for the device."""

    start: int
    """Index of the first clip."""
    layout: Layout
    """What the renderer draws."""
    captions: Mapping[str, Words]
    """`caption`: the scene alone when a clip is one frame, else scene and motion. Of clips with more frames also
    `end`: the last frame's scene; of edits also `instruction`."""
    truth: NDArray[np.int64]
    """What a judge should find: see engine.train.truths."""
    edited: Edited | None = None
    """Of edits what was there before, and what was asked for."""
    joined: tuple[Transition, ...] = ()
    """Of joins the clips at either end."""

    def __len__(self) -> int:
        return len(self.layout)


def make_chunk(options: StreamOptions, number: int) -> Chunk:
    """Chunk `number` of the stream."""
    start = number * options.size
    if options.late:
        return _late(options, start, random.Random(f"late/{start}").randint(2, _LATEST))
    clips = [
        sample_clip(index, options.held_out, options.things, options.styled)
        for index in range(start, start + options.size)
    ]
    return _CHUNKS[options.what](options, start, clips)


def _late(options: StreamOptions, start: int, begun: int) -> Chunk:
    """Clips from their frame `begun` on; after some time those only whose things are still on stage."""
    clips = []
    for index in range(start, start + options.size):
        others = (sample_clip(i, options.held_out, options.things, options.styled) for i in count(index, _OTHERS))
        stays = (each for each in others if begun <= _ON_STAGE or {one.motion for one in each.things} <= _STAYING)
        clips.append(next(stays))
    captions = {"caption": _words(clips, _unplaced)} if options.worded else {}
    return Chunk(start, layout(clips, options.frames, begun), captions, np.stack([late_truth(clip) for clip in clips]))


def _clips(options: StreamOptions, start: int, clips: Sequence[Clip]) -> Chunk:
    captions = {"caption": _words(clips, _scene if options.frames == 1 else _told)} if options.worded else {}
    if options.worded and options.frames > 1:
        captions["end"] = _words(clips, lambda clip, rng, plain: grammar.end_caption(clip, options.frames, rng))
    return Chunk(start, layout(clips, options.frames), captions, _truths(clips))


def _edits(options: StreamOptions, start: int, clips: Sequence[Clip]) -> Chunk:
    wanted = [edits.sample_edit(clip, random.Random(f"edit/{clip.seed}"), _EDITS) for clip in clips]
    after = [edits.apply(edit, clip) for edit, clip in zip(wanted, clips, strict=True)]
    asked = dict(zip((clip.seed for clip in clips), wanted, strict=True))
    captions = {
        "caption": _words(after, _scene if options.frames == 1 else _both),
        "instruction": _words(clips, lambda clip, rng, plain: edits.instruction(asked[clip.seed], clip, rng, plain)),
    }
    edited = Edited(tuple(clips), tuple(wanted))
    return Chunk(start, layout(after, options.frames), captions, _truths(after), edited)


def _joins(options: StreamOptions, start: int, clips: Sequence[Clip]) -> Chunk:
    """The clips themselves only lend their indices: a transition has two of its own."""
    ways = {clip.seed: sample_transition(clip.seed, options.held_out, options.styled) for clip in clips}

    def say(clip: Clip, rng: random.Random, plain: bool) -> str:
        way = ways[clip.seed]
        told = 2 if plain else rng.choices((0, 1, 2), (15, 15, 70))[0]
        ends = (way.first if told == 2 else None, way.second if told else None)
        return grammar.join_caption(ends, way.way, rng, plain)

    seconds = [way.second for way in ways.values()]
    captions = {"caption": _words(clips, say)}
    return Chunk(start, layout(seconds, options.frames), captions, _truths(seconds), joined=tuple(ways.values()))


_CHUNKS: Mapping[Subject, Callable[[StreamOptions, int, Sequence[Clip]], Chunk]] = {
    "clips": _clips,
    "edits": _edits,
    "joins": _joins,
}

Wording = Callable[[Clip, random.Random, bool], str]
"""Says something of a clip; the flag asks for the plain wording."""


def _scene(clip: Clip, rng: random.Random, plain: bool) -> str:
    return grammar.canonical_scene(clip) if plain else grammar.scene_caption(clip, rng)


def _both(clip: Clip, rng: random.Random, plain: bool) -> str:
    motion = grammar.canonical_motion(clip) if plain else grammar.motion_caption(clip, rng)
    return f"{_scene(clip, rng, plain)}. {motion}"


def _unplaced(clip: Clip, rng: random.Random, plain: bool) -> str:
    return grammar.unplaced(_both(clip, rng, plain))


def _told(clip: Clip, rng: random.Random, plain: bool) -> str:
    """Scene and motion; now and then the motion alone, as it is asked for where the picture is there."""
    return _both(clip, rng, plain) if plain or rng.random() < 0.75 else grammar.seen_motion_caption(clip, rng)


def _words(clips: Sequence[Clip], say: Wording) -> Words:
    """Every clip in WORDINGS wordings, the first of them plain."""
    texts: list[str] = []
    for clip in clips:
        rng = random.Random(clip.seed)
        texts += [say(clip, rng, wording == 0) for wording in range(WORDINGS)]
    tokens: Words = np.array([encoded.ids for encoded in _reader().encode_batch(texts)], np.int16)
    return tokens.reshape(len(clips), WORDINGS, TEXT_TOKENS)


@cache
def _reader() -> Tokenizer:
    """The grammar's tokenizer without its wrapping, which takes longer than the work itself."""
    reader: Tokenizer = tokenizer(grammar.words()).backend_tokenizer
    reader.enable_padding(length=TEXT_TOKENS)
    reader.enable_truncation(TEXT_TOKENS)
    return reader


def _truths(clips: Sequence[Clip]) -> NDArray[np.int64]:
    return np.stack([truth(clip) for clip in clips])


class ClipStream:
    """An endless iterator over chunks, made ahead in `processes` processes, or as they are asked for when it is 0."""

    def __init__(self, options: StreamOptions, processes: int) -> None:
        self._options = options
        self._numbers = count(options.first, options.stride)
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(processes, context) if processes else None
        self._ahead: deque[Future[Chunk]] = deque()
        for _ in range(2 * processes):
            self._order()

    def __iter__(self) -> Iterator[Chunk]:
        return self

    def __next__(self) -> Chunk:
        if self._pool is None:
            return make_chunk(self._options, next(self._numbers))
        self._order()
        return self._ahead.popleft().result()

    def _order(self) -> None:
        """Have the next chunk made; from the very beginning on, since processes take seconds to start."""
        if self._pool is not None:
            self._ahead.append(self._pool.submit(make_chunk, self._options, next(self._numbers)))

    def close(self) -> None:
        """Stop the processes; what they were making is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
