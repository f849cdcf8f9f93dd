"""Masks in and out: PNG files and run lengths <-> arrays; and what one does to a mask: grow and feather.

A mask is uint8 (frames, height, width), 255 where something may change; a mask for a still picture has one frame. As a
file it is a PNG of mode L with the frames below each other. Knows no model and no project.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from PIL.PngImagePlugin import PngImageFile

from engine.errors import MaskError
from engine.media.formats import name_of
from engine.media.limits import MASK_LIMITS, ImageLimits, megabytes

Masks = NDArray[np.uint8]
Shape = NDArray[np.bool_]
"""Which pixels of one picture: (height, width)."""
Change = NDArray[np.float32]
"""(frames, height, width) from 0, stays, to 1, may change: a mask as a model takes it."""

FULL: Final = "The mask covers the whole picture, so nothing of it is sure to stay."
"""The note for a mask that leaves nothing as it is. It is allowed."""
_MARKED: Final = 128
"""From this value on a pixel counts as marked where there is only yes or no."""
_ASPECT_SLACK: Final = 0.1
_PAINT: Final = "Paint what may change, or choose a thing that was found."
_SAVE: Final = "Save the mask as a PNG: white where the picture may change, black where it stays."


def encode_masks(masks: Masks) -> bytes:
    """Masks as PNG; equal masks give equal bytes. Raises MaskError for another shape or type."""
    if masks.ndim != 3 or not masks.size or masks.dtype != np.uint8:
        raise MaskError(
            "This cannot become a mask", "Give 8-bit levels.",
            value=f"{masks.dtype} {masks.shape}", limit="uint8 (frames, height, width)",
        )  # fmt: skip
    buffer = io.BytesIO()
    Image.fromarray(masks.reshape(-1, masks.shape[-1])).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def decode_masks(data: bytes, size: tuple[int, int], count: int, limits: ImageLimits = MASK_LIMITS) -> Masks:
    """The masks in a PNG of any mode and depth, at `size` (width, height): one, or `count` of them below each other.

    What is transparent stays as it is. A picture of another size but the right aspect is scaled. Raises MaskError for
    any other, for a file that is no PNG, is damaged, or is over the limits.
    """
    image = _opened(data, limits)
    ratio = image.height / image.width * size[0] / size[1]
    moments = count if count > 1 and abs(ratio - count) < _ASPECT_SLACK else 1
    if moments == 1 and abs(ratio - 1) > _ASPECT_SLACK:
        raise MaskError(
            "The mask does not fit the picture",
            "Make the mask again for this picture or video.",
            value=f"{image.width} x {image.height}",
            limit=f"{size[0]} x {size[1]}" + (f", or {count} of these below each other" if count > 1 else ""),
        )
    scaled = image.resize((size[0], size[1] * moments), Image.Resampling.BILINEAR)
    return np.array(scaled, np.uint8).reshape(moments, size[1], size[0])


def check_marked(masks: Masks) -> str:
    """A note for the person: FULL, or "" where there is nothing to say. Raises MaskError when nothing is marked."""
    if not (masks >= _MARKED).any():
        raise MaskError("Nothing is marked, so nothing may change", _PAINT, value="an empty mask")
    return FULL if (masks >= _MARKED).all() else ""


def change(data: bytes, frames: NDArray[np.uint8], feather: float = 0.0) -> tuple[Change, str]:
    """A mask's file for frames (F, H, W, 3), with a soft edge of `feather` pixels; and a note, where it covers all.

    One mask holds for all frames. Raises MaskError for one that is empty, does not fit, or cannot be read.
    """
    count, height, width = frames.shape[:3]
    masks = decode_masks(data, (width, height), count)
    note = check_marked(masks)
    share = np.stack([feathered(mask, feather) for mask in masks]).astype(np.float32) / 255
    return np.repeat(share, count // len(share), axis=0), note


def run_lengths(shape: Shape) -> tuple[int, ...]:
    """How many pixels are out, in, out, in …, row by row; beginning with those out, if need be with 0."""
    flat = shape.ravel()
    turns = np.flatnonzero(np.diff(flat)) + 1
    lengths = np.diff([0, *turns.tolist(), flat.size]).tolist()
    return (0, *lengths) if flat.size and flat[0] else tuple(lengths)


def from_run_lengths(lengths: Sequence[int], size: tuple[int, int]) -> Shape:
    """The shape of `size` (width, height) that has these run lengths. Raises MaskError where they do not fill it."""
    if any(length < 0 for length in lengths) or sum(lengths) != size[0] * size[1]:
        raise MaskError(
            "The shape of this thing does not fit its picture", "Find the things again.",
            value=f"{sum(lengths)} pixels", limit=f"{size[0]} x {size[1]}",
        )  # fmt: skip
    inside = np.arange(len(lengths)) % 2 == 1
    return np.repeat(inside, lengths).reshape(size[1], size[0])


def grown(shape: Shape, pixels: int) -> Shape:
    """The shape with all within `pixels` of it; where they are negative, without all within them of its rim."""
    if pixels < 0:
        return ~grown(~shape, -pixels)
    height, width = shape.shape
    padded = np.pad(shape, pixels)
    found = np.zeros_like(shape)
    for down in range(-pixels, pixels + 1):
        across = int((pixels**2 - down**2) ** 0.5)
        rows = padded[pixels + down : pixels + down + height]
        sums = np.pad(rows.astype(np.int32).cumsum(1), ((0, 0), (1, 0)))
        left, right = pixels - across, pixels + across + 1
        found |= sums[:, right : right + width] > sums[:, left : left + width]
    return found


def feathered(mask: NDArray[np.uint8], pixels: float) -> NDArray[np.uint8]:
    """A mask (height, width) whose surroundings fade out over about `pixels`; what it covers stays as it is."""
    if pixels <= 0:
        return mask
    soft = Image.fromarray(mask).filter(ImageFilter.GaussianBlur(pixels / 2))
    return np.maximum(mask, np.asarray(soft, np.uint8))


def _opened(data: bytes, limits: ImageLimits) -> Image.Image:
    """A PNG of unknown origin as mode L: brightness, times opacity. Its header is checked before it is decoded."""
    if len(data) > limits.size_bytes:
        raise MaskError(
            "The mask's file is too large", _SAVE, value=megabytes(len(data)), limit=megabytes(limits.size_bytes)
        )
    name = name_of(data) if data else "an empty file"
    if name != "PNG":
        raise MaskError("This is not a mask that can be read", _SAVE, value=name, limit="PNG")
    try:
        with PngImageFile(io.BytesIO(data)) as image:
            if image.width * image.height > limits.pixels:
                raise MaskError(
                    "The mask has too many pixels", "Choose a shorter clip, or a smaller one.",
                    value=f"{image.width} x {image.height}", limit=f"{limits.pixels // 1_000_000} megapixels",
                )  # fmt: skip
            return _levels(image)
    except MaskError:
        raise
    except Exception as error:  # a damaged file makes Pillow raise almost anything
        raise MaskError("The mask is damaged or cut off", _SAVE, value=megabytes(len(data))) from error


def _levels(image: Image.Image) -> Image.Image:
    """Any mode -> L; transparent on black."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
    if not image.has_transparency_data:
        return image.convert("L")
    layer = image.convert("RGBA")
    black = Image.new("RGBA", layer.size, (0, 0, 0, 255))
    return Image.alpha_composite(black, layer).convert("L")
