"""A clip that is denoised as a row of patches, as LTX-Video and LTX-2 keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from engine.models.script import Sampling


def patches(pipeline: Any, sampling: Sampling, own: Callable[[int], torch.Tensor]) -> torch.Tensor:
    """Latents (1, channels, frames, h, w). own: from how many patches the clip has, those (1, patches, values)."""
    frames = (sampling.frames - 1) // pipeline.vae_temporal_compression_ratio + 1
    height, width = (side // pipeline.vae_spatial_compression_ratio for side in (sampling.height, sampling.width))
    area, length = pipeline.transformer_spatial_patch_size, pipeline.transformer_temporal_patch_size
    whole = (frames // length) * (height // area) * (width // area)
    laid: torch.Tensor = pipeline._unpack_latents(own(whole), frames, height, width, area, length)
    return laid
