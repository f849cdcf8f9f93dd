"""The pocket world's small models of what happens: where their weights lie, and what is said while there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from engine.errors import WeightsMissingError
from engine.models.manifest import verify
from engine.models.profiles import FORWARD, INVERSE, POCKET
from engine.types import ModelProfile


def load(profile: ModelProfile, root: Path, device: torch.device) -> tuple[Any, str]:
    """A profile's model on the device, with the revision of its weights; `root` as engine.models.loader has it.

    Raises WeightsMissingError for one that has not been trained, and WeightsAlteredError.
    """
    from engine.pocket.worlds.imagining import Imagination  # brings transformers: only once a world is wanted
    from engine.pocket.worlds.inverse import ActionReader

    if profile == INVERSE:
        inverse = _folder(INVERSE, root)
        revision = verify(inverse)
        return ActionReader.from_pretrained(inverse).to(device), revision
    folders = [_folder(row, root) for row in (FORWARD, INVERSE, POCKET)]
    revisions = [verify(folder) for folder in folders]
    forward, inverse, pocket = folders
    return Imagination.from_pretrained(forward, pocket / "vae", inverse).to(device), " and ".join(revisions[:2])


def _folder(profile: ModelProfile, root: Path) -> Path:
    """Where the profile's weights lie. Raises WeightsMissingError."""
    folder = root / profile.repository
    if folder.is_dir():
        return folder
    raise WeightsMissingError(
        f"{profile.title} has not been trained yet: no weights of it ship",
        f"Train it: python -m engine.train {folder.name}; docs/WORLDS.md says how.",
        value=profile.repository,
    )
