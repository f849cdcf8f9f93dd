"""The pocket world's small models of what happens: where their weights lie, and what is said while there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from engine.errors import WeightsMissingError
from engine.models.manifest import verify
from engine.pocket.worlds.inverse import ActionReader
from engine.types import ModelProfile


def load(profile: ModelProfile, root: Path, device: torch.device) -> tuple[Any, str]:
    """A profile's model on the device, with the revision of its weights; `root` as engine.models.loader has it.

    Raises WeightsMissingError for one that has not been trained, and WeightsAlteredError.
    """
    folder = root / profile.repository
    if not folder.is_dir():
        raise WeightsMissingError(
            f"{profile.title} has not been trained yet: no weights of it ship",
            f"Train it: python -m engine.train {folder.name}; docs/WORLDS.md says how.",
            value=profile.repository,
        )
    revision = verify(folder)
    return ActionReader.from_pretrained(folder).to(device), revision
