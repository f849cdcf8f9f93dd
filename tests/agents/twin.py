"""What the tests of the drawing agents share: the tiny twin in the model table, a listener, and small inputs."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageFilter

from engine.agent import Progress
from engine.errors import TakeCancelled
from engine.media.images import encode_png
from engine.media.videos import Frames, encode_video
from engine.models.lease import Lease
from engine.pocket.given import Source
from engine.types import ModelProfile

SIDE = 32
"""Width and height of the twin's frames."""
WORDS = {"scene": "a red ball in a meadow", "motion": "the red ball bounces", "avoid": ""}


class Listener:
    """Keeps every report; cancels at a step if told to."""

    def __init__(self, cancel_at: int | None = None) -> None:
        self.reports: list[tuple[Progress, bytes | None]] = []
        self._cancel_at = cancel_at

    def report(self, progress: Progress, preview: bytes | None = None) -> None:
        """See engine.agent.Reporter."""
        self.reports.append((progress, preview))
        if self._cancel_at is not None and progress.step >= self._cancel_at:
            raise TakeCancelled("The take was stopped", "Make another when you like.")


def walking(count: int, start: int = 0, ground: tuple[int, int, int] = (90, 160, 90)) -> Frames:
    """Frames of the twin's size: a red square that walks to the right, a pixel a frame, on a plain ground."""
    frames = np.full((count, SIDE, SIDE, 3), ground, np.uint8)
    for index, frame in enumerate(frames):
        frame[10:20, start + index : start + index + 8] = (220, 40, 50)
    return frames


def pictured(start: int = 0) -> Image.Image:
    """One of these frames as a picture."""
    return Image.fromarray(walking(1, start)[0])


def clip(count: int, start: int = 0, ground: tuple[int, int, int] = (90, 160, 90)) -> bytes:
    """Those frames as an MP4."""
    return encode_video(walking(count, start, ground), 8)


def still(colour: str = "red") -> bytes:
    """A picture of the twin's size."""
    return encode_png(Image.new("RGB", (SIDE, SIDE), colour))


@dataclass
class Echo:
    """Makes nothing up: each frame is the nearest known one, or the source; and it keeps what it is told."""

    told: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    soft: bool = False
    """Whether all comes out softer than it went in, as from an autoencoder."""

    def __call__(
        self,
        prompt: str,
        avoid: str,
        *,
        known: Mapping[int, Image.Image],
        source: Source | None = None,
        callback_on_step_end: Callable[..., object],
        **more: Any,
    ) -> SimpleNamespace:
        """See PocketPipeline."""
        self.told.append({"prompt": prompt, "avoid": avoid, "known": known, "source": source, **more})
        callback_on_step_end(self, 0, 0, {"latents": torch.zeros(1, 4, 1, 4, 4)})
        shape = (more["num_frames"], more["height"], more["width"], 3)
        frames = np.zeros(shape, np.uint8) if source is None else source.frames.copy()
        for index in range(len(frames) if known else 0):
            nearest = known[min(known, key=lambda other: abs(other - index))]
            frames[index] = np.asarray(nearest.filter(ImageFilter.BoxBlur(1)) if self.soft else nearest)
        return SimpleNamespace(frames=[frames])

    def lease(self, folder: Path) -> Lease:
        """A lease that lends this pipeline, whatever the profile."""

        def load(profile: ModelProfile, root: Path, device: torch.device) -> tuple[Any, str]:
            return self, "echo"

        return Lease(torch.device("cpu"), load, folder)


def spot(left: int = 8, right: int = 24, frames: int = 1) -> bytes:
    """A mask of the twin's size: a white square from `left` to `right`, once for each frame, below each other."""
    level = np.zeros((SIDE, SIDE), np.uint8)
    level[left:right, left:right] = 255
    buffer = io.BytesIO()
    Image.fromarray(np.concatenate([level] * frames)).save(buffer, "PNG")
    return buffer.getvalue()
