"""Parts that several tiny twins share: words, text encoders, an autoencoder for pictures. Random weights."""

from __future__ import annotations

from typing import Any

from diffusers import AutoencoderKL, EulerDiscreteScheduler, UNet2DConditionModel
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    PreTrainedTokenizerFast,
    T5Config,
    T5EncoderModel,
)

from engine.pocket import grammar
from engine.train import components

WIDTH = 16
"""Channels of every text encoder."""


def tokenizer(longest: int = 32) -> PreTrainedTokenizerFast:
    """The pocket world's words."""
    made = components.tokenizer(grammar.words())
    made.model_max_length = longest
    return made


def t5(words: PreTrainedTokenizerFast) -> T5EncoderModel:
    """One layer."""
    sizes = {"d_model": WIDTH, "d_kv": 8, "d_ff": 16, "num_layers": 1, "num_heads": 2}
    return T5EncoderModel(T5Config(vocab_size=len(words), pad_token_id=0, eos_token_id=2, **sizes)).eval()


def clip_text(words: PreTrainedTokenizerFast, *, projected: bool = False, length: int = 32) -> Any:
    """One layer, or two with a projection."""
    config = CLIPTextConfig(
        vocab_size=len(words),
        hidden_size=WIDTH,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=length,
        projection_dim=WIDTH,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
    return (CLIPTextModelWithProjection if projected else CLIPTextModel)(config).eval()


def picture_autoencoder(**more: Any) -> AutoencoderKL:
    """An eighth of the size, four channels."""
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(4, 4, 4, 4),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=2,
        mid_block_add_attention=False,
        **more,
    ).eval()


def unet(channels: int = 4, **more: Any) -> UNet2DConditionModel:
    """Two blocks, one with attention."""
    given = {"cross_attention_dim": WIDTH, "attention_head_dim": 4, **more}
    return UNet2DConditionModel(
        in_channels=channels,
        out_channels=4,
        sample_size=4,
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        norm_num_groups=4,
        **given,
    ).eval()


def euler() -> EulerDiscreteScheduler:
    """As SDXL has it."""
    return EulerDiscreteScheduler(beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012)
