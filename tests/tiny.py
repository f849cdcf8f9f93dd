"""A tiny random twin of the pocket pipeline: the same classes and files, a thousandth of the size."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import torch
from diffusers import AutoencoderKL, WanTransformer3DModel
from transformers import T5Config, T5EncoderModel

from engine.models.lease import Lease
from engine.models.manifest import write_manifest
from engine.models.profiles import POCKET
from engine.pocket import grammar
from engine.pocket.pipeline import PocketPipeline
from engine.train import components
from engine.types import ModelProfile


def tiny_pipeline() -> PocketPipeline:
    """Random weights, always the same."""
    torch.manual_seed(0)
    tokenizer = components.tokenizer(grammar.words())
    sizes = {"d_model": 16, "d_kv": 8, "d_ff": 16, "num_layers": 1, "num_heads": 2}
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 8, 8, 8),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=4,
        scaling_factor=1.0,
        shift_factor=0.0,
        mid_block_add_attention=False,
    )
    transformer = WanTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=9,
        out_channels=4,
        text_dim=16,
        freq_dim=16,
        ffn_dim=16,
        num_layers=2,
        rope_max_seq_len=32,
    )
    text_encoder = T5EncoderModel(T5Config(vocab_size=len(tokenizer), pad_token_id=0, eos_token_id=2, **sizes))
    pipeline = PocketPipeline(tokenizer, text_encoder.eval(), transformer.eval(), vae.eval(), components.scheduler())
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def tiny_folder(root: Path) -> ModelProfile:
    """Save the twin below `root` as assets/pocket would be, and return its profile."""
    folder = root / "twin"
    tiny_pipeline().save_pretrained(folder)
    rows = [[0.1, 0.0, 0.0], [0.0, 0.1, 0.0], [0.0, 0.0, 0.1], [0.1, 0.1, 0.1], [0.0, 0.0, 0.0]]
    (folder / "latent_preview.json").write_text(json.dumps({"rgb_factors": rows}))
    write_manifest(folder)
    return replace(POCKET, repository="twin", sizes=((32, 32),))


def tiny_lease(root: Path) -> Lease:
    """A lease whose every model is the twin below `root`, on the CPU."""
    return Lease(torch.device("cpu"), root=root)
