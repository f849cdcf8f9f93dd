"""Latents as a tiny picture, without decoding them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

Frames = NDArray[np.uint8]
"""Frames (frames, height, width, 3)."""
FACTORS = "latent_preview.json"
"""File beside the weights: {"rgb_factors": (channels + 1) rows of red, green, blue}."""


class LatentPreview:
    """Latents to tiny colour frames by one linear map a model, measured when it was trained."""

    def __init__(self, folder: Path) -> None:
        path = folder / FACTORS
        self._rows = json.loads(path.read_text())["rgb_factors"] if path.is_file() else None

    def __call__(self, latents: torch.Tensor) -> Frames | None:
        """Latents to uint8 (frames, h, w, 3), or None for a model without a map, and for latents in another order.

        Latents: a clip (1, channels, frames, h, w) or (1, frames, channels, h, w); pictures (frames, channels, h, w).
        Those that a pipeline keeps as a row of patches have no width and height to show them by.
        """
        if self._rows is None:
            return None
        factors = torch.tensor(self._rows, dtype=torch.float32)
        clip = _clip(latents, len(factors) - 1)
        if clip is None:
            return None
        pixels = clip.float().cpu() @ factors[:-1] + factors[-1]
        return np.asarray(((pixels + 1) * 127.5).round().clamp(0, 255).to(torch.uint8))


def _clip(latents: torch.Tensor, channels: int) -> torch.Tensor | None:
    """(frames, h, w, channels); None where no axis has as many channels."""
    pictures = latents[0] if latents.ndim == 5 else latents
    if pictures.ndim != 4:
        return None
    if latents.ndim == 5 and pictures.shape[0] == channels:
        return pictures.movedim(0, -1)
    return pictures.movedim(1, -1) if pictures.shape[1] == channels else None
