"""A tiny I2VGen-XL."""

from __future__ import annotations

from pathlib import Path

from diffusers import DDIMScheduler, I2VGenXLPipeline, I2VGenXLUNet
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModelWithProjection

from tests.models.twins import parts


def i2vgen(folder: Path) -> None:
    """Saved as half precision, as the hub has it."""
    words = parts.tokenizer()
    unet = I2VGenXLUNet(
        sample_size=8,
        block_out_channels=(8, 16),
        down_block_types=("CrossAttnDownBlock3D", "DownBlock3D"),
        up_block_types=("UpBlock3D", "CrossAttnUpBlock3D"),
        layers_per_block=1,
        norm_num_groups=2,
        cross_attention_dim=parts.WIDTH,
        attention_head_dim=4,
    )
    vision = CLIPVisionConfig(
        hidden_size=16,
        projection_dim=parts.WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        image_size=32,
        intermediate_size=16,
        patch_size=8,
    )
    I2VGenXLPipeline(
        vae=parts.picture_autoencoder(),
        text_encoder=parts.clip_text(words),
        tokenizer=words,
        image_encoder=CLIPVisionModelWithProjection(vision).eval(),
        feature_extractor=CLIPImageProcessor(crop_size=32, size=32),
        unet=unet.eval(),
        scheduler=DDIMScheduler(beta_schedule="squaredcos_cap_v2", rescale_betas_zero_snr=True, clip_sample=False),
    ).save_pretrained(folder, variant="fp16")
