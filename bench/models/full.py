"""Pipelines at full size with random weights made on the device, and toys of them. Nothing is fetched.

The sizes are those of the published config.json files, written down from memory: SDXL base 1.0, Stable Video Diffusion
XT (its UNet and decoder), Wan 2.2 TI2V 5B and I2V A14B (whose experts are alike: here one serves as both), umT5 XXL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import diffusers
import torch
import transformers

KEPT: Mapping[str, tuple[str, ...]] = {"transformer": ("time_embedder", "scale_shift_table", "norm1", "norm2", "norm3")}
"""What `from_pretrained` leaves in float32 of a Wan, whatever it is asked."""
Sizes = Mapping[str, Any]
WAN: Sizes = {"patch_size": (1, 2, 2), "attention_head_dim": 128, "text_dim": 4096, "freq_dim": 256}
WAN_5B: Sizes = {
    **WAN, "num_attention_heads": 24, "in_channels": 48, "out_channels": 48, "ffn_dim": 14336, "num_layers": 30,
}  # fmt: skip
WAN_14B: Sizes = {
    **WAN, "num_attention_heads": 40, "in_channels": 36, "out_channels": 16, "ffn_dim": 13824, "num_layers": 40,
}  # fmt: skip
WAN_TOY: Sizes = {
    "patch_size": (1, 2, 2), "attention_head_dim": 12, "text_dim": 16, "freq_dim": 16, "num_attention_heads": 2,
    "ffn_dim": 16, "num_layers": 2, "rope_max_seq_len": 32,
}  # fmt: skip
VAE_22: Sizes = {
    "base_dim": 160, "decoder_base_dim": 256, "z_dim": 48, "dim_mult": [1, 2, 4, 4], "num_res_blocks": 2,
    "is_residual": True, "in_channels": 12, "out_channels": 12, "patch_size": 2, "scale_factor_spatial": 16,
    "temperal_downsample": [False, True, True], "latents_mean": [0.0] * 48, "latents_std": [1.0] * 48,
}  # fmt: skip
VAE_TOY_22: Sizes = {**VAE_22, "base_dim": 8, "decoder_base_dim": 8, "num_res_blocks": 1}
VAE_21: Sizes = {"latents_mean": [0.0] * 16, "latents_std": [1.0] * 16}
VAE_TOY_21: Sizes = {**VAE_21, "base_dim": 3, "dim_mult": [1, 1, 1, 1], "num_res_blocks": 1}


@dataclass(frozen=True)
class Subject:
    """One pipeline, and how a run of it is asked for."""

    pipeline: Any
    told: Mapping[str, Any]
    """Arguments of every run: words (read already), picture, size, length, guidance."""
    driver: str
    """Greenlight's, by name."""
    shape: tuple[int, int, int]
    """Width, height, frames."""
    steps: int
    """Of a whole video, as the row of the table has it."""

    @property
    def denoiser(self) -> Any:
        """The network that runs at every step."""
        return getattr(self.pipeline, "transformer", None) or self.pipeline.unet


@contextmanager
def weights_made(device: torch.device, kind: torch.dtype) -> Iterator[None]:
    """Modules that are made within this block are made there, in this format."""
    before = torch.get_default_dtype()
    torch.manual_seed(0)
    torch.set_default_dtype(kind)
    try:
        with torch.device(device):
            yield
    finally:
        torch.set_default_dtype(before)


def made(device: torch.device, kind: torch.dtype, make: Callable[[], Any], kept: tuple[str, ...] = ()) -> Any:
    """A network for inference, in this format on a GPU and float32 elsewhere."""
    kind = kind if device.type == "cuda" else torch.float32
    with weights_made(device, kind):
        module = make()
    module = module.to(device).eval().requires_grad_(False)  # torch.Tensor([...]) is made on the host all the same
    for name, one in (*module.named_parameters(), *module.named_buffers()):
        wanted = torch.float32 if any(part in name for part in kept) else kind
        if one.is_floating_point() and "freqs" not in name:
            one.data = one.data.to(wanted)
    return module


