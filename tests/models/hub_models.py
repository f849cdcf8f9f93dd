"""Tiny models as a hub holds them, and a machine that fetches them."""

from __future__ import annotations

import json
from pathlib import Path

from engine.disk import Disk
from engine.models.hub.fetching import Hub
from engine.models.hub.kept import Kept
from engine.models.hub.progress import Progress
from engine.models.hub.wire import Wire
from tests.models.fake_hub import FakeHub

NAME = "greenlight/tiny"
UNET = "unet/diffusion_pytorch_model.safetensors"


def quiet(_: Progress) -> None:
    """Nobody watches a download."""


def weights(size_bytes: int, seed: int = 1) -> bytes:
    """Bytes that differ from place to place."""
    return bytes((index * 31 + index // 256 * 7 + seed) % 251 for index in range(size_bytes))


def pipeline(**more: bytes) -> dict[str, bytes]:
    """A pipeline of three parts, with what a loader needs and much that it does not."""
    index: dict[str, object] = {
        "_class_name": "TinyPipeline",
        "unet": ["diffusers", "U"],
        "tokenizer": ["transformers", "T"],
    }
    index |= {"scheduler": ["diffusers", "S"], "safety_checker": [None, None]}
    return {
        "model_index.json": json.dumps(index).encode(),
        "README.md": b"# Tiny",
        "tiny_whole.safetensors": weights(900),
        "unet/config.json": b"{}",
        UNET: weights(5000),
        "unet/diffusion_pytorch_model.bin": weights(600),
        "unet/modeling.py": b"import os",
        "tokenizer/vocab.json": b'{"a": 1}',
        "tokenizer/merges.txt": b"a b",
        "scheduler/scheduler_config.json": b"{}",
        "vae_onnx/model.onnx": weights(300),
        **more,
    }


NEEDED = {
    "model_index.json",
    "unet/config.json",
    UNET,
    "tokenizer/vocab.json",
    "tokenizer/merges.txt",
    "scheduler/scheduler_config.json",
}


def machine(folder: Path, hub: FakeHub, token: str = "", disk: Disk | None = None) -> Hub:
    """A machine that keeps all its things in one folder, and does not wait before it tries again."""
    kept = Kept(folder / "home", folder / "cache", disk or Disk())
    return Hub(kept, Wire(hub.endpoint, token, offline=False), waits_seconds=(0.0,))
