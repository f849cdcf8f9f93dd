"""A tiny HunyuanVideo 1.5, which begins with a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diffusers import (
    AutoencoderKLHunyuanVideo15,
    ClassifierFreeGuidance,
    FlowMatchEulerDiscreteScheduler,
    HunyuanVideo15ImageToVideoPipeline,
    HunyuanVideo15Transformer3DModel,
)
from transformers import (
    ByT5Tokenizer,
    Qwen2_5_VLTextConfig,
    Qwen2_5_VLTextModel,
    SiglipVisionConfig,
    SiglipVisionModel,
    T5Config,
    T5EncoderModel,
)
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

from tests.models.twins import parts, qwen

_LATENTS = 4
_ROLES = "{% for message in messages %}{{ '<pad> ' * 12 + message['content'] }}{% endfor %}"
"""As many tokens before what the person says as the published template has; the pipeline drops 108."""


def hunyuan_video(folder: Path) -> None:
    """Its weights know the size of the twins' frames: of a square as many pixels as the target has."""
    words = qwen.chatting()
    words.chat_template = _ROLES
    letters = {"d_model": 16, "d_kv": 8, "d_ff": 16, "num_layers": 1, "num_heads": 2}
    HunyuanVideo15ImageToVideoPipeline(
        text_encoder=Qwen2_5_VLTextModel(_text(len(words))).eval(),
        tokenizer=words,
        transformer=_transformer(),
        vae=_autoencoder(),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=5.0),
        text_encoder_2=T5EncoderModel(T5Config(vocab_size=384, **letters)).eval(),
        tokenizer_2=ByT5Tokenizer(),
        guider=ClassifierFreeGuidance(guidance_scale=6.0),
        image_encoder=SiglipVisionModel(
            SiglipVisionConfig(
                hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=32
            )
        ).eval(),
        feature_extractor=SiglipImageProcessorPil(size={"height": 32, "width": 32}),
    ).save_pretrained(folder)


def _transformer() -> Any:
    return HunyuanVideo15Transformer3DModel(
        in_channels=2 * _LATENTS + 1,
        out_channels=_LATENTS,
        num_attention_heads=2,
        attention_head_dim=8,
        num_layers=1,
        num_refiner_layers=1,
        mlp_ratio=2.0,
        text_embed_dim=parts.WIDTH,
        text_embed_2_dim=16,
        image_embed_dim=16,
        rope_axes_dim=(2, 2, 4),
        target_size=64,
    ).eval()


def _autoencoder() -> Any:
    return AutoencoderKLHunyuanVideo15(
        latent_channels=_LATENTS, block_out_channels=(8, 8, 8, 8, 8), layers_per_block=1
    ).eval()


def _text(vocabulary: int) -> Qwen2_5_VLTextConfig:
    """Three layers: the first is read."""
    return Qwen2_5_VLTextConfig(
        vocab_size=vocabulary,
        hidden_size=parts.WIDTH,
        intermediate_size=16,
        num_hidden_layers=3,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=2048,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [1, 1, 2]},
    )
