"""Wan 5B as a folder on the disk, with all that its pipeline reads, made of random numbers: what a loader loads."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import diffusers
import torch
import transformers

from bench.models import full
from engine.models.profiles import profile
from engine.pocket import grammar
from engine.train import components
from engine.types import ModelProfile

PLACE = Path(tempfile.gettempdir()) / "greenlight-bench"


def wan_5b(device: torch.device, toy: bool) -> ModelProfile:
    """Its row, whose repository is that folder; made when it is not there. 24 GB at full size."""
    folder = PLACE / ("wan-toy" if toy else "wan-5b")
    if not (folder / "model_index.json").is_file():
        _save(folder, device, toy)
    row = replace(profile("wan2.2-5b"), repository=str(folder))
    return replace(row, sizes=((64, 64),), frame_counts=(9,)) if toy else row


def _save(folder: Path, device: torch.device, toy: bool) -> None:
    small = {"d_model": 16, "d_kv": 8, "d_ff": 16, "num_layers": 1, "num_heads": 2, "vocab_size": 400}
    large = {"d_model": 4096, "d_kv": 64, "d_ff": 10240, "num_layers": 24, "num_heads": 64, "vocab_size": 256384}
    config = transformers.UMT5Config(**(small if toy else large), feed_forward_proj="gated-gelu")
    words = components.tokenizer(grammar.words())
    words.model_max_length = 512
    subject = full.wan(device, five=True, toy=toy)
    parts = subject.pipeline.components
    diffusers.WanPipeline(
        tokenizer=words,
        text_encoder=full.made(device, torch.bfloat16, lambda: transformers.UMT5EncoderModel(config)),
        transformer=parts["transformer"],
        vae=parts["vae"],
        scheduler=parts["scheduler"],
        expand_timesteps=True,
    ).save_pretrained(folder)
