"""Two plain questions about pictures, asked before a person's time is spent: is it blank, is it frozen?"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

BLANK_DEVIATION: Final = 3.0
"""A picture whose every channel strays from its mean by less than this (standard deviation, of 255) shows
nothing. The emptiest pocket scene, one small thing on snow, has more than five times as much."""
CHANGED_LEVELS: Final = 24
"""A pixel has changed when one of its channels differs by more than this, of 255: more than H.264 leaves behind."""
FROZEN_SHARE: Final = 0.0005
"""A video in which no frame differs from the first in more than this share of its pixels stands still. Of 60
pocket clips through the codec the ones that stand still change none, all others 0.018 or more."""


def blank(image: Image.Image) -> bool:
    """Whether a picture is one colour, or nearly (BLANK_DEVIATION)."""
    pixels = np.asarray(image.convert("RGB"), dtype=np.float32)
    return bool(pixels.std(axis=(0, 1)).max() < BLANK_DEVIATION)


def frozen(frames: npt.NDArray[np.uint8]) -> bool:
    """Whether nothing moves in a video, uint8 (F, H, W, 3), from first frame to last (FROZEN_SHARE).

    One frame alone is frozen. A clip whose prompt asks for stillness is frozen too: the caller knows the prompt.
    """
    first = frames[0].astype(np.int16)
    for frame in frames[1:]:
        changed = np.abs(frame.astype(np.int16) - first).max(axis=-1) > CHANGED_LEVELS
        if changed.mean() > FROZEN_SHARE:
            return False
    return True
