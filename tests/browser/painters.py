"""Two agents that paint at once: real pictures and real clips of a ball, as large as the pocket models'."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.media.images import encode_png, open_image
from engine.media.videos import encode_video
from engine.types import Draft, Input, Kind, Progress, Reporter, Settings

STEPS = 4
SIZE = 192
FPS = 8


@dataclass(frozen=True)
class Painter:
    """Takes steps and shows what it has; a file HOME/hold holds it at its next one, HOME/fail makes it fail."""

    home: Path
    name: str
    yields: Kind
    needs: frozenset[str]
    takes: frozenset[str] = frozenset()

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        for step in range(1, STEPS + 1):
            picture = ball(seed).resize((48, 48))
            reporter.report(Progress("denoising", step, STEPS, float(STEPS - step)), encode_png(picture))
            self._held(step, reporter)
        if self.yields == "image":
            facts = {"width": SIZE, "height": SIZE}
            return Draft("image", encode_png(ball(seed)), ".png", settings, "pocket", "test", facts)
        count = int(settings.get("frames") or 17)
        first = open_image(bytes(inputs["image"], "latin-1") if isinstance(inputs["image"], str) else inputs["image"])
        clip = encode_video(slide(np.asarray(first), count), FPS)
        measured: Settings = {"width": SIZE, "height": SIZE, "frames": count, "fps": FPS, "seconds": count / FPS}
        return Draft("video", clip, ".mp4", {**settings, "frames": count}, "pocket", "test", measured)

    def _held(self, step: int, reporter: Reporter) -> None:
        pause = threading.Event()
        while (self.home / "hold").exists():
            pause.wait(0.02)
            reporter.report(Progress("denoising", step, STEPS, float(STEPS - step)))


def ball(seed: int) -> Image.Image:
    """A ball on a meadow; where it lies follows from the seed."""
    picture = Image.new("RGB", (SIZE, SIZE), (150, 205, 245))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 124, SIZE, SIZE), fill=(104, 176, 96))
    left = 16 + seed % 7 * 16
    draw.ellipse((left, 84, left + 60, 144), fill=(214, 58, 48))
    return picture


def slide(first: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """The picture, moving along to the right."""
    return np.stack([np.roll(first, 4 * number, axis=1) for number in range(count)])
