"""Where a picture lies in a frame of another shape, and the way back. Pure geometry."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import SettingError
from engine.media.images import FITS

Size = tuple[int, int]
"""Width, height."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def size(self) -> Size:
        """Width, height."""
        return self.width, self.height


@dataclass(frozen=True, slots=True)
class Placement:
    """What of a source is shown, and where in the frame."""

    source: Size
    """The whole source, upright."""
    frame: Size
    """The whole frame."""
    shown: Box
    """The part of the source that is seen: all of it when letterboxed, its middle when cropped."""
    place: Box
    """Where in the frame it lies: the middle when letterboxed, all of it when cropped."""


def place(source: Size, frame: Size, fit: str) -> Placement:
    """Lay a source into a frame, its aspect kept, centred.

    `crop` fills the frame and cuts what stands over; `letterbox` shows all of the source on black. Raises SettingError
    for another fit, or a side below 1.
    """
    if fit not in FITS:
        raise SettingError(
            "A video cannot be fitted that way", "Choose crop or letterbox.", value=fit, limit=" or ".join(FITS)
        )
    if min(*source, *frame) < 1:
        raise SettingError("A frame needs a width and a height", "Give both, in pixels.", value=f"{source}, {frame}")
    if fit == "crop":
        return Placement(source, frame, _inside(source, frame), Box(0, 0, *frame))
    return Placement(source, frame, Box(0, 0, *source), _inside(frame, source))


def _inside(outer: Size, aspect: Size) -> Box:
    """The largest centred rectangle of that aspect in `outer`, its corner on even pixels, where colours begin too."""
    scale = min(outer[0] / aspect[0], outer[1] / aspect[1])
    width, height = (min(most, max(1, round(side * scale))) for side, most in zip(aspect, outer, strict=True))
    left, top = (outer[0] - width) // 2, (outer[1] - height) // 2
    return Box(left - left % 2, top - top % 2, width, height)
