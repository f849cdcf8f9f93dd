"""Colours held from segment to segment: what a model shifts a little each time, measured and taken back.

Two measures. Where true frames went into a run and came out again, the difference is the model's own, and it holds for
the frames between too. Over many segments, the frequent colours of a segment are compared with those of the first.
All arrays are uint8 frames (F, H, W, 3); pure functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.media.videos import Frames

_GAINS: Final = (0.9, 1.1)
_OFFSETS: Final = (-12.0, 12.0)
"""A model that shifts colours by more has not understood the frames; then matching would make it worse."""
_REACH: Final = 10
"""Levels, of 255, that a segment's colours are looked for around the anchor's."""
_BLUR: Final = np.array([1, 4, 6, 4, 1]) / 16.0


@dataclass(frozen=True)
class Tone:
    """What to do to each channel: gain times value plus offset. Three numbers each."""

    gain: NDArray[np.float64]
    offset: NDArray[np.float64]

    def on(self, frames: Frames) -> Frames:
        """The frames with it."""
        return blended(frames, self, self)


def learnt(made: Frames, true: Frames) -> Tone:
    """The tone that brings what a run made of known frames back to the frames themselves; equal shapes, same places.

    A straight line a channel by least squares, kept within narrow limits. A channel of one level gets an offset only.
    """
    x = made.reshape(-1, 3).astype(np.float64)
    y = true.reshape(-1, 3).astype(np.float64)
    spread = x.var(axis=0)
    slope = ((x - x.mean(axis=0)) * (y - y.mean(axis=0))).mean(axis=0) / np.maximum(spread, 1e-9)
    gain = np.where(spread > 1.0, np.clip(slope, *_GAINS), 1.0)
    return Tone(gain, np.clip(y.mean(axis=0) - gain * x.mean(axis=0), *_OFFSETS))


def blended(frames: Frames, first: Tone, last: Tone) -> Frames:
    """The frames with a tone that goes from `first` to `last`, frame by frame."""
    share = ((np.arange(len(frames)) + 1) / (len(frames) + 1))[:, None]
    gain = first.gain + share * (last.gain - first.gain)
    offset = first.offset + share * (last.offset - first.offset)
    toned = frames * gain[:, None, None] + offset[:, None, None]
    return np.rint(toned).clip(0, 255).astype(np.uint8)


def anchored(frames: Frames, anchor: Frames) -> Frames:
    """The frames, each channel shifted so that its frequent levels lie where the anchor's do.

    Levels are compared by how often they come, so a thing that leaves or grows does not count as a drift; a shift of
    more than _REACH levels is another picture, and is left alone.
    """
    shifts = [_shift(frames[..., channel], anchor[..., channel]) for channel in range(3)]
    moved: Frames = np.rint(frames + np.array(shifts)).clip(0, 255).astype(np.uint8)
    return moved


def _shift(levels: NDArray[np.uint8], wanted: NDArray[np.uint8]) -> float:
    """By how much `levels` must rise for its histogram to lie best on that of `wanted`; 0 where that is unclear."""
    have, want = _histogram(levels), _histogram(wanted)
    overlaps = np.array([np.dot(np.roll(have, step), want) for step in range(-_REACH, _REACH + 1)])
    best = int(overlaps.argmax())
    if best in (0, len(overlaps) - 1):
        return 0.0
    before, at, after = overlaps[best - 1 : best + 2]
    bend = before - 2 * at + after
    return best - _REACH + (0.5 * (before - after) / bend if bend < 0 else 0.0)


def _histogram(levels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How often each level comes, smoothed, with room at both ends for the shift; the square root keeps one large
    plain from outvoting everything else."""
    counts = np.bincount(levels.ravel(), minlength=256) / levels.size
    return np.convolve(np.pad(np.sqrt(counts), 2 * _REACH), _BLUR, mode="same")
