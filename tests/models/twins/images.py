"""Tiny twins of newer models of single pictures: Z-Image, FLUX.2 klein, Qwen-Image-Edit."""

from __future__ import annotations

import json
from pathlib import Path

from diffusers import (
    AutoencoderKLFlux2,
    AutoencoderKLQwenImage,
    FlowMatchEulerDiscreteScheduler,
    Flux2KleinPipeline,
    Flux2Transformer2DModel,
    QwenImageEditPlusPipeline,
    QwenImageTransformer2DModel,
    ZImagePipeline,
    ZImageTransformer2DModel,
)
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from tests.models.twins import parts, qwen


def z_image(folder: Path) -> None:
    """Distilled to go without guidance."""
    words = qwen.chatting()
    transformer = ZImageTransformer2DModel(
        in_channels=4,
        dim=32,
        n_layers=2,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=parts.WIDTH,
        axes_dims=[8, 4, 4],
        axes_lens=[1024, 64, 64],
    )
    for part in (transformer.x_pad_token, transformer.cap_pad_token):
        part.data.normal_()
    ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=parts.picture_autoencoder(shift_factor=0.1159, scaling_factor=0.3611),
        text_encoder=qwen.reader(words),
        tokenizer=words,
        transformer=transformer.eval(),
    ).save_pretrained(folder)


def flux2_klein(folder: Path) -> None:
    """Distilled: four steps, and no guidance."""
    words = qwen.chatting()
    transformer = Flux2Transformer2DModel(
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=3 * parts.WIDTH,
        timestep_guidance_channels=16,
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=False,
    )
    vae = AutoencoderKLFlux2(
        block_out_channels=(4, 4, 4, 4),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=2,
        mid_block_add_attention=False,
    )
    Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=vae.eval(),
        text_encoder=qwen.deep_reader(words),
        tokenizer=words,
        transformer=transformer.eval(),
        is_distilled=True,
    ).save_pretrained(folder)


def qwen_image_edit(folder: Path) -> None:
    """The hub's folder names a processor that cannot be made here: its files are put beside the index by hand."""
    words = qwen.marked()
    transformer = QwenImageTransformer2DModel(
        in_channels=16,
        out_channels=4,
        num_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=parts.WIDTH,
        axes_dims_rope=(4, 6, 6),
        zero_cond_t=True,
    )
    vae = AutoencoderKLQwenImage(
        base_dim=4,
        z_dim=4,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.0] * 4,
        latents_std=[1.0] * 4,
    )
    QwenImageEditPlusPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=vae.eval(),
        text_encoder=qwen.seeing_reader(words),
        tokenizer=words,
        processor=None,
        transformer=transformer.eval(),
    ).save_pretrained(folder)
    words.save_pretrained(folder / "processor")
    Qwen2VLImageProcessorPil().save_pretrained(folder / "processor")
    index = folder / "model_index.json"
    named = {**json.loads(index.read_text()), "processor": ["transformers", "Qwen2VLProcessor"]}
    index.write_text(json.dumps(named))
