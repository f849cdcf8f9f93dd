"""Small moving pictures of latents, shown while a take is being made."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PREVIEW_PIXELS = 96
"""Longer edge of a preview."""


def encode_preview(frames: NDArray[np.uint8], fps: float) -> bytes:
    """Tiny frames (frames, height, width, 3) to a PNG, animated when there are several, smoothly enlarged."""
    height, width = frames.shape[1:3]
    scale = PREVIEW_PIXELS / max(height, width)
    size = (round(width * scale), round(height * scale))
    pictures = [Image.fromarray(frame).resize(size, Image.Resampling.BICUBIC) for frame in frames]
    options: dict[str, Any] = {}
    if len(pictures) > 1:
        options = {"save_all": True, "append_images": pictures[1:], "duration": 1000 / fps, "loop": 0}
    buffer = io.BytesIO()
    pictures[0].save(buffer, "PNG", compress_level=1, **options)
    return buffer.getvalue()
