"""What a run computes on, as a port: the real one asks torch, a test brings its own."""

from __future__ import annotations

import gc
import warnings
from dataclasses import dataclass
from typing import Any, Protocol

import torch

from engine.errors import DriverTooOldError, MachineError, NoDeviceError
from engine.models.memory.estimate import Room


class Device(Protocol):
    """Where models are held and run."""

    @property
    def place(self) -> torch.device:
        """As torch calls it."""
        ...

    def room(self) -> Room | None:
        """Its memory now; `None` where it has none of its own (a CPU, Apple's), so that nothing is estimated."""
        ...

    def give_back(self) -> None:
        """Let go of what nothing holds any more."""
        ...


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One device of this machine."""

    place: torch.device

    def room(self) -> Room | None:
        """See Device: what the system calls free, and what torch has reserved and does not use."""
        if self.place.type != "cuda":
            return None
        free, total = torch.cuda.mem_get_info(self.place)
        idle = torch.cuda.memory_reserved(self.place) - torch.cuda.memory_allocated(self.place)
        return Room(free + idle, total)

    def give_back(self) -> None:
        """See Device."""
        gc.collect()
        if self.place.type == "cuda":
            torch.cuda.empty_cache()


def best_device() -> torch.device:
    """The first GPU that this torch can drive (CUDA, ROCm, then Apple's), else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def why_none(cuda: Any = torch.cuda, built_for: str | None = torch.version.cuda) -> MachineError:
    """Why a model that needs a GPU cannot have one: its driver is older than torch needs, or torch sees none."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            cuda.init()
            reason = ""
        except (RuntimeError, AssertionError) as error:
            reason = str(error)
    reason = " ".join([reason, *(str(one.message) for one in told)])
    first = reason.strip().split("\n")[0].split(". ")[0][:160]
    if "driver" in reason and "too old" in reason:
        return DriverTooOldError(
            "The driver of the GPU is too old for the installed torch",
            "Update the driver, or install a torch that was built for the older one.",
            value=first,
            limit=f"CUDA {built_for}",
        )
    return NoDeviceError(
        "This model needs a GPU, and torch finds none",
        "Choose a model that runs without one, or see that `nvidia-smi` names it and torch was installed with CUDA.",
        value=first,
    )
