"""What a metric is told of a video, and whom it may ask: formulas here know no weights.

An extractor's `name` says whose features it gives; a metric taken with others than the published ones says so in its
own name (engine.evaluate.metrics.table).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import VideoError

Frames = NDArray[np.uint8]
"""(frames, height, width, 3); one frame without the first."""
Vectors = NDArray[np.floating]
"""(n, features)."""


@dataclass(frozen=True, eq=False)
class Footage:
    """One video, and what belongs to it."""

    frames: Frames
    """All of them, (frames, height, width, 3)."""
    fps: float
    """Frames a second."""
    prompt: str = ""
    """What was asked for."""
    style: str = ""
    """The style that was asked for, in words."""
    image: Frames | None = None
    """The picture that it was to begin with, (height, width, 3)."""
    reference: Frames | None = None
    """The video that it is held against: what was extended, edited, or filmed; all frames."""
    second: Frames | None = None
    """The other video that it connects with the reference."""


class ImageEncoder(Protocol):
    """Sees single pictures."""

    @property
    def name(self) -> str:
        """Whose features they are: `DINO ViT-B/16`."""

    def images(self, frames: Frames) -> Vectors:
        """One vector a frame, (frames, features)."""


class TextEncoder(Protocol):
    """Reads sentences."""

    @property
    def name(self) -> str:
        """Whose features they are."""

    def texts(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, (texts, features)."""


class PictureAndTextEncoder(ImageEncoder, TextEncoder, Protocol):
    """Sees pictures and reads sentences into one space, as CLIP does."""


class VideoEncoder(Protocol):
    """Sees a clip as a whole."""

    @property
    def name(self) -> str:
        """Whose features they are: `ViCLIP`."""

    def video(self, frames: Frames) -> Vectors:
        """One vector for all frames, (1, features)."""


class VideoAndTextEncoder(VideoEncoder, TextEncoder, Protocol):
    """Sees clips and reads sentences into one space, as ViCLIP does."""


class FlowEstimator(Protocol):
    """Says how far each pixel moves from one frame to the next."""

    @property
    def name(self) -> str:
        """`RAFT`."""

    def flow(self, before: Frames, after: Frames) -> Vectors:
        """Pixels to the right and downward, (height, width, 2)."""


class Interpolator(Protocol):
    """Makes the frame between two."""

    @property
    def name(self) -> str:
        """`AMT-S`."""

    def between(self, before: Frames, after: Frames) -> Frames:
        """The frame in the middle, uint8 (height, width, 3)."""


class Rater(Protocol):
    """Gives each picture a mark."""

    @property
    def name(self) -> str:
        """`MUSIQ`."""

    def rate(self, frames: Frames) -> Vectors:
        """One mark a frame, (frames,), on the rater's own scale."""


class Captioner(Protocol):
    """Says what it sees."""

    @property
    def name(self) -> str:
        """`BLIP`."""

    def describe(self, frames: Frames) -> str:
        """A video in words; a picture is a video of one frame."""


def cosine(a: Vectors, b: Vectors) -> float:
    """Cosine of the angle between two vectors, -1..1; 0 where one of them is zero."""
    one, other = np.asarray(a, np.float64).ravel(), np.asarray(b, np.float64).ravel()
    length = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / length if length else 0.0


def at_least(frames: Frames, count: int) -> None:
    """Raise VideoError for a video of fewer frames than a measure needs."""
    if len(frames) < count:
        what = "The video has too few frames for this measure"
        raise VideoError(what, "Measure a longer one.", value=f"{len(frames)} frames", limit=f"at least {count}")
