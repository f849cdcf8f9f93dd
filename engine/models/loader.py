"""Weights from disk to a pipeline: safetensors only, every file checked against its hash first, nothing downloaded.

Knows no agent and no queue. A folder that ships with the code has a `manifest.json` (file name -> sha256).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers import DiffusionPipeline

from engine.errors import ModelError, WeightsAlteredError, WeightsMissingError
from engine.pocket.detector import PocketDetector
from engine.pocket.pipeline import PocketPipeline
from engine.types import ModelProfile

MANIFEST = "manifest.json"
_REMEDY = "Get the file again (git checkout, or a fresh clone), then make the take again."


def digest(path: Path) -> str:
    """Sha256 of a file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_manifest(folder: Path) -> None:
    """Record the hash of every file below `folder`, in a fixed order."""
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    hashes = {name: digest(folder / name) for name in names if name != MANIFEST}
    (folder / MANIFEST).write_text(json.dumps(hashes, indent=1) + "\n")


def verify(folder: Path) -> str:
    """Check every file that the manifest names; returns the manifest's own hash, which serves as revision.

    Raises WeightsMissingError or WeightsAlteredError naming the file, the hash found and the hash expected.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise WeightsMissingError("The model's manifest is missing", _REMEDY, value=str(manifest))
    expected: dict[str, str] = json.loads(manifest.read_text())
    for name, wanted in expected.items():
        path = folder / name
        if not path.is_file():
            raise WeightsMissingError("A file of the model is missing", _REMEDY, value=name, limit=f"sha256 {wanted}")
        found = digest(path)
        if found != wanted:
            what = f"The model file {name} is not the one that belongs here"
            raise WeightsAlteredError(what, _REMEDY, value=f"sha256 {found}", limit=f"sha256 {wanted}")
    return digest(manifest)


def pipeline_class(folder: Path) -> type[DiffusionPipeline]:
    """The class that model_index.json names: ours, or one that the installed diffusers exports.

    Raises ModelError for a class that neither has.
    """
    name = json.loads((folder / "model_index.json").read_text())["_class_name"]
    if name == PocketPipeline.__name__:
        return PocketPipeline
    found = getattr(diffusers, name, None)
    if not (isinstance(found, type) and issubclass(found, DiffusionPipeline)):
        raise ModelError("The installed diffusers has no such pipeline", "Upgrade diffusers.", value=name)
    return found


def load(profile: ModelProfile, root: Path, device: torch.device) -> tuple[Any, str]:
    """Load a profile's pipeline, or its detector, onto the device; returns it with the revision of its weights.

    `root` is where folder repositories start from (the project's root). bfloat16 on a GPU, float32 on a CPU.
    """
    folder = root / profile.repository
    revision = verify(folder)
    dtype = torch.float32 if device.type == "cpu" else torch.bfloat16
    if "detector" in profile.jobs:
        return PocketDetector.from_pretrained(folder, dtype).to(device), revision
    pipeline = pipeline_class(folder).from_pretrained(folder, dtype=dtype, use_safetensors=True, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(device), revision
