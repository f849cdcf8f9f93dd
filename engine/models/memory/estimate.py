"""What a run will need on the device in each mode, held against what is free, and the mode that follows.

Pure functions but for the headers of the weights' files; loads at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from engine.errors import GreenlightError, OutOfMemoryError
from engine.models import places, sources
from engine.models.driving.table import driver_of
from engine.models.memory import activations
from engine.models.memory.activations import Activations
from engine.models.memory.modes import DEVICE, MODES, Mode
from engine.models.memory.weights import DECODER, DENOISERS, Part, parts
from engine.models.script import Sampling
from engine.types import ModelProfile

GIB: Final = 2**30
WORKSPACE: Final = GIB // 2
"""What libraries for matrices and convolutions take for themselves, and what is lost between the pieces: a guess."""
_SMALLER: Final = "Choose a smaller model or a shorter video."
_SHIPPED: Final = "pocket"
"""The driver of the models that ship: small, and held whole, as detectors are."""


@dataclass(frozen=True, slots=True)
class Room:
    """A device's memory, in bytes."""

    free: int
    """What this process could still take, its own unused reserve counted in."""
    total: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """One run's needs."""

    needs: Mapping[Mode, int]
    """Mode -> bytes on the device at the worst moment; only modes that the model can be held in."""
    stays: Mapping[Mode, int]
    """Mode -> bytes that stay there between runs."""
    source: Literal["headers", "table"]
    """Whether the weights were counted in their files, or the row's own figures were taken."""

    def below(self, mode: Mode) -> tuple[Mode, ...]:
        """The modes to try after this one ran out of memory: later in the order, and each needing less."""
        left: list[Mode] = []
        least = self.needs[mode]
        for one in MODES[MODES.index(mode) + 1 :]:
            if self.needs.get(one, least) < least:
                left.append(one)
                least = self.needs[one]
        return tuple(left)


def estimate(profile: ModelProfile, root: Path, sampling: Sampling | None = None) -> Estimate:
    """What a run of this length and size needs; of a clip as the model makes it by default where nothing is said.

    Weights are counted in their files. Where these cannot be read (loading will say why) the row's own figures stand.
    """
    if profile.driver == _SHIPPED or "detector" in profile.jobs:
        whole = int(profile.memory_gib * GIB)
        return Estimate({DEVICE: whole}, {DEVICE: whole}, "table")
    try:
        found = _parts(profile, root)
    except (GreenlightError, OSError, ValueError, KeyError):
        return _by_the_table(profile)
    held = activations.of(profile.name, profile.driver, still=not profile.frame_counts)
    width, height = (sampling.width, sampling.height) if sampling else profile.sizes[0]
    frames = sampling.frames if sampling else next(iter(profile.frame_counts), 1)
    needs = {mode: _need(mode, found, held, (width * height, frames)) for mode in MODES}
    stays = {mode: sum(part.whole_bytes for part in found) if mode == DEVICE else 0 for mode in MODES}
    return Estimate(needs, stays, "headers")


def choose(title: str, told: Estimate, room: Room, asked: Mode | None) -> Mode:
    """The mode that was asked for; else the first that fits, or the thriftiest where none does but the device is large
    enough. Raises OutOfMemoryError, before anything is loaded, where not even that one has room on the device."""
    if asked is not None and asked in told.needs:
        return asked
    for mode in MODES:
        if told.needs.get(mode, room.free + 1) <= room.free:
            return mode
    least = min(told.needs, key=lambda mode: told.needs[mode])
    if told.needs[least] <= room.total:
        return least
    raise OutOfMemoryError(
        f"{title} needs more memory than the device has, however it is held",
        _SMALLER,
        value=f"about {told.needs[least] / GIB:.1f} GiB ({least.said})",
        limit=f"{room.total / GIB:.1f} GiB",
    )


def too_little(title: str, reason: str, tried: Sequence[Mode], room: Room | None) -> OutOfMemoryError:
    """The error when no mode is left."""
    ways = ", then ".join(mode.said for mode in tried)
    return OutOfMemoryError(
        f"The device has too little free memory for this take with {title}, tried with {ways}",
        f"Close other programs that use it. {_SMALLER}",
        value=reason,
        limit=f"{room.free / GIB:.1f} of {room.total / GIB:.1f} GiB free" if room else "",
    )


def _parts(profile: ModelProfile, root: Path) -> tuple[Part, ...]:
    """The components of a row's pipeline, and those that its refiner has for itself."""
    driver = driver_of(profile)
    lent = sources.borrowed(profile, sources.lenders(profile, root))
    found = parts(places.locate(profile.repository, profile.revision, root).folder, driver.dtypes, lent)
    if profile.refiner is None:
        return found
    second = parts(places.locate(profile.refiner, None, root).folder, driver.dtypes)
    return (*found, *(part for part in second if part.name in DENOISERS))


def _by_the_table(profile: ModelProfile) -> Estimate:
    gib = profile.memory_by_mode or {DEVICE.name: profile.memory_gib}
    needs = {mode: int(gib[mode.name] * GIB) for mode in MODES if mode.name in gib}
    return Estimate(needs, {mode: need if mode == DEVICE else 0 for mode, need in needs.items()}, "table")


def _need(mode: Mode, found: Sequence[Part], beside: Activations, size: tuple[int, int]) -> int:
    """Bytes at the worst moment. `size`: pixels and frames."""
    denoising, decoding = beside.denoise_bytes(*size), beside.decode_bytes(*size, tiled=mode.tiled)
    if mode.offload == "none":
        return sum(part.whole_bytes for part in found) + max(denoising, decoding) + WORKSPACE
    working = {DECODER: decoding, **dict.fromkeys(DENOISERS, denoising)}
    return max((_held(part, mode) + working.get(part.name, 0) for part in found), default=0) + WORKSPACE


def _held(part: Part, mode: Mode) -> int:
    """Bytes of one component while it works."""
    if mode.offload == "model":
        return part.fp8_whole_bytes if mode.fp8 else part.whole_bytes
    return part.fp8_group_bytes if mode.fp8 else part.group_bytes
