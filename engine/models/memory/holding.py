"""The models that are loaded: each held in a mode, the one that was used longest ago the first to leave.

Knows one device and no turns: whoever asks has the device for itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from engine.models.lora.wearing import Wardrobe
from engine.models.memory import placing
from engine.models.memory.accelerator import Accelerator, Device, best_device, why_none
from engine.models.memory.estimate import Estimate, Room
from engine.models.memory.modes import DEVICE, Mode
from engine.models.preview import LatentPreview
from engine.models.speed.gear import Gear
from engine.models.spreading.spread import Spread
from engine.types import ModelProfile

Load = Callable[[ModelProfile, Path, torch.device], tuple[Any, str]]
"""Row, root of folder repositories, device that it is meant for -> pipeline, and which weights it has."""
Clock = Callable[[], float]
"""Seconds that only grow."""
_UNCOUNTED_GIB = 2.75
"""What stays together where memory is not counted, by the rows' own figures: the pocket world and those that look."""


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
    mode: Mode | None = None
    """How it is held; `None` where memory is not counted: whole."""

    @cached_property
    def wardrobe(self) -> Wardrobe:
        """The LoRAs that it wears, which leave the memory with it."""
        return Wardrobe(self.pipeline)

    @cached_property
    def gear(self) -> Gear:
        """What makes it sooner, which leaves the memory with it."""
        return Gear(self.pipeline, self.profile, self.device, self.mode)

    @cached_property
    def spread(self) -> Spread:
        """Over how many devices it is computed; the others are let go with it."""
        whole = self.mode in (None, DEVICE)
        return Spread(self.profile.title, self.pipeline, self.device, whole=whole)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run wants its model held, and what was estimated for it."""

    mode: Mode
    told: Estimate

    @property
    def needs(self) -> int:
        """Bytes at the worst moment."""
        return self.told.needs[self.mode]

    @property
    def stays(self) -> int:
        """Bytes between runs."""
        return self.told.stays[self.mode]


@dataclass(frozen=True)
class _Held:
    loaded: Loaded
    stays: int
    used_at: float


class Holding:
    """What is loaded on a device. Where its memory is counted as many models stay as there is room for, else a large
    one, or small ones: a step of a world asks three in turn."""

    def __init__(self, device: torch.device | Device | None, load: Load, root: Path, clock: Clock = time.monotonic):
        """device: found when it is first needed where none is given, since that brings the driver up."""
        self._given = device
        self._load = load
        self._root = root
        self._clock = clock
        self._held: dict[str, _Held] = {}
        """By name; the one used last at the end."""

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def __len__(self) -> int:
        return len(self._held)

    @property
    def device(self) -> Device:
        """Where they are."""
        if self._given is None or isinstance(self._given, torch.device):
            return Accelerator(self._given or best_device())
        return self._given

    def room(self) -> Room | None:
        """The device's memory, were nothing loaded; `None` where it is not counted."""
        room = self.device.room()
        return room and Room(room.free + sum(one.stays for one in self._held.values()), room.total)

    def ready(self, profile: ModelProfile, plan: Plan | None) -> Loaded:
        """The model, loaded if it is not there or is held in another way; what is in its way leaves.

        Raises NoDeviceError, and what loading raises.
        """
        held = self._held.pop(profile.name, None)
        if held is not None and held.loaded.mode == (plan and plan.mode):
            self._make_room(plan.needs - held.stays if plan else 0)
        else:
            held = None  # its memory is given back before another is loaded
            if plan:
                self._make_room(plan.needs)
            elif profile.memory_gib > _UNCOUNTED_GIB:
                self._leave_alone(profile)
            held = _Held(self._fetched(profile, plan), plan.stays if plan else 0, 0.0)
            if not plan:  # a small one first: were it missing, others would have left for nothing
                self._leave_alone(profile)
        self._held[profile.name] = replace(held, used_at=self._clock())
        return held.loaded

    def rest(self, idle_seconds: float) -> None:
        """Let models go that nobody has used for so long, where memory is counted."""
        since = self._clock() - idle_seconds
        idle = [name for name, one in self._held.items() if one.used_at <= since and one.loaded.mode is not None]
        for name in idle:
            del self._held[name]
        if idle:
            self.device.give_back()

    def clear(self) -> None:
        """Let all of them go, and give their memory back."""
        self._held.clear()
        self.device.give_back()

    def abandon(self) -> None:
        """Let all of them go on a device that answers no more."""
        self._held.clear()

    def _leave_alone(self, profile: ModelProfile) -> None:
        """Let others go, the one used longest ago first, until no more than small ones are beside it."""
        while self._held and sum(one.loaded.profile.memory_gib for one in self._held.values()) > (
            _UNCOUNTED_GIB - profile.memory_gib
        ):
            del self._held[next(iter(self._held))]
            self.device.give_back()

    def _make_room(self, needed: int) -> None:
        """Let others go, the one used longest ago first, until so many bytes are free."""
        if self._short_of(needed):
            self.device.give_back()
        while self._held and self._short_of(needed):
            del self._held[next(iter(self._held))]
            self.device.give_back()

    def _short_of(self, needed: int) -> bool:
        room = self.device.room()
        return room is not None and room.free < needed

    def _fetched(self, profile: ModelProfile, plan: Plan | None) -> Loaded:
        """Read from disk, and brought to the device."""
        place = self.device.place
        if self._given is None and place.type == "cpu" and profile.gpu:
            raise why_none()
        pipeline, revision = self._load(profile, self._root, place)
        placing.place(pipeline, plan.mode if plan else DEVICE, place)
        preview = LatentPreview(self._root / profile.repository)
        return Loaded(pipeline, revision, place, preview, profile, plan.mode if plan else None)
