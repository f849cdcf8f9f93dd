"""Tiny Wans: the 5B, whose tokens have a timestep each and whose folder says WanPipeline; the A14B; VACE."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diffusers import (
    AutoencoderKLWan,
    UniPCMultistepScheduler,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
    WanVACEPipeline,
    WanVACETransformer3DModel,
)

from tests.models.twins import parts

_LATENTS = 16
_SIZES: dict[str, Any] = {
    "patch_size": (1, 2, 2),
    "num_attention_heads": 2,
    "attention_head_dim": 12,
    "out_channels": _LATENTS,
    "text_dim": parts.WIDTH,
    "freq_dim": 16,
    "ffn_dim": 16,
    "num_layers": 2,
    "rope_max_seq_len": 32,
}


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


def vace(folder: Path) -> None:
    """Known in places."""
    words = parts.tokenizer()
    transformer = WanVACETransformer3DModel(
        **_SIZES, in_channels=_LATENTS, vace_layers=[0], vace_in_channels=2 * _LATENTS + 64
    )
    WanVACEPipeline(
        tokenizer=words,
        text_encoder=parts.t5(words),
        transformer=transformer.eval(),
        vae=_autoencoder(),
        scheduler=_scheduler(),
    ).save_pretrained(folder)


def _transformer(channels: int) -> Any:
    return WanTransformer3DModel(**_SIZES, in_channels=channels).eval()


def _autoencoder() -> Any:
    """Its latents are made to depend much on the picture: with plain random weights they hardly would."""
    made = AutoencoderKLWan(
        base_dim=3, z_dim=_LATENTS, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True]
    ).eval()
    made.quant_conv.weight.data.mul_(100)
    return made


def _scheduler() -> Any:
    return UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0)
