"""What a run needs beside its weights: a small table, one row a family of pipelines. Loads at once.

Little here was measured on a GPU: see `Activations.source`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

_GIB: Final = 2**30


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
    decoding_tiled: float | None = None
    """In place of `decoding` in tiles, where these are short as well as small; `None`: the same."""

    def denoise_bytes(self, pixels: int, frames: int) -> int:
        """While a denoiser runs."""
        return int(self.denoising * pixels * frames)

    def decode_bytes(self, pixels: int, frames: int, tiled: bool) -> int:
        """While frames are decoded, at once or in tiles."""
        whole = self.decoding_once * pixels
        working = whole if not tiled or self.tile_bytes is None else min(whole, self.tile_bytes)
        each = self.decoding_tiled if tiled and self.decoding_tiled is not None else self.decoding
        return int(working + each * pixels * frames)


STILLS: Final = Activations(600, 8_000, 24, 2 * _GIB, "guessed")
"""Of a family of pictures without a row."""
CLIPS: Final = Activations(200, 24_000, 28, 3 * _GIB, "guessed")
"""Of a family of clips without a row."""
TABLE: Final[Mapping[str, Activations]] = {
    "wan": Activations(132, 21_500, 28, 1.2 * _GIB, "traced"),
    "wan2.2-5b": Activations(58, 10_500, 14, 1.2 * _GIB, "measured"),
    "wan-vace": Activations(100, 21_500, 28, 1.2 * _GIB, "guessed"),
    "cogvideox": Activations(216, 45_800, 24, 2.8 * _GIB, "traced"),
    "framepack": Activations(50, 24_000, 28, 3 * _GIB, "guessed"),
    "ltx": Activations(75, 0, 100, None, "traced", decoding_tiled=25),
}
"""Driver -> its needs, or a row's name where that one was measured by itself. Wan's is the hungrier of the A14B's
denoiser (132) and of the 5B's decoder in float32; LTX's that of the 13B's denoiser (the 2B's: 38). Wan 5B on one H200,
1280x704, 121 frames: its denoiser took 52 bytes a pixel as the library runs it, 17 with one timestep a frame (traced:
58), its decoder in bfloat16, one latent frame at a time, 12.0 GiB with its weights and the frames."""


def of(name: str, driver: str, still: bool) -> Activations:
    """A row's own needs, else its family's, else those of the others that make pictures or clips."""
    return TABLE.get(name) or TABLE.get(driver, STILLS if still else CLIPS)
