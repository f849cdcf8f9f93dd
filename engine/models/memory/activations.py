"""What a run needs beside its weights: a small table, one row a family of pipelines. Loads at once.

Nothing here was measured on a GPU yet: see `Activations.source`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

_MIB: Final = 2**20


@dataclass(frozen=True, slots=True)
class Activations:
    """One family's needs, in bytes at the number formats of a GPU. Pixels are those of the frames that are made."""

    denoising: float
    """For each pixel of each frame while a denoiser runs, guidance counted in."""
    decoding_once: float
    """For each pixel of a frame while the decoder runs, however long the clip is."""
    decoding: float
    """For each pixel of each frame while the decoder runs."""
    tile_bytes: float | None
    """In place of `decoding_once` while one tile is decoded; `None` for a decoder that knows no tiles."""
    source: Literal["measured", "traced", "guessed"]
    """`measured`: on a GPU; `traced`: tensors alive at once, counted at full size with nothing computed
    (bench/footprint.py), so without what kernels need for themselves; `guessed`: from relatives."""

    def denoise_bytes(self, pixels: int, frames: int) -> int:
        """While a denoiser runs."""
        return int(self.denoising * pixels * frames)

    def decode_bytes(self, pixels: int, frames: int, tiled: bool) -> int:
        """While frames are decoded, at once or in tiles."""
        whole = self.decoding_once * pixels
        working = whole if not tiled or self.tile_bytes is None else min(whole, self.tile_bytes)
        return int(working + self.decoding * pixels * frames)


OTHERS: Final = Activations(60, 10_000, 24, None, "guessed")
"""Of a family without a row: as its hungriest relative has it."""
TABLE: Final[Mapping[str, Activations]] = {
    "stable-diffusion-xl": Activations(600, 6_000, 24, 2_000 * _MIB, "guessed"),
}
"""Driver -> its needs."""


def of(driver: str) -> Activations:
    """A family's row, or that of the others."""
    return TABLE.get(driver, OTHERS)
