"""Pictures in and out: bytes of unknown origin -> an upright RGB picture, and back to PNG.

The only place that opens a picture. What a file is, its first bytes decide; how large it is, its header says
before anything is decoded. Knows nothing of videos, models or projects.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from PIL import Image, ImageFile, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from engine.errors import ImageError, SettingError
from engine.media.formats import is_video, name_of
from engine.media.limits import IMAGE_LIMITS, ImageLimits, megabytes

Fit = Literal["crop", "letterbox"]
FITS: Final[tuple[Fit, ...]] = ("crop", "letterbox")

_READERS: Final[dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]]] = {
    "PNG": PngImageFile,
    "JPEG": JpegImageFile,
    "WebP": WebPImageFile,
}
"""The formats that are let in. The readers are named, so that no other of Pillow's forty is ever tried."""
_GREY_16 = ("I;16", "I;16B", "I;16L", "I;16N", "I")
_TAKE_ANOTHER = "Use a PNG, JPEG or WebP picture."


def open_image(data: bytes, limits: ImageLimits = IMAGE_LIMITS) -> Image.Image:
    """Decode a picture and turn it upright.

    PNG, JPEG or WebP by content, any colour mode and depth; transparency is laid on white. Gives mode RGB,
    8 bits a channel, without metadata. Raises ImageError for every other file: empty, another format,
    animated, larger than the limits, damaged.
    """
    name = _check_file(data, limits)
    try:
        image = _READERS[name](io.BytesIO(data))
        _check_header(image, limits)
        image.load()
        upright = ImageOps.exif_transpose(image)
        flat = _flatten(upright)
    except ImageError:
        raise
    except Exception as error:  # a damaged file makes Pillow raise almost anything
        raise ImageError(
            f"The {name} picture is damaged or cut off",
            "Open it in a picture program, save it again, and upload that.",
            value=megabytes(len(data)),
        ) from error
    flat.info = {}
    return flat


def fit(image: Image.Image, size: tuple[int, int], how: str) -> Image.Image:
    """Bring an RGB picture to `size` (width, height), its aspect kept.

    `crop` fills the frame and cuts what stands over, evenly; `letterbox` shows all of it on black.
    Raises SettingError for another `how`.
    """
    if how not in FITS:
        raise SettingError(
            "A picture cannot be fitted that way",
            "Choose crop or letterbox.",
            value=how,
            limit=" or ".join(FITS),
        )
    if image.size == size:
        return image.copy()
    if how == "crop":
        return ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    scale = min(size[0] / image.width, size[1] / image.height)
    inner = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    frame = Image.new("RGB", size)
    corner = ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2)
    frame.paste(image.resize(inner, Image.Resampling.LANCZOS), corner)
    return frame


def encode_png(image: Image.Image) -> bytes:
    """A picture as PNG: RGB, no metadata; equal pixels give equal bytes."""
    bare = Image.fromarray(np.asarray(image.convert("RGB")))
    buffer = io.BytesIO()
    bare.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _check_file(data: bytes, limits: ImageLimits) -> str:
    """The format's name, if the file is one that is let in."""
    if not data:
        raise ImageError("The file is empty", _TAKE_ANOTHER, value="0 bytes")
    if len(data) > limits.size_bytes:
        raise ImageError(
            "The picture's file is too large",
            "Save it smaller, or as JPEG.",
            value=megabytes(len(data)),
            limit=megabytes(limits.size_bytes),
        )
    name = name_of(data)
    if name in _READERS:
        return name
    if is_video(name):
        raise ImageError(
            "This is a video, and a picture belongs here",
            "Save one frame of it as PNG or JPEG, and upload that.",
            value=name,
            limit="PNG, JPEG or WebP",
        )
    if name == "unknown":
        raise ImageError("This file is not a picture that can be read", _TAKE_ANOTHER, limit="PNG, JPEG or WebP")
    raise ImageError(
        "Files of this format cannot be used as a picture",
        "Save it as PNG, JPEG or WebP; a new name alone does not change it.",
        value=name,
        limit="PNG, JPEG or WebP",
    )


def _check_header(image: ImageFile.ImageFile, limits: ImageLimits) -> None:
    """Refuse by what the header says, before any pixel is decoded."""
    width, height = image.size
    if width * height > limits.pixels:
        raise ImageError(
            "The picture has too many pixels",
            "Scale it down and upload that.",
            value=f"{width} x {height}",
            limit=f"{limits.pixels // 1_000_000} megapixels",
        )
    if getattr(image, "n_frames", 1) > 1:
        raise ImageError(
            "The picture is animated, and only one frame could be used",
            "Save the frame that you want as a picture of its own.",
            value=f"{getattr(image, 'n_frames', 1)} frames",
            limit="1 frame",
        )


def _flatten(image: Image.Image) -> Image.Image:
    """Any mode -> RGB, 8 bits a channel; transparency on white."""
    if image.mode in _GREY_16:
        levels = np.asarray(image).astype(np.int64) >> 8
        image = Image.fromarray(levels.clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, layer).convert("RGB")
    return image.convert("RGB")
