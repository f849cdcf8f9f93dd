"""A tiny LTX-2, which makes sound beside the frames; its folder says LTX2Pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diffusers import (
    AutoencoderKLLTX2Audio,
    AutoencoderKLLTX2Video,
    FlowMatchEulerDiscreteScheduler,
    LTX2Pipeline,
    LTX2VideoTransformer3DModel,
)
from diffusers.pipelines.ltx2.connectors import LTX2TextConnectors
from diffusers.pipelines.ltx2.vocoder import LTX2Vocoder
from transformers import Gemma3Config, Gemma3ForConditionalGeneration

from tests.models.twins import parts

_LATENTS = 4
_LAYERS = 1
"""Of the text encoder; all of them are read, and the embeddings."""


def ltx2(folder: Path) -> None:
    """Thirty-two times smaller latents, eight frames in one."""
    words = parts.tokenizer()
    audio_vae = AutoencoderKLLTX2Audio(
        base_channels=4, ch_mult=(1,), num_res_blocks=1, resolution=32, latent_channels=2, mel_bins=8
    )
    vocoder = LTX2Vocoder(
        in_channels=16,
        hidden_channels=8,
        upsample_kernel_sizes=[4, 4],
        upsample_factors=[2, 2],
        resnet_kernel_sizes=[3],
        resnet_dilations=[[1, 3, 5]],
        output_sampling_rate=16000,
    )
    LTX2Pipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=_autoencoder(),
        audio_vae=audio_vae.eval(),
        text_encoder=_reader(len(words)),
        tokenizer=words,
        connectors=_connectors(),
        transformer=_transformer(),
        vocoder=vocoder.eval(),
    ).save_pretrained(folder)


def _transformer() -> Any:
    return LTX2VideoTransformer3DModel(
        in_channels=_LATENTS,
        out_channels=_LATENTS,
        num_attention_heads=2,
        attention_head_dim=8,
        cross_attention_dim=16,
        audio_in_channels=4,
        audio_out_channels=4,
        audio_num_attention_heads=2,
        audio_attention_head_dim=4,
        audio_cross_attention_dim=8,
        num_layers=1,
        caption_channels=parts.WIDTH,
        rope_double_precision=False,
        rope_type="split",
    ).eval()


def _connectors() -> Any:
    heads = {f"{kind}_connector_num_attention_heads": 2 for kind in ("video", "audio")}
    widths = {f"{kind}_connector_attention_head_dim": 8 for kind in ("video", "audio")}
    layers = {f"{kind}_connector_num_layers": 1 for kind in ("video", "audio")}
    return LTX2TextConnectors(
        caption_channels=parts.WIDTH,
        text_proj_in_factor=_LAYERS + 1,
        **heads,
        **widths,
        **layers,
        rope_double_precision=False,
        rope_type="split",
    ).eval()


def _autoencoder() -> Any:
    return AutoencoderKLLTX2Video(
        latent_channels=_LATENTS,
        block_out_channels=(8, 16, 32, 64),
        decoder_block_out_channels=(8, 16, 32),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1),
        spatial_compression_ratio=32,
        temporal_compression_ratio=8,
    ).eval()


def _reader(vocabulary: int) -> Any:
    sizes = {
        "hidden_size": parts.WIDTH,
        "intermediate_size": 16,
        "num_hidden_layers": _LAYERS,
        "num_attention_heads": 2,
    }
    text = {"vocab_size": vocabulary, "num_key_value_heads": 1, "head_dim": 8, **sizes}
    config = Gemma3Config(
        text_config={**text, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2},
        vision_config={**sizes, "image_size": 28, "patch_size": 14},
        mm_tokens_per_image=4,
        boi_token_index=1,
        eoi_token_index=2,
        image_token_index=3,
    )
    return Gemma3ForConditionalGeneration(config).eval()
