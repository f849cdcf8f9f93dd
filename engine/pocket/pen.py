"""A pen for flat shapes: draws large in plain coordinates, hands back a smooth smaller picture.

Shared by the sprites and the scenes. x runs right, y runs down; the caller chooses origin and unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from PIL import Image, ImageDraw

from engine.pocket.vocabulary import Rgb

Paint = Rgb | tuple[int, int, int, int]
Point = tuple[float, float]


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """The colour that is `share` (0..1) of the way from the first to the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws on one picture. `origin` is the pixel of (0, 0), `unit` the pixels of length 1."""

    image: Image.Image
    """RGB (translucent paints blend) or RGBA (paints replace)."""
    origin: Point
    unit: float

    def _at(self, x: float, y: float) -> Point:
        return self.origin[0] + x * self.unit, self.origin[1] + y * self.unit

    def _draw(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image, "RGBA" if self.image.mode == "RGB" else None)

    def ellipse(self, centre: Point, radii: Point, paint: Paint) -> None:
        """A filled ellipse."""
        (x, y), (rx, ry) = centre, radii
        self._draw().ellipse([self._at(x - rx, y - ry), self._at(x + rx, y + ry)], fill=paint)

    def disc(self, centre: Point, radius: float, paint: Paint) -> None:
        """A filled circle."""
        self.ellipse(centre, (radius, radius), paint)

    def slice(self, centre: Point, radius: float, angles: Point, paint: Paint) -> None:
        """A filled pie slice between two angles in degrees, clockwise from three o'clock."""
        x, y = centre
        box = [self._at(x - radius, y - radius), self._at(x + radius, y + radius)]
        self._draw().pieslice(box, angles[0], angles[1], fill=paint)

    def polygon(self, points: Sequence[Point], paint: Paint, rounding: float = 0.0) -> None:
        """A filled polygon; with rounding, its corners bulge by that radius."""
        self._draw().polygon([self._at(*p) for p in points], fill=paint)
        if rounding:
            self.stroke([*points, points[0]], 2 * rounding, paint)

    def box(self, corners: tuple[float, float, float, float], paint: Paint, radius: float = 0.0) -> None:
        """A filled rectangle (left, top, right, bottom) with rounded corners."""
        left, top, right, bottom = corners
        place = [self._at(left, top), self._at(right, bottom)]
        self._draw().rounded_rectangle(place, radius * self.unit, fill=paint)

    def stroke(self, points: Sequence[Point], width: float, paint: Paint) -> None:
        """A line through the points, with round joints and ends."""
        pixels = max(1, round(width * self.unit))
        self._draw().line([self._at(*p) for p in points], fill=paint, width=pixels, joint="curve")
        for point in points:
            self.disc(point, width / 2, paint)

    def arc(self, centre: Point, radius: float, angles: Point, stroke: tuple[float, Paint]) -> None:
        """A round-ended arc between two angles in degrees; stroke is (width, paint)."""
        first, last = angles
        steps = 16
        points = [
            (centre[0] + radius * cos(radians(a)), centre[1] + radius * sin(radians(a)))
            for a in (first + (last - first) * n / steps for n in range(steps + 1))
        ]
        self.stroke(points, *stroke)
