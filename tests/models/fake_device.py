"""A device with as much memory as a test says, that computes on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from engine.models.memory.estimate import GIB, Estimate, Room
from engine.models.memory.modes import MODES, Mode
from engine.models.script import Sampling
from engine.types import ModelProfile


class FakeDevice:
    """Counts how often memory was given back."""

    place = torch.device("cpu")

    def __init__(self, free_gib: float, total_gib: float = 24.0) -> None:
        self.free, self.total = int(free_gib * GIB), int(total_gib * GIB)
        self.given_back = 0

    def room(self) -> Room | None:
        """See Device."""
        return Room(self.free, self.total)

    def give_back(self) -> None:
        """See Device."""
        self.given_back += 1


class FakeClock:
    """Seconds, as a test sets them."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Pretended:
    """A pipeline whose components are nothing: it notes how it is held."""

    def __init__(self) -> None:
        self.offloaded = False
        self.components: dict[str, object] = {}

    def enable_model_cpu_offload(self, device: torch.device) -> None:
        """See DiffusionPipeline."""
        self.offloaded = True


class FakeLoad:
    """Counts what was loaded; the first so many times, the device runs out of memory on the way."""

    def __init__(self, fails: int = 0) -> None:
        self.loaded: list[str] = []
        self.fails = fails

    def __call__(self, profile: ModelProfile, root: Path, device: torch.device) -> tuple[object, str]:
        """See engine.models.memory.holding.Load."""
        self.loaded.append(profile.name)
        if len(self.loaded) <= self.fails:
            raise out_of_memory()
        return Pretended(), "revision"


def out_of_memory() -> torch.OutOfMemoryError:
    """As torch says it."""
    return torch.OutOfMemoryError(
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 24 GiB"
    )


def needing(gib: Sequence[float], modes: Sequence[Mode], stays: float = 0.0) -> Estimate:
    """An estimate with a need for each mode; the first also stays between runs."""
    needs = {mode: int(one * GIB) for mode, one in zip(modes, gib, strict=True)}
    return Estimate(needs, {mode: int(stays * GIB) if mode == modes[0] else 0 for mode in modes}, "table")


def three_ways(profile: ModelProfile, root: Path, sampling: Sampling | None = None) -> Estimate:
    """20, 12 and 6 GiB in the first three modes, whatever the model."""
    return needing((20, 12, 6), MODES[:3], stays=10)
