"""Tiny Wans: the 5B, whose tokens have a timestep each and whose folder says WanPipeline, and the two-model A14B."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diffusers import (
    AutoencoderKLWan,
    UniPCMultistepScheduler,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
)

from tests.models.twins import parts

_LATENTS = 16


def five(folder: Path) -> None:
    """No last frame."""
    words = parts.tokenizer()
    WanPipeline(
        tokenizer=words,
        text_encoder=parts.t5(words),
        transformer=_transformer(_LATENTS),
        vae=_autoencoder(),
        scheduler=_scheduler(),
        expand_timesteps=True,
    ).save_pretrained(folder)


def fourteen(folder: Path) -> None:
    """First and last frame; the first steps by one model, the others by another."""
    words = parts.tokenizer()
    WanImageToVideoPipeline(
        tokenizer=words,
        text_encoder=parts.t5(words),
        transformer=_transformer(2 * _LATENTS + 4),
        transformer_2=_transformer(2 * _LATENTS + 4),
        vae=_autoencoder(),
        scheduler=_scheduler(),
        boundary_ratio=0.9,
    ).save_pretrained(folder)


def _transformer(channels: int) -> Any:
    return WanTransformer3DModel(
        patch_size=(1, 2, 2),
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=channels,
        out_channels=_LATENTS,
        text_dim=parts.WIDTH,
        freq_dim=16,
        ffn_dim=16,
        num_layers=2,
        rope_max_seq_len=32,
    ).eval()


def _autoencoder() -> Any:
    return AutoencoderKLWan(
        base_dim=3, z_dim=_LATENTS, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True]
    ).eval()


def _scheduler() -> Any:
    return UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0)
