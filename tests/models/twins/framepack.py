"""A tiny FramePack: its parts lie in three repositories, and the first one's own denoiser is not fetched."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from diffusers import (
    AutoencoderKLHunyuanVideo,
    FlowMatchEulerDiscreteScheduler,
    HunyuanVideoFramepackTransformer3DModel,
    HunyuanVideoPipeline,
    HunyuanVideoTransformer3DModel,
)
from transformers import LlamaConfig, LlamaModel, SiglipVisionConfig, SiglipVisionModel
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

from tests.models.twins import parts

_SEEN = 16
_SIZES: dict[str, Any] = {
    "in_channels": 4,
    "out_channels": 4,
    "num_attention_heads": 2,
    "attention_head_dim": 8,
    "num_layers": 1,
    "num_single_layers": 1,
    "num_refiner_layers": 1,
    "text_embed_dim": parts.WIDTH,
    "pooled_projection_dim": parts.WIDTH,
    "rope_axes_dim": (2, 2, 4),
}


def hunyuan_video(folder: Path) -> None:
    """What all its relatives share; its index names a denoiser that is not there."""
    words = parts.tokenizer()
    text = LlamaConfig(
        vocab_size=len(words),
        hidden_size=parts.WIDTH,
        intermediate_size=16,
        num_hidden_layers=3,
        num_attention_heads=2,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
    HunyuanVideoPipeline(
        text_encoder=LlamaModel(text).eval(),
        tokenizer=words,
        transformer=HunyuanVideoTransformer3DModel(**_SIZES),
        vae=_autoencoder(),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=7.0),
        text_encoder_2=parts.clip_text(words, length=77),
        tokenizer_2=words,
    ).save_pretrained(folder)
    shutil.rmtree(folder / "transformer")


def _autoencoder() -> Any:
    """Its latents are made to depend much on the picture: with plain random weights they hardly would."""
    made = AutoencoderKLHunyuanVideo(
        latent_channels=4, block_out_channels=(4, 4, 4, 4), layers_per_block=1, norm_num_groups=2
    ).eval()
    made.quant_conv.weight.data.mul_(100)
    return made


def denoiser(folder: Path) -> None:
    """A single model; the hub's settings name a class of its makers."""
    HunyuanVideoFramepackTransformer3DModel(
        **_SIZES, has_image_proj=True, image_proj_dim=_SEEN, has_clean_x_embedder=True
    ).save_pretrained(folder)
    settings = json.loads((folder / "config.json").read_text())
    settings["_class_name"] = "HunyuanVideoTransformer3DModelPacked"
    (folder / "config.json").write_text(json.dumps(settings))


def seeing(folder: Path) -> None:
    """What looks at pictures: two folders, and no index."""
    config = SiglipVisionConfig(
        hidden_size=_SEEN, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=32
    )
    SiglipVisionModel(config).eval().save_pretrained(folder / "image_encoder")
    SiglipImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder / "feature_extractor")
