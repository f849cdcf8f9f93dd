"""The ways to make the pixels come sooner, as a stage's setting `sooner` names them. Words and flags; loads at once.

The first three make the same pixels, within the rounding of the number format: what is computed is the same, only less
often or by other kernels. The others leave something out, and are called approximate wherever they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from engine.errors import SettingError

AUTOMATIC: Final = "automatic"
"""What a setting says to leave the choice to the reckoning: exact, and compiled once that has paid."""
Shortcut = Literal["", "first block", "taylor", "eight-bit attention"]
"""What an approximate way leaves out."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to run a model."""

    name: str
    """As settings and takes have it."""
    said: str
    """In words."""
    rewritten: bool = True
    """Whether what follows from nothing else is not computed twice: see `rewrites`."""
    compiled: bool = False
    """Whether the denoiser is compiled for its shapes."""
    shortcut: Shortcut = ""
    """What is left out, if anything."""
    psnr: float | None = None
    """Decibels against the exact frames, where that was measured on weights that were trained."""

    @property
    def exact(self) -> bool:
        """Whether the frames are those of the library's own way, within rounding."""
        return not self.shortcut

    @property
    def label(self) -> str:
        """As a take tells it: an approximate way says so, with its measure."""
        if self.exact:
            return self.name
        measured = "not measured" if self.psnr is None else f"{self.psnr:.0f} dB"
        return f"{self.name} (approximate, {measured})"


STOCK: Final = Way("stock", "as the library does it", rewritten=False)
EXACT: Final = Way("exact", "nothing computed twice")
COMPILED: Final = Way("compiled", "nothing computed twice, and compiled", compiled=True)
WAYS: Final = (
    STOCK,
    EXACT,
    COMPILED,
    Way("first-block cache", "steps skipped whose first block changes little", shortcut="first block"),
    Way("taylor cache", "attention foretold from the steps before", shortcut="taylor"),
    Way("eight-bit attention", "attention in eight bits", shortcut="eight-bit attention"),
)
NAMES: Final = (AUTOMATIC, *(way.name for way in WAYS))
"""What a setting may say."""


def named(name: str) -> Way | None:
    """The way of this name; `None` for `automatic`. Raises SettingError for any other word."""
    if name == AUTOMATIC:
        return None
    for way in WAYS:
        if way.name == name:
            return way
    raise SettingError("There is no such way to make it sooner", f"Use one of: {'; '.join(NAMES)}.", value=name)
