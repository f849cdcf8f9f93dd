"""A clip's background, told from what moves before it: does the camera stand still, and what colour is usual where.

Frames are uint8 (F, H, W, 3), masks bool (F, H, W). Pure functions of arrays; no model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.media.masks import feathered, grown
from engine.media.videos import Frames

Shapes = NDArray[np.bool_]
"""(frames, height, width)."""
SHIMMER: Final = 22
"""Levels, of 255, by which a place may stray from its usual colour and still be background."""
_SMALL: Final = 48
"""Edge of the pictures on which a camera's motion is looked for."""
_FAR: Final = 14
"""How far it may have moved by the middle of the clip, in these pixels."""
_ZOOMS: Final = (0.7, 0.78, 0.86, 0.93, 1.08, 1.16, 1.28, 1.42)
_OUTLIER: Final = 40.0
"""Levels: what differs by more is a thing that moved, and counts no more than this."""
_BETTER: Final = 0.03
"""A camera moves when the middle frame fits the first by this share better moved than not. Of 40 pocket clips with a
still camera none comes to 0.005, of 40 with a moving one all have 0.05 and more (tests/agents)."""
_LEAST: Final = 0.3
"""Share of the picture that must be left to compare."""
_GROW: Final = 3
_FEATHER: Final = 4.0
"""Pixels around a thing that stay with it, and over how many that fades."""
_CROWD: Final = 0.3
"""A place belongs to a thing when this share of its neighbours strays too; alone, it shimmers."""


@dataclass(frozen=True, eq=False)
class Background:
    """What is behind the things."""

    usual: Frames
    """(H, W, 3): the colour that each place has most of the time."""
    things: Shapes
    """Where, in each frame, something is before it."""

    def shimmer(self, frames: Frames) -> float:
        """The mean change of the background from one frame to the next, in levels; 0 for a single frame."""
        free = ~(self.things[1:] | self.things[:-1])
        if not free.any():
            return 0.0
        return float(np.abs(np.diff(frames.astype(np.int16), axis=0)).mean(axis=-1)[free].mean())

    def behind(self, frames: Frames) -> Frames:
        """The frames with this background in every one; things keep their pixels, with a soft edge."""
        share = np.stack([feathered(grown(thing, _GROW) * np.uint8(255), _FEATHER) for thing in self.things])
        alpha = share[..., None] / np.float32(255)
        steadied: Frames = np.rint(frames * alpha + self.usual * (1 - alpha)).astype(np.uint8)
        return steadied


def background(frames: Frames, held: Shapes, still: Frames | None = None) -> Background:
    """The background of a clip from a still camera. `held`: places that are left alone in any case; `still`: a picture
    (H, W, 3) of the scene, whose colours are taken where the clip agrees with them."""
    usual = _usual(frames, held)
    if still is not None:
        agrees = np.abs(still - usual).max(axis=-1, keepdims=True) <= SHIMMER
        usual = np.where(agrees, still, usual)
    astray = np.abs(frames - usual).max(axis=-1) > SHIMMER
    things = np.stack([_crowded(one) for one in astray]) | held
    return Background(np.rint(usual).astype(np.uint8), things)


def _usual(frames: Frames, held: Shapes) -> NDArray[np.float64]:
    """The colour that each place has most of the time, of the frames in which it is not held, if there are any."""
    usual: NDArray[np.float64] = np.median(frames, axis=0)
    partly = held.any(axis=0) & ~held.all(axis=0)
    free = np.where(held[:, partly, None], np.nan, frames[:, partly])
    usual[partly] = np.nanmedian(free, axis=0)
    return usual


def camera_moves(frames: Frames, held: NDArray[np.bool_]) -> bool:
    """Whether the first frame fits the middle one better shifted or scaled; the places `held` (H, W) do not count."""
    first, middle = _shrunk(frames[0]), _shrunk(frames[len(frames) // 2])
    apart = _shrunk(held.astype(np.uint8) * 255) > 20
    unmoved = _misfit(first, middle, apart, _Move())
    shifts = [step for step in range(-_FAR, _FAR + 1) if step]
    moves = [_Move(x=step) for step in shifts] + [_Move(y=step) for step in shifts] + [_Move(zoom=z) for z in _ZOOMS]
    best = min(_misfit(first, middle, apart, move) for move in moves)
    return best < unmoved * (1 - _BETTER)


@dataclass(frozen=True, slots=True)
class _Move:
    """What a camera may have done: a shift in pixels, or a zoom."""

    x: int = 0
    y: int = 0
    zoom: float = 1.0


def _shrunk(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    small = Image.fromarray(picture).resize((_SMALL, _SMALL), Image.Resampling.BOX)
    return np.asarray(small, np.float32)


def _misfit(first: NDArray[np.float32], later: NDArray[np.float32], apart: Shapes, move: _Move) -> float:
    """How far, on average, the moved first frame is from the later one, in levels; infinite with too little to see."""
    centre = (_SMALL - 1) / 2
    across = np.rint((np.arange(_SMALL) - centre) / move.zoom + centre - move.x).astype(int)
    down = np.rint((np.arange(_SMALL) - centre) / move.zoom + centre - move.y).astype(int)
    inside = ((down >= 0) & (down < _SMALL))[:, None] & (across >= 0) & (across < _SMALL)
    rows, columns = np.clip(down, 0, _SMALL - 1)[:, None], np.clip(across, 0, _SMALL - 1)
    seen = inside & ~apart[rows, columns] & ~apart
    if seen.mean() < _LEAST:
        return float("inf")
    return float(np.minimum(np.abs(first[rows, columns] - later).max(axis=-1), _OUTLIER)[seen].mean())


def _crowded(astray: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Without what strays alone: places of which enough neighbours, within two pixels, stray too."""
    sums = np.pad(astray, ((3, 2), (3, 2))).astype(np.int32).cumsum(0).cumsum(1)
    around = sums[5:, 5:] - sums[:-5, 5:] - sums[5:, :-5] + sums[:-5, :-5]
    crowded: NDArray[np.bool_] = around > _CROWD * 25
    return crowded
