"""Tiny random LoRAs for the tiny twins: for every attention of a denoiser a pair of rank two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

_LAYER = re.compile(r"(?P<layer>.*\.to_[qkv])\.weight")


def write(path: Path, folder: Path, seed: int = 0, said: Mapping[str, str] | None = None) -> Path:
    """One that fits the pipeline in a folder, in the names that diffusers gives."""
    part = "unet" if (folder / "unet").is_dir() else "transformer"
    generator = torch.Generator().manual_seed(seed)
    state: dict[str, torch.Tensor] = {}
    for name, weight in load_file(next((folder / part).glob("*.safetensors"))).items():
        if layer := _LAYER.fullmatch(name):
            wide, narrow = weight.shape
            state[f"{part}.{layer['layer']}.lora_A.weight"] = torch.randn(2, narrow, generator=generator)
            state[f"{part}.{layer['layer']}.lora_B.weight"] = torch.randn(wide, 2, generator=generator)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(state, path, {"format": "pt", **(said or {})})
    return path
