"""Extractors whose answers are written down beforehand, so that a formula's value can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.evaluate.metrics.features import Frames, Vectors


def grey(*levels: int, edge: int = 8) -> Frames:
    """One even frame of each level."""
    return np.stack([np.full((edge, edge, 3), level, np.uint8) for level in levels])


@dataclass(frozen=True)
class Known:
    """Features by the level of a frame's first pixel, and by text."""

    pictures: Mapping[int, Sequence[float]] = field(default_factory=dict[int, Sequence[float]])
    words: Mapping[str, Sequence[float]] = field(default_factory=dict[str, Sequence[float]])
    name: str = "known features"

    def images(self, frames: Frames) -> Vectors:
        return np.array([self.pictures[int(frame[0, 0, 0])] for frame in frames])

    def texts(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.words[text] for text in texts])

    def video(self, frames: Frames) -> Vectors:
        """By its first frame, and for eight frames by all of them: their sum."""
        return self.images(frames[:1])

    def describe(self, frames: Frames) -> str:
        return f"level {frames[0, 0, 0, 0]}" + (", moving" if len(frames) > 1 else "")

    def rate(self, frames: Frames) -> Vectors:
        return self.images(frames)[:, 0]


@dataclass(frozen=True)
class Flows:
    """The same vector everywhere, by the level of the frame before."""

    vectors: Mapping[int, tuple[float, float]]
    name: str = "known flow"

    def flow(self, before: Frames, after: Frames) -> Vectors:
        return np.broadcast_to(np.array(self.vectors.get(int(before[0, 0, 0]), (0.0, 0.0))), (*before.shape[:2], 2))


class Means:
    """Makes the mean of two frames."""

    name = "means"

    def between(self, before: Frames, after: Frames) -> Frames:
        return ((before.astype(np.uint16) + after) // 2).astype(np.uint8)
