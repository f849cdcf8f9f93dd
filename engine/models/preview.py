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
        """Latents (1, channels, frames, h, w) to uint8 (frames, h, w, 3), or None for a model without a map."""
        if self._rows is None:
            return None
        factors = torch.tensor(self._rows, dtype=torch.float32)
        pixels = latents[0].float().cpu().movedim(0, -1) @ factors[:-1] + factors[-1]
        return np.asarray(((pixels + 1) * 127.5).round().clamp(0, 255).to(torch.uint8))
