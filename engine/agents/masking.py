"""A mask as the model takes it: which places of which frames may change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.agent import Input
from engine.errors import DecisionError
from engine.media.masks import check_marked, decode_masks, feathered
from engine.media.videos import Frames

Change = NDArray[np.float32]
"""(frames, height, width) from 0, stays, to 1, may change."""


def change(value: Input, frames: Frames, feather: float = 0.0) -> tuple[Change, str]:
    """A mask's file for frames (F, H, W, 3), with a soft edge of `feather` pixels; and a note, where it covers all.

    One mask holds for all frames. Raises MaskError for one that is empty, does not fit, or cannot be read.
    """
    if isinstance(value, str):
        raise DecisionError("Words stand where a mask belongs", "Choose a take of the right kind.")
    count, height, width = frames.shape[:3]
    masks = decode_masks(value, (width, height), count)
    note = check_marked(masks)
    share = np.stack([feathered(mask, feather) for mask in masks]).astype(np.float32) / 255
    return np.repeat(share, count // len(share), axis=0), note
