"""Detail carried over a seam: what an autoencoder loses of a known frame is given back where the picture stands still.

A frame that goes into a latent model comes out a little softer, so a clip and what continues it differ at their seam
even where nothing moves, and a film of many segments grows softer with each. The loss is known wherever a true frame
went into the run and came out again; where a new frame shows what that one showed, it is the same loss. Pure functions.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from engine.media.videos import Frames

_STILL: Final = 5.0
"""Levels, of 255, by which a place may differ from the known frame and still count as about the same."""
_AROUND: Final = 2
"""Pixels on either side that are looked at as well: one that is alike by chance does not stand still."""


def carried(frames: Frames, made: Frames, true: Frames) -> Frames:
    """New frames (F, H, W, 3) with what is lost between one known frame as the run gave it back, `made`, and as it was,
    `true`; both (H, W, 3). A place that shows just what `made` shows gets just what `true` has; one that differs
    much stays as it is."""
    lost = true.astype(np.float64) - made
    return np.stack([_given_back(frame, made, lost) for frame in frames])


def _given_back(frame: Frames, made: Frames, lost: NDArray[np.float64]) -> Frames:
    apart = np.abs(frame.astype(np.int16) - made).max(axis=-1).astype(np.uint8)
    near = np.asarray(Image.fromarray(apart).filter(ImageFilter.BoxBlur(_AROUND)), np.float64)
    alike = np.exp(-np.square(near / _STILL))[..., None]
    whole: Frames = np.rint(frame + alike * lost).clip(0, 255).astype(np.uint8)
    return whole
