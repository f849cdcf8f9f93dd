"""Latents to frames, apart from the pipeline that made them: where a light decoder is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from engine.models.driving.driver import ran_over
from engine.models.speed import rewrites
from engine.models.speed.decoder import as_bytes, unnormalized

if TYPE_CHECKING:
    from engine.models.preview import Frames


@torch.no_grad()
def decoded(pipeline: Any, make: Callable[[str], Any]) -> Frames | None:
    """Frames, uint8 (frames, height, width, 3), of the latents that `make("latent")` gives; `None`, and nothing made,
    where no light decoder is on. Raises ModelError for what is no number."""
    decoder = rewrites.decoder_of(pipeline)
    if decoder is None:
        return None
    latents = make("latent")
    made: list[Frames] = []
    for piece in decoder.pieces(unnormalized(pipeline.vae, latents)):
        if not bool(torch.isfinite(piece).all()):
            raise ran_over()
        made.append(as_bytes(piece).cpu().numpy())
        if decoder.heard is not None:
            decoder.heard(made[-1])
    pipeline.maybe_free_model_hooks()
    return np.concatenate(made)
