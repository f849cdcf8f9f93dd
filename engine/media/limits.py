"""How large a file from outside may be: pictures, videos, recipes. Checked before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass, replace

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What a picture may measure."""

    size_bytes: int = 40 * MEBIBYTE
    """Length of the file."""
    pixels: int = 50_000_000
    """Width times height, as its header says."""


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """What a video may measure."""

    size_bytes: int = 200 * MEBIBYTE
    """Length of the file."""
    seconds: float = 60.0
    """Playing time."""
    frame_pixels: int = 2048 * 2048
    """Width times height of one frame."""
    total_pixels: int = 200_000_000
    """Pixels of all frames together: three bytes each once decoded."""
    decoding_seconds: float = 120.0
    """How long the decoder may work on it."""
    frames_at_least: int = 1
    """What is shorter is a picture, and no clip."""
    frames: int = 72_000
    """Most frames that are counted: ten minutes at 120 a second."""


@dataclass(frozen=True, slots=True)
class RecipeLimits:
    """What a recipe may measure."""

    size_bytes: int = 1 * MEBIBYTE
    """Length of its JSON text in UTF-8."""
    depth: int = 32
    """How deep objects and lists may be nested."""


IMAGE_LIMITS = ImageLimits()
MASK_LIMITS = ImageLimits(pixels=200_000_000)
"""For masks: those over time have all their frames in one picture."""
VIDEO_LIMITS = VideoLimits()
"""For videos that are decoded whole: our own, mostly."""
CLIP_LIMITS = VideoLimits(
    size_bytes=500 * MEBIBYTE, seconds=600.0, frame_pixels=4096 * 2304, decoding_seconds=300.0, frames_at_least=2
)
"""For what a person uploads: ten minutes, 4K. Its frames are taken in at another size, never all at once."""
PART_LIMITS = replace(CLIP_LIMITS, frames_at_least=1, size_bytes=2048 * MEBIBYTE)
"""For what becomes a part of a film: also a single frame, also a film."""
RECIPE_LIMITS = RecipeLimits()


def megabytes(size_bytes: int) -> str:
    """A length as a person reads it: `41.3 MB`."""
    return f"{size_bytes / MEBIBYTE:.1f} MB"


def duration(seconds: float) -> str:
    """A time as a person reads it: `48 seconds`, `120 minutes`."""
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"
