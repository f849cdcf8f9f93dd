"""Tiny random models of worlds, saved as the real ones are."""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import AutoencoderKL, WanTransformer3DModel

from engine.models.manifest import write_manifest
from engine.models.profiles import FORWARD, INVERSE, POCKET
from engine.pocket.worlds.forward import ForwardModel
from engine.pocket.worlds.inverse import InverseModel
from engine.train.futures import vocabulary


def tiny_autoencoder() -> AutoencoderKL:
    """Eight pixels a latent and eight channels, as the shipped one has; all else as small as can be."""
    return AutoencoderKL(
        block_out_channels=(8, 8, 8, 8), layers_per_block=1, latent_channels=8, norm_num_groups=4,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
        scaling_factor=1.0, shift_factor=0.0,
    )  # fmt: skip


def tiny_generator() -> WanTransformer3DModel:
    """A generator as the shipped one is, of next to no size."""
    return WanTransformer3DModel(
        patch_size=(1, 2, 2), num_attention_heads=2, attention_head_dim=16, in_channels=17, out_channels=8,
        text_dim=24, freq_dim=16, ffn_dim=32, num_layers=1, rope_max_seq_len=64,
    )  # fmt: skip


def tiny_worlds(root: Path) -> None:
    """A forward and an inverse model, and an autoencoder where the pocket world's is."""
    torch.manual_seed(0)
    forward = ForwardModel(len(vocabulary()), 16, 1, 2)
    torch.nn.init.normal_(forward.heads["picture"].weight, std=0.2)
    torch.nn.init.normal_(forward.heads["sound"].weight, std=0.2)
    forward.save_pretrained(root / FORWARD.repository)
    vocabulary().save_pretrained(root / FORWARD.repository)
    InverseModel(view=32, width=16, layers=1).save_pretrained(root / INVERSE.repository)
    tiny_autoencoder().save_pretrained(root / POCKET.repository / "vae")
    for row in (FORWARD, INVERSE, POCKET):
        write_manifest(root / row.repository)
