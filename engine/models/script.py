"""What a denoising run is asked for: what it should show, and its settings. Loads at once: knows no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PIL import Image

from engine.errors import SettingError
from engine.types import ModelProfile, Settings, Value

if TYPE_CHECKING:
    from engine.pocket.given import Source

STEPS = (1, 50)
GUIDANCE = (1.0, 12.0)
OWN = ("motion_bucket", "noise_augmentation", "decode_chunk")
"""Settings that only some families have: a row that has one names it among its defaults."""


@dataclass(frozen=True)
class Sampling:
    """The settings of one run, complete and checked."""

    steps: int
    guidance_scale: float
    frames: int
    width: int
    height: int
    own: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Of `OWN`, those that the model has."""

    def as_settings(self) -> dict[str, Value]:
        """What is written into the take."""
        return {"steps": self.steps, "guidance_scale": self.guidance_scale, **self.own}


@dataclass(frozen=True)
class Script:
    """What a run should show."""

    prompt: str
    avoid: str
    known: Mapping[int, Image.Image] = field(default_factory=dict[int, Image.Image])
    """Frame index -> picture of the run's size."""
    source: Source | None = None
    """What is there already, of the run's size and length, to be edited or filled in."""
    alone: int | None = None
    """The only frame that is looked at, if it is one: the pocket world's model leaves the others undecoded."""

    @property
    def runs(self) -> tuple[range, ...]:
        """The known frames as runs of consecutive indices, in order."""
        found: list[range] = []
        for index in sorted(self.known):
            if found and found[-1].stop == index:
                found[-1] = range(found[-1].start, index + 1)
            else:
                found.append(range(index, index + 1))
        return tuple(found)


def sampling(profile: ModelProfile, settings: Settings, frames: int) -> Sampling:
    """Fill in the profile's defaults and check the ranges.

    Raises SettingError for steps outside 1..50, guidance outside 1..12, or a length that the model was not made for.
    """
    merged: Mapping[str, Any] = {**profile.defaults, **settings}
    steps, guidance = int(merged["steps"]), float(merged["guidance_scale"])
    if not STEPS[0] <= steps <= STEPS[1]:
        limit = f"{STEPS[0]} to {STEPS[1]}"
        raise SettingError(
            "The number of denoising steps is out of range", f"Use {limit}.", value=str(steps), limit=limit
        )
    if not GUIDANCE[0] <= guidance <= GUIDANCE[1]:
        limit = f"{GUIDANCE[0]:g} to {GUIDANCE[1]:g}"
        raise SettingError("The guidance scale is out of range", f"Use {limit}.", value=f"{guidance:g}", limit=limit)
    if frames != 1 and frames not in profile.frame_counts:
        lengths = ", ".join(str(count) for count in sorted(profile.frame_counts))
        what = f"{profile.title} does not make videos of this length"
        raise SettingError(what, "Choose one of its lengths.", value=f"{frames} frames", limit=f"{lengths} frames")
    width, height = profile.sizes[0]
    own = {name: merged[name] for name in OWN if name in profile.defaults}
    return Sampling(steps, guidance, frames, width, height, own)
