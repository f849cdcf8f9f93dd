"""Tiny Stable Diffusions: XL with and without a refiner, InstructPix2Pix, two inpaintings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diffusers import (
    PNDMScheduler,
    StableDiffusionInpaintPipeline,
    StableDiffusionInstructPix2PixPipeline,
    StableDiffusionXLImg2ImgPipeline,
    StableDiffusionXLInpaintPipeline,
    StableDiffusionXLPipeline,
)

from tests.models.twins import parts


def xl(folder: Path) -> None:
    """Saved as half precision, as the hub has it."""
    words = parts.tokenizer()
    StableDiffusionXLPipeline(
        vae=parts.picture_autoencoder(),
        text_encoder=parts.clip_text(words),
        text_encoder_2=parts.clip_text(words, projected=True),
        tokenizer=words,
        tokenizer_2=words,
        unet=_xl_unet(),
        scheduler=parts.euler(),
    ).save_pretrained(folder, variant="fp16")


def xl_refiner(folder: Path) -> None:
    """The second half; it has one text encoder."""
    words = parts.tokenizer()
    StableDiffusionXLImg2ImgPipeline(
        vae=parts.picture_autoencoder(),
        text_encoder=None,
        text_encoder_2=parts.clip_text(words, projected=True),
        tokenizer=None,
        tokenizer_2=words,
        unet=_xl_unet(times=5, width=parts.WIDTH),
        scheduler=parts.euler(),
        requires_aesthetics_score=True,
    ).save_pretrained(folder, variant="fp16")


def xl_inpainting(folder: Path) -> None:
    """Nine channels in."""
    words = parts.tokenizer()
    StableDiffusionXLInpaintPipeline(
        vae=parts.picture_autoencoder(),
        text_encoder=parts.clip_text(words),
        text_encoder_2=parts.clip_text(words, projected=True),
        tokenizer=words,
        tokenizer_2=words,
        unet=_xl_unet(channels=9),
        scheduler=parts.euler(),
    ).save_pretrained(folder, variant="fp16")


def instruct_pix2pix(folder: Path) -> None:
    """Eight channels in, no checker."""
    words = parts.tokenizer()
    StableDiffusionInstructPix2PixPipeline(
        vae=parts.picture_autoencoder(),
        text_encoder=parts.clip_text(words),
        tokenizer=words,
        unet=parts.unet(8),
        scheduler=parts.euler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder)


def inpainting(folder: Path) -> None:
    """Nine channels in; the published scheduler, which takes a step more than it is asked for."""
    words = parts.tokenizer()
    StableDiffusionInpaintPipeline(
        vae=parts.picture_autoencoder(),
        text_encoder=parts.clip_text(words),
        tokenizer=words,
        unet=parts.unet(9),
        scheduler=PNDMScheduler(skip_prk_steps=True, steps_offset=1),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder)


def _xl_unet(channels: int = 4, times: int = 6, width: int = 2 * parts.WIDTH) -> Any:
    return parts.unet(
        channels,
        cross_attention_dim=width,
        addition_embed_type="text_time",
        addition_time_embed_dim=4,
        projection_class_embeddings_input_dim=parts.WIDTH + 4 * times,
        use_linear_projection=True,
        transformer_layers_per_block=1,
    )
