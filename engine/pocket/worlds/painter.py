"""From what the forward model means to a picture: the studio's own generator, taught to draw what comes next.

Squared distance averages what it cannot tell apart, so the forward model's own latents are smears. As in WorldGPT (Ge
et al., 2024) a diffusion model that can draw already reads the language model's tokens instead of a text, and sees the
state; it draws one future, not their mean, and other noise another one.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Final

import torch
from diffusers import WanTransformer3DModel
from torch import nn

from engine.pocket.given import HIDDEN, SHOWN
from engine.pocket.worlds.forward import CHANNELS, EDGE

STEPS: Final = 8
"""Euler steps from noise to a picture."""
SHIFT: Final = 3.0
"""Of the noise levels towards noise, as the generator's scheduler has it."""
FOLDER: Final = "painter"
"""Where it lies beside the forward model's weights."""


def reading_thoughts(transformer: WanTransformer3DModel, width: int) -> WanTransformer3DModel:
    """A generator that reads tokens of this width in the place of a text's; all its other weights stay."""
    text = transformer.condition_embedder.text_embedder
    text.linear_1 = nn.Linear(width, text.linear_1.out_features)
    transformer.register_to_config(text_dim=width)
    return transformer


def load(folder: Path) -> WanTransformer3DModel:
    """A generator or a painter from its folder: safetensors only, nothing downloaded, float32."""
    loaded: WanTransformer3DModel = WanTransformer3DModel.from_pretrained(
        folder, dtype=torch.float32, use_safetensors=True, local_files_only=True
    )
    return loaded


def velocity(
    painter: WanTransformer3DModel,
    noisy: torch.Tensor,
    sigmas: torch.Tensor,
    thought: torch.Tensor,
    source: torch.Tensor | None,
) -> torch.Tensor:
    """From the picture towards the noise, as `noisy`: latents (b, CHANNELS, EDGE, EDGE) at noise levels (b,), 0..1.

    thought: see `Senses.thought`. source: the state's latents, None where nobody saw it.
    """
    seen = torch.zeros_like(noisy) if source is None else source
    roles = torch.full_like(noisy[:, :1], HIDDEN if source is None else SHOWN)
    told = torch.cat([noisy, seen, roles], 1)[:, :, None]
    made: torch.Tensor = painter(told, sigmas * 1000, thought, return_dict=False)[0]
    return made[:, :, 0].float()


@torch.no_grad()
def paint(
    painter: WanTransformer3DModel, thought: torch.Tensor, source: torch.Tensor | None, random: torch.Generator
) -> torch.Tensor:
    """Normalised latents of one next state for each thought (b, CHANNELS, EDGE, EDGE); random: a CPU generator."""
    noise = torch.randn((len(thought), CHANNELS, EDGE, EDGE), generator=random)
    latents, plain = noise.to(thought.device), torch.linspace(1, 0, STEPS + 1)
    levels = (SHIFT * plain / (1 + (SHIFT - 1) * plain)).tolist()
    for level, lower in pairwise(levels):
        sigmas = torch.full((len(latents),), level, device=latents.device)
        latents = latents + (lower - level) * velocity(painter, latents, sigmas, thought, source)
    return latents