def wan_transformer(device: torch.device, sizes: Sizes, channels: tuple[int, int]) -> Any:
    """`channels`: in and out, of a toy."""
    told = {"in_channels": channels[0], "out_channels": channels[1], **sizes}
    return made(device, torch.bfloat16, lambda: diffusers.WanTransformer3DModel(**told), KEPT["transformer"])


def wan(device: torch.device, five: bool, toy: bool) -> Subject:
    """Wan 2.2, 5B at 1280x704 and 121 frames, or A14B at 832x480 and 81; the autoencoder in float32, as documented."""
    latents = 48 if five else 16
    into = latents if five else 36
    sizes = WAN_TOY if toy else WAN_5B if five else WAN_14B
    transformer = wan_transformer(device, sizes, (into, latents))
    vae_sizes = (VAE_TOY_22 if toy else VAE_22) if five else (VAE_TOY_21 if toy else VAE_21)
    vae = made(device, torch.float32, lambda: diffusers.AutoencoderKLWan(**vae_sizes))
    scheduler = diffusers.UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=5.0
    )
    experts = {"expand_timesteps": True} if five else {"transformer_2": transformer, "boundary_ratio": 0.9}
    pipeline = diffusers.WanImageToVideoPipeline(
        tokenizer=None, text_encoder=None, transformer=transformer, vae=vae, scheduler=scheduler, **experts
    )
    width, height, frames = (64, 64, 9) if toy else (1280, 704, 121) if five else (832, 480, 81)
    told = {
        **_words(device, transformer.config.text_dim, 16 if toy else 512),
        "image": _picture(width, height), "num_frames": frames, "guidance_scale": 5.0 if five else 3.5,
        "width": width, "height": height,
    }  # fmt: skip
    return Subject(_quiet(pipeline), told, "wan", (width, height, frames), 50 if five else 40)


def _words(device: torch.device, width: int, length: int) -> dict[str, torch.Tensor]:
    """What a text encoder would have said."""
    noise = torch.Generator(device).manual_seed(1)
    kind = torch.bfloat16 if device.type == "cuda" else torch.float32
    return {
        name: torch.randn(1, length, width, device=device, dtype=kind, generator=noise)
        for name in ("prompt_embeds", "negative_prompt_embeds")
    }


