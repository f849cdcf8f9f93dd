"""The ways to hold a model, the roomiest and quickest first. Words and flags alone; loads at once.

The first three change no number of what is made. Tiles are decoded one by one and blended at their seams, and fp8
rounds the weights that are stored: both come out nearly the same, not the same, so they stand last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from engine.errors import SettingError

AUTOMATIC: Final = "automatic"
"""What a setting says to leave the choice to the estimate."""


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to hold a model."""

    name: str
    """As settings, takes and `ModelProfile.memory_by_mode` have it."""
    said: str
    """In words."""
    offload: Literal["none", "model", "group"] = "none"
    """What leaves the device between its turns: nothing, whole components, or a denoiser's blocks."""
    tiled: bool = False
    """Whether a picture is decoded in tiles."""
    fp8: bool = False
    """Whether the denoisers' weights are stored in eight bits, and computed with in the format of before."""

    @property
    def exact(self) -> bool:
        """Whether what is made is the same as with everything on the device."""
        return not (self.tiled or self.fp8)


DEVICE: Final = Mode("device", "everything on the device")
MODES: Final = (
    DEVICE,
    Mode("model offload", "one component at a time on the device", "model"),
    Mode("group offload", "a few blocks at a time on the device", "group"),
    Mode("model offload, tiled", "one component at a time on the device, decoded in tiles", "model", True),
    Mode("group offload, tiled", "a few blocks at a time on the device, decoded in tiles", "group", True),
    Mode("fp8", "a few blocks at a time on the device, stored in eight bits, decoded in tiles", "group", True, True),
)
"""In the order in which they are tried."""
NAMES: Final = (AUTOMATIC, *(mode.name for mode in MODES))
"""What a setting may say."""


def named(name: str) -> Mode | None:
    """The mode of this name; `None` for `automatic`. Raises SettingError for any other word."""
    if name == AUTOMATIC:
        return None
    for mode in MODES:
        if mode.name == name:
            return mode
    raise SettingError("There is no such way to hold a model", f"Use one of: {'; '.join(NAMES)}.", value=name)
