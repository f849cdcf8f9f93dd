"""Pictures and clips for the tests of the media room: soft flat art, and a figure for how alike two are."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

Pixels = npt.NDArray[np.uint8]

SKY, GRASS, RED, YELLOW = (140, 200, 250), (120, 200, 90), (230, 40, 40), (250, 220, 40)


def flat_art(step: int = 0, side: int = 192) -> Image.Image:
    """A red ball, `step` places to the right, and a yellow triangle on a meadow; edges softened by 0.7 pixels."""
    scale = side * 4
    image = Image.new("RGB", (scale, scale), SKY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, scale * 0.6, scale, scale), fill=GRASS)
    x, y, radius = scale * (0.3 + 0.02 * step), scale * 0.5, scale * 0.15
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=RED)
    draw.polygon([(scale * 0.7, scale * 0.2), (scale * 0.85, scale * 0.5), (scale * 0.55, scale * 0.5)], fill=YELLOW)
    return image.resize((side, side), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.7))


def clip(frames: int = 9, side: int = 192) -> Pixels:
    """The red ball rolling to the right: uint8 (frames, side, side, 3)."""
    return np.stack([np.asarray(flat_art(step, side)) for step in range(frames)])


def psnr(one: Pixels, other: Pixels) -> float:
    """Peak signal-to-noise ratio of two pictures or clips, in dB."""
    error = np.mean((one.astype(np.float64) - other.astype(np.float64)) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))


def saved(image: Image.Image, name: str, **options: object) -> bytes:
    """The bytes of a picture in one of Pillow's formats."""
    buffer = io.BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()
