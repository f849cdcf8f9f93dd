"""What the diffusion agents share: inputs read, and progress told step by step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.agent import Input, Progress, Reporter
from engine.errors import DecisionError
from engine.media.images import open_image
from engine.media.previews import encode_preview
from engine.media.videos import Frames, read_video


def text(value: Input) -> str:
    """An input that must be text."""
    if isinstance(value, bytes):
        raise DecisionError("A picture stands where words belong", "Choose a take of the right kind.")
    return value


def picture(value: Input) -> Image.Image:
    """An input that must be a picture, decoded and upright. Raises ImageError for a file that is none."""
    if isinstance(value, str):
        raise DecisionError("Words stand where a picture belongs", "Choose a take of the right kind.")
    return open_image(value)


def clip(value: Input) -> Frames:
    """An input that must be a video: its frames, uint8 (frames, height, width, 3). Raises VideoError for a bad file."""
    return read_video(video(value))[0]


def video(value: Input) -> bytes:
    """An input that must be a video, as it came: nothing is decoded."""
    if isinstance(value, str):
        raise DecisionError("Words stand where a video belongs", "Choose a take of the right kind.")
    return value


def mask(value: Input) -> bytes:
    """An input that must be a mask, as it came: how large it should be, only its reader knows."""
    if isinstance(value, str):
        raise DecisionError("Words stand where a mask belongs", "Choose a take of the right kind.")
    return value


def things(value: Input) -> bytes:
    """An input that must be what was found in a picture: the file of its boxes."""
    if isinstance(value, str):
        raise DecisionError("Words stand where found things belong", "Choose a take of the right kind.")
    return value


class StepReport:
    """Tells the reporter about a denoising run; every call may raise TakeCancelled."""

    def __init__(self, reporter: Reporter, fps: float) -> None:
        self._reporter = reporter
        self._fps = fps

    def waiting(self) -> None:
        """The model is being loaded, or another job holds the device."""
        self._reporter.report(Progress("waiting for the model"))

    def saying(self, line: str) -> None:
        """Something that the person should know while it works."""
        self._reporter.report(Progress(line))

    def step(self, step: int, steps: int, latents: NDArray[np.uint8] | None) -> None:
        """A denoising step is done; `latents` is their tiny picture, (frames, height, width, 3)."""
        preview = None if latents is None else encode_preview(latents, self._fps)
        self._reporter.report(Progress("decoding" if step == steps else "denoising", step, steps), preview)

    def encoding(self) -> None:
        """The frames are being written as a video."""
        self._reporter.report(Progress("encoding"))