def svd(device: torch.device, toy: bool) -> Subject:
    """Stable Video Diffusion XT, 25 frames of 1024x576, in float16, as documented."""
    small: dict[str, Any] = {
        "block_out_channels": (32, 64), "layers_per_block": 1, "cross_attention_dim": 16, "num_attention_heads": 8,
        "projection_class_embeddings_input_dim": 24, "addition_time_embed_dim": 8, "sample_size": 32,
        "down_block_types": ("CrossAttnDownBlockSpatioTemporal", "DownBlockSpatioTemporal"),
        "up_block_types": ("UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"),
    }  # fmt: skip
    full: dict[str, Any] = {"num_attention_heads": (5, 10, 20, 20), "num_frames": 25, "sample_size": 96}
    unet = made(device, torch.float16, lambda: diffusers.UNetSpatioTemporalConditionModel(**(small if toy else full)))
    widths = (32, 32, 32, 32) if toy else (128, 256, 512, 512)
    vae = made(
        device,
        torch.float16,
        lambda: diffusers.AutoencoderKLTemporalDecoder(
            block_out_channels=widths, down_block_types=("DownEncoderBlock2D",) * 4,
            layers_per_block=1 if toy else 2, sample_size=768,
        ),
    )  # fmt: skip
    wide = {"hidden_size": 16, "projection_dim": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    vision = {"hidden_size": 1280, "projection_dim": 1024, "num_hidden_layers": 32, "num_attention_heads": 16}
    rest = {"image_size": 224, "patch_size": 56 if toy else 14, "intermediate_size": 16 if toy else 5120}
    config = transformers.CLIPVisionConfig(**(wide if toy else vision), **rest)
    pipeline = diffusers.StableVideoDiffusionPipeline(
        vae=vae,
        image_encoder=made(device, torch.float16, lambda: transformers.CLIPVisionModelWithProjection(config)),
        unet=unet,
        scheduler=diffusers.EulerDiscreteScheduler(
            prediction_type="v_prediction", timestep_type="continuous", sigma_min=0.002, sigma_max=700.0,
            use_karras_sigmas=True, timestep_spacing="leading", interpolation_type="linear",
        ),
        feature_extractor=transformers.CLIPImageProcessor(crop_size=224, size=224),
    )  # fmt: skip
    width, height, frames = (64, 64, 3) if toy else (1024, 576, 25)
    told = {"image": _picture(width, height), "width": width, "height": height, "num_frames": frames,
            "decode_chunk_size": 8}  # fmt: skip
    return Subject(_quiet(pipeline), told, "stable-video-diffusion", (width, height, frames), 25)


def sdxl(device: torch.device, toy: bool) -> Subject:
    """Stable Diffusion XL, 1024x1024, in float16, as documented; its pipeline raises its autoencoder to float32."""
    small: dict[str, Any] = {
        "block_out_channels": (32, 64), "layers_per_block": 1, "cross_attention_dim": 16, "sample_size": 8,
        "attention_head_dim": 4, "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"), "projection_class_embeddings_input_dim": 16 + 6 * 4,
        "addition_time_embed_dim": 4, "transformer_layers_per_block": 1,
    }  # fmt: skip
    full: dict[str, Any] = {
        "block_out_channels": (320, 640, 1280), "layers_per_block": 2, "cross_attention_dim": 2048, "sample_size": 128,
        "attention_head_dim": (5, 10, 20), "transformer_layers_per_block": (1, 2, 10),
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        "projection_class_embeddings_input_dim": 2816, "addition_time_embed_dim": 256,
    }  # fmt: skip
    shared = {"addition_embed_type": "text_time", "use_linear_projection": True}
    unet = made(device, torch.float16, lambda: diffusers.UNet2DConditionModel(**(small if toy else full), **shared))
    widths = (32, 32, 32, 32) if toy else (128, 256, 512, 512)
    vae = made(
        device,
        torch.float16,
        lambda: diffusers.AutoencoderKL(
            down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
            block_out_channels=widths, layers_per_block=2, scaling_factor=0.13025, sample_size=1024,
        ),
    )  # fmt: skip
    pipeline = diffusers.StableDiffusionXLPipeline(
        vae=vae, text_encoder=None, text_encoder_2=None, tokenizer=None, tokenizer_2=None, unet=unet,
        scheduler=diffusers.EulerDiscreteScheduler(
            beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012, steps_offset=1,
            timestep_spacing="leading",
        ),
        add_watermarker=False,
    )  # fmt: skip
    width = height = 64 if toy else 1024
    kind = unet.dtype
    words = {name: one.to(kind) for name, one in _words(device, 16 if toy else 2048, 77).items()}
    noise = torch.randn(2, 16 if toy else 1280, device=device, dtype=kind)
    told = {
        **words, "pooled_prompt_embeds": noise[:1], "negative_pooled_prompt_embeds": noise[1:], "width": width,
        "height": height, "guidance_scale": 5.0,
    }  # fmt: skip
    return Subject(_quiet(pipeline), told, "stable-diffusion-xl", (width, height, 1), 40)


def _picture(width: int, height: int) -> Any:
    import numpy as np
    from PIL import Image

    ramp = np.linspace(0, 255, width, dtype=np.uint8)[None, :, None]
    return Image.fromarray(np.broadcast_to(ramp, (height, width, 3)).copy())


def _quiet(pipeline: Any) -> Any:
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
