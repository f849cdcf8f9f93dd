"""From trained weights to the folders that ship: the latents' preview is measured, and every file is hashed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image

from engine.models.manifest import write_manifest
from engine.models.preview import FACTORS
from engine.pocket.pipeline import PocketPipeline
from engine.pocket.render import Renderer
from engine.train.stream import StreamOptions, make_chunk


@torch.no_grad()
def preview_factors(pipeline: PocketPipeline, clips: int = 24) -> list[list[float]]:
    """The linear map from latents (and a constant 1) to colours in -1..1 that fits best: (channels + 1, 3)."""
    frames = Renderer("cpu").render(make_chunk(StreamOptions(clips, 1), 0).layout)[:, 0]
    latents = pipeline.encode([Image.fromarray(frame.permute(1, 2, 0).numpy()) for frame in frames])
    small = F.interpolate(frames.float().div(127.5).sub(1), size=latents.shape[-2:], mode="area")
    rows = latents.movedim(1, -1).flatten(0, 2)
    rows = torch.cat([rows, torch.ones_like(rows[:, :1])], dim=1)
    solution = torch.linalg.lstsq(rows.double(), small.movedim(1, -1).flatten(0, 2).double()).solution
    return [[round(value, 4) for value in row] for row in solution.tolist()]


def release(trained: Mapping[str, Path], assets: Path) -> dict[str, float]:
    """Copy trained models to their folders in assets, each with its manifest; returns the MiB of each.

    trained: `pocket` (a pipeline), `judge`, `detector`, `inverse`, `forward`, `critic` -> the folder of a training run.
    Others there stay as they are.
    """
    sizes = {}
    for name, source in trained.items():
        folder = assets / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("checkpoint.*"))
        forget_paths(folder)
        if name == "pocket":
            loaded = PocketPipeline.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
            (folder / FACTORS).write_text(json.dumps({"rgb_factors": preview_factors(loaded)}) + "\n")
        write_manifest(folder)
        sizes[name] = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 2**20
    return sizes


def forget_paths(folder: Path) -> None:
    """Take the folder that a model was once loaded from out of its config.json: it tells of one machine alone."""
    for config in folder.rglob("config.json"):
        kept = {name: value for name, value in json.loads(config.read_text()).items() if name != "_name_or_path"}
        config.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")
