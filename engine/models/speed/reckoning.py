"""Whether compiling pays: what it costs against what it saves. Pure; loads at once.

Nobody knows how many videos will follow. So a model is compiled once the runs that were made without would have saved
as much as compiling costs: whatever follows, no more than twice the least possible is spent (ski rental; Karlin et al.
1988). A run that saves more than that by itself is compiled from the second of its like on: its pace is known then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

Shape = tuple[str, int, int, int]
"""Profile, width, height, frames: runs that compile alike."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What compiling is worth for one family of pipelines."""

    share: float
    """Of the denoising seconds, 0 to 1: what is saved."""
    compile_seconds: float
    """Once for a shape in a process."""
    source: Literal["measured", "guessed"]
    """`measured`: on one H200 with full-size random weights; `guessed`: from relatives."""

    def saved_seconds(self, denoising_seconds: float) -> float:
        """Of one run."""
        return self.share * denoising_seconds

    def videos_to_pay(self, denoising_seconds: float) -> int | None:
        """Runs after which compiling has paid; `None`: never, as far as seconds can tell."""
        saved = self.saved_seconds(denoising_seconds)
        return ceil(self.compile_seconds / saved) if saved > 0 else None


GAINS: Final[Mapping[str, Gain]] = {
    "wan": Gain(0.13, 10.0, "measured"),
    "wan-vace": Gain(0.13, 10.0, "guessed"),
    "stable-video-diffusion": Gain(0.28, 88.0, "measured"),
    "stable-diffusion-xl": Gain(0.40, 82.0, "measured"),
}
"""Driver -> its gain; Wan's is that of the A14B (the 5B saves 0.16). A family that is not here is never compiled
unless somebody asks."""


class Reckoning:
    """What the runs of one process took, and what follows for compiling."""

    def __init__(self, gains: Mapping[str, Gain] = GAINS) -> None:
        self._gains = gains
        self._saved: dict[Shape, float] = {}
        """Seconds that the runs so far would have saved."""
        self._last: dict[Shape, float] = {}
        """Denoising seconds of the last run."""

    def took(self, driver: str, shape: Shape, denoising_seconds: float) -> None:
        """Note a run that was not compiled."""
        self._last[shape] = denoising_seconds
        if driver in self._gains:
            self._saved[shape] = self._saved.get(shape, 0.0) + self._gains[driver].saved_seconds(denoising_seconds)

    def pays(self, driver: str, shape: Shape) -> bool:
        """Whether the next run of this shape should be compiled."""
        return driver in self._gains and self._saved.get(shape, 0.0) >= self._gains[driver].compile_seconds

    def said(self, driver: str, shape: Shape) -> str:
        """The account in a sentence; empty where nothing is known yet."""
        gain, last = self._gains.get(driver), self._last.get(shape)
        if gain is None or last is None:
            return ""
        videos = gain.videos_to_pay(last)
        if videos is None:
            return "Compiling never pays here."
        guess = "about " if gain.source == "measured" else "perhaps "
        saved = f"saves {gain.saved_seconds(last):.0f} s each time"
        return f"Compiling takes {guess}{gain.compile_seconds:.0f} s and {saved}: it has paid after {videos}."
