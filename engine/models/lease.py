"""Who holds the device: one job at a time, and the model that was used last stays loaded."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from engine.errors import OutOfMemoryError
from engine.models.loader import load
from engine.models.preview import LatentPreview
from engine.models.profiles import POCKET, profile
from engine.types import ModelProfile, Settings

ROOT = Path(__file__).resolve().parents[2]
"""The project's root: folder repositories start here."""


def best_device() -> torch.device:
    """The first GPU that this torch can drive (CUDA, ROCm, then Apple's), else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


@dataclass(frozen=True)
class Loaded:
    """A model on the device, and which weights it has."""

    pipeline: Any
    """A diffusers pipeline."""
    revision: str
    """Hub commit, or the hash of the shipped manifest."""
    device: torch.device
    preview: LatentPreview
    """Shows its latents as they are denoised, where it has a map for them."""
    profile: ModelProfile
    """Its row of the table."""


Load = Callable[[ModelProfile, Path, torch.device], tuple[Any, str]]


class Lease:
    """Lends the device. `borrow` waits for its turn and loads the model if another one is there."""

    def __init__(
        self,
        device: torch.device | None = None,
        load: Load = load,
        root: Path = ROOT,
        rows: Sequence[ModelProfile] | None = None,
    ) -> None:
        """rows: the models that it knows; the table's where nothing is said."""
        self._rows = rows
        self._device = device
        self._load = load
        self._root = root
        self._turn = threading.Lock()
        self._name: str | None = None
        self._loaded: Loaded | None = None

    def profile(self, settings: Settings) -> ModelProfile:
        """The row that a stage's settings name. Raises SettingError for one that is not there."""
        return profile(str(settings.get("profile", POCKET.name)), self._rows)

    @contextmanager
    def borrow(self, profile: ModelProfile) -> Iterator[Loaded]:
        """The profile's model, for this block alone.

        Raises WeightsMissingError, WeightsAlteredError, and OutOfMemoryError when the device is too small, after
        giving the memory back.
        """
        with self._turn:
            try:
                yield self._ready(profile)
                return
            except torch.OutOfMemoryError as error:
                reason = str(error).split(". ")[0]
            self._forget()
            raise OutOfMemoryError(
                "The device has too little free memory for this take",
                "Close other programs that use it, or choose a smaller model or a shorter video.",
                value=reason,
                limit=f"{profile.memory_gib:g} GiB",
            )

    def _ready(self, profile: ModelProfile) -> Loaded:
        if self._loaded is None or self._name != profile.name:
            self._forget()
            device = self._device or best_device()
            pipeline, revision = self._load(profile, self._root, device)
            preview = LatentPreview(self._root / profile.repository)
            self._name, self._loaded = profile.name, Loaded(pipeline, revision, device, preview, profile)
        return self._loaded

    def _forget(self) -> None:
        """Drop the loaded model and give its memory back."""
        self._name, self._loaded = None, None
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
