"""How each noun is drawn: one function a noun, in a square from -1 to 1 with y down, facing right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import cos, pi, sin
from types import MappingProxyType
from typing import Final

from engine.pocket.pen import Pen, mix
from engine.pocket.vocabulary import COLOURS, Rgb

INK: Rgb = (52, 44, 66)
CREAM: Rgb = (255, 246, 224)
GLASS: Rgb = (190, 228, 246)
BARK: Rgb = (142, 98, 70)
LEAF: Rgb = (104, 158, 92)
SUNNY: Rgb = (255, 214, 110)
_WHITE: Rgb = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Shades:
    """A colour and its relatives."""

    base: Rgb
    tint: Rgb
    """Clearly lighter (for white: a cool grey), for stripes and lit sides."""
    dark: Rgb
    """Darker, for sides in shade."""
    line: Rgb
    """Much darker, for the outline."""


def shades(colour: str) -> Shades:
    """The shades of a key of COLOURS."""
    base = COLOURS[colour]
    if colour == "white":
        return Shades(base, (212, 220, 234), (190, 198, 216), (112, 118, 146))
    warm = base[0] > 200
    dark = mix(base, (110, 20, 50), 0.34) if warm else mix(base, INK, 0.28)
    line = mix(base, (84, 16, 48), 0.68) if warm else mix(base, (36, 20, 52), 0.62)
    return Shades(base, mix(base, _WHITE, 0.5), dark, line)


def _face(pen: Pen, x: float, y: float, size: float) -> None:
    """Two eyes and a smile around (x, y)."""
    for side in (-1, 1):
        pen.ellipse((x + side * 0.3 * size, y), (0.095 * size, 0.14 * size), INK)
    pen.arc((x, y + 0.1 * size), 0.2 * size, (25, 155), (0.075 * size, INK))


def _ball(pen: Pen, hue: Shades) -> None:
    pen.disc((0, 0), 0.96, hue.base)
    turns = [pi * (n / 24 - 0.5) for n in range(25)]
    for side, paint in ((-1, hue.tint), (1, hue.dark)):
        outer = [(side * 0.5 * cos(a), 0.94 * sin(a)) for a in turns]
        inner = [(side * 0.14 * cos(a), 0.94 * sin(a)) for a in reversed(turns)]
        pen.polygon(outer + inner, paint)
    pen.disc((0, -0.82), 0.15, CREAM)
    pen.ellipse((-0.62, -0.36), (0.13, 0.2), mix(hue.tint, _WHITE, 0.7))


def _star(pen: Pen, hue: Shades) -> None:
    points = [(r * sin(pi * n / 5), 0.06 - r * cos(pi * n / 5)) for n in range(10) for r in ((0.92, 0.47)[n % 2],)]
    pen.polygon(points, hue.base, 0.1)
    pen.polygon([points[9], points[0], points[1], (0, 0.06)], hue.tint)
    _face(pen, 0, 0.08, 0.82)


def _heart(pen: Pen, hue: Shades) -> None:
    curve = [
        (16 * sin(t) ** 3, -(13 * cos(t) - 5 * cos(2 * t) - 2 * cos(3 * t) - cos(4 * t)))
        for t in (2 * pi * n / 90 for n in range(90))
    ]
    pen.polygon([(x / 17, y / 17 - 0.12) for x, y in curve], hue.base, 0.04)
    pen.ellipse((-0.5, -0.42), (0.2, 0.26), hue.tint)
    pen.disc((-0.66, -0.02), 0.09, hue.tint)


def _ring(pen: Pen, hue: Shades) -> None:
    pen.disc((0, 0), 0.96, hue.base)
    for start in (-70, 50, 170):
        pen.slice((0, 0), 0.96, (start, start + 46), hue.tint if start > -70 else CREAM)
    pen.disc((0, 0), 0.46, (0, 0, 0, 0))


def _cube(pen: Pen, hue: Shades) -> None:
    top, mid, low = (0.0, -0.94), (0.0, -0.08), (0.0, 0.94)
    left, right, left_low, right_low = (-0.84, -0.52), (0.84, -0.52), (-0.84, 0.46), (0.84, 0.46)
    pen.polygon([top, right, mid, left], hue.tint)
    pen.polygon([left, mid, low, left_low], hue.base)
    pen.polygon([mid, right, right_low, low], hue.dark)
    pen.ellipse((0, -0.51), (0.26, 0.14), hue.base)


def _car(pen: Pen, hue: Shades) -> None:
    pen.polygon([(-0.58, -0.02), (-0.4, -0.46), (0.22, -0.46), (0.52, -0.02)], hue.base, 0.1)
    pen.polygon([(-0.44, -0.06), (-0.32, -0.4), (-0.12, -0.4), (-0.12, -0.06)], GLASS, 0.02)
    pen.polygon([(0.02, -0.06), (0.02, -0.4), (0.18, -0.4), (0.38, -0.06)], GLASS, 0.02)
    pen.box((-0.97, -0.06, 0.97, 0.46), hue.base, 0.2)
    pen.box((-0.97, 0.22, 0.97, 0.46), hue.dark, 0.12)
    pen.ellipse((0.88, 0.1), (0.09, 0.12), SUNNY)
    for x in (-0.52, 0.52):
        pen.disc((x, 0.42), 0.28, INK)
        pen.disc((x, 0.42), 0.13, CREAM)


def _boat(pen: Pen, hue: Shades) -> None:
    pen.stroke([(-0.04, -0.9), (-0.04, 0.4)], 0.1, BARK)
    pen.polygon([(0.08, -0.84), (0.08, 0.22), (0.8, 0.22)], hue.base, 0.03)
    pen.polygon([(-0.17, -0.56), (-0.17, 0.22), (-0.68, 0.22)], CREAM, 0.03)
    pen.polygon([(-0.92, 0.4), (0.92, 0.4), (0.6, 0.84), (-0.62, 0.84)], hue.base, 0.06)
    pen.polygon([(-0.92, 0.4), (0.92, 0.4), (0.84, 0.52), (-0.84, 0.52)], hue.tint, 0.05)


def _rocket(pen: Pen, hue: Shades) -> None:
    pen.polygon([(-0.2, 0.56), (0.2, 0.56), (0.0, 0.96)], SUNNY, 0.04)
    pen.polygon([(-0.3, 0.1), (-0.64, 0.62), (-0.3, 0.56)], hue.dark, 0.05)
    pen.polygon([(0.3, 0.1), (0.64, 0.62), (0.3, 0.56)], hue.dark, 0.05)
    heights = [-0.97 + 1.59 * n / 40 for n in range(41)]
    side = [(0.4 * (1 - ((0.1 - y) / 1.08) ** 2) ** 0.8 if y < 0.1 else 0.4 - 0.35 * (y - 0.1) ** 2, y)
            for y in heights]  # fmt: skip
    tip = [point for point in side if point[1] < -0.5]
    pen.polygon(side + [(-x, y) for x, y in reversed(side)], hue.base)
    pen.polygon(tip + [(-x, y) for x, y in reversed(tip)], hue.tint)
    pen.disc((0, -0.16), 0.21, CREAM)
    pen.disc((0, -0.16), 0.14, (120, 178, 214))


def _fish(pen: Pen, hue: Shades) -> None:
    pen.polygon([(-0.45, 0.0), (-0.9, -0.42), (-0.78, 0.0), (-0.9, 0.42)], hue.dark, 0.06)
    pen.polygon([(-0.25, -0.4), (0.1, -0.76), (0.35, -0.4)], hue.dark, 0.06)
    pen.ellipse((0.16, 0.0), (0.8, 0.56), hue.base)
    pen.ellipse((-0.02, 0.06), (0.2, 0.17), hue.tint)
    pen.polygon([(-0.08, -0.1), (-0.3, 0.06), (-0.08, 0.24)], hue.tint, 0.03)
    pen.arc((0.12, 0.0), 0.42, (-50, 50), (0.07, hue.tint))
    pen.disc((0.62, -0.14), 0.15, CREAM)
    pen.disc((0.66, -0.14), 0.085, INK)


def _bird(pen: Pen, hue: Shades) -> None:
    for x in (-0.08, 0.2):
        pen.stroke([(x, 0.5), (x, 0.9), (x + 0.14, 0.9)], 0.09, (204, 128, 60))
    pen.polygon([(-0.5, 0.1), (-0.95, -0.3), (-0.9, 0.12), (-0.6, 0.34)], hue.dark, 0.04)
    pen.polygon([(0.72, -0.52), (0.95, -0.36), (0.7, -0.24)], (255, 178, 70), 0.04)
    pen.ellipse((0.02, 0.16), (0.68, 0.52), hue.base)
    pen.disc((0.4, -0.38), 0.44, hue.base)
    pen.ellipse((0.22, 0.34), (0.4, 0.28), hue.tint)
    pen.polygon([(-0.5, -0.08), (0.16, -0.06), (0.04, 0.26), (-0.3, 0.38)], hue.dark, 0.07)
    pen.disc((0.54, -0.44), 0.095, INK)


def _tree(pen: Pen, hue: Shades) -> None:
    pen.polygon([(-0.13, 0.1), (0.13, 0.1), (0.2, 0.92), (-0.2, 0.92)], BARK, 0.04)
    for centre, radius in (((-0.42, 0.0), 0.46), ((0.42, 0.0), 0.46), ((0, -0.42), 0.54), ((0, 0.1), 0.46)):
        pen.disc(centre, radius, hue.base)
    for centre, radius in (((-0.16, -0.56), 0.22), ((-0.52, -0.08), 0.17), ((0.38, -0.1), 0.15)):
        pen.disc(centre, radius, hue.tint)
    pen.disc((0.1, 0.24), 0.14, hue.dark)


def _house(pen: Pen, hue: Shades) -> None:
    pen.box((0.34, -0.88, 0.6, -0.2), hue.dark, 0.04)
    pen.box((-0.7, -0.22, 0.7, 0.92), hue.base, 0.05)
    pen.polygon([(-0.9, -0.12), (0, -0.86), (0.9, -0.12)], hue.dark, 0.06)
    pen.box((-0.46, 0.22, -0.04, 0.92), BARK, 0.08)
    pen.disc((-0.14, 0.6), 0.05, SUNNY)
    pen.box((0.14, 0.2, 0.52, 0.58), CREAM, 0.06)
    pen.stroke([(0.33, 0.22), (0.33, 0.56)], 0.05, hue.dark)
    pen.stroke([(0.16, 0.39), (0.5, 0.39)], 0.05, hue.dark)


def _balloon(pen: Pen, hue: Shades) -> None:
    wave = [(0.1 * sin(0.3 * n), 0.5 + 0.033 * n) for n in range(15)]
    pen.stroke(wave, 0.08, CREAM)
    pen.polygon([(0, 0.38), (-0.14, 0.58), (0.14, 0.58)], hue.dark, 0.03)
    pen.ellipse((0, -0.26), (0.6, 0.7), hue.base)
    pen.ellipse((-0.25, -0.54), (0.13, 0.22), hue.tint)
    pen.disc((-0.34, -0.18), 0.06, hue.tint)


def _flower(pen: Pen, hue: Shades) -> None:
    pen.stroke([(0, 0.0), (0, 0.93)], 0.13, LEAF)
    for side in (-1, 1):
        leaf = [(side * 0.04, 0.84), (side * 0.3, 0.56), (side * 0.56, 0.54), (side * 0.4, 0.78)]
        pen.polygon(leaf, LEAF, 0.05)
    petals = [(0.42 * cos(pi * n / 3 + 0.5), -0.32 + 0.42 * sin(pi * n / 3 + 0.5)) for n in range(6)]
    for petal in petals:
        pen.disc(petal, 0.25, hue.base)
    for petal in petals[::2]:
        pen.disc(petal, 0.13, hue.tint)
    pen.disc((0, -0.32), 0.25, (126, 82, 60))
    pen.disc((-0.06, -0.38), 0.1, (168, 116, 82))


def _butterfly(pen: Pen, hue: Shades) -> None:
    for side in (-1, 1):
        pen.ellipse((side * 0.46, 0.4), (0.36, 0.4), hue.dark)
        pen.polygon([(side * 0.1, 0.1), (side * 0.3, -0.7), (side * 0.78, -0.66), (side * 0.82, -0.1)],
                    hue.base, 0.14)  # fmt: skip
        pen.disc((side * 0.56, -0.4), 0.2, hue.tint)
        pen.disc((side * 0.5, 0.44), 0.15, hue.tint)
        pen.stroke([(side * 0.04, -0.52), (side * 0.18, -0.86)], 0.07, INK)
    pen.ellipse((0, 0.06), (0.13, 0.66), INK)


def _snowman(pen: Pen, hue: Shades) -> None:
    for side in (-1, 1):
        pen.stroke([(side * 0.46, 0.24), (side * 0.86, -0.06)], 0.09, BARK)
    pen.disc((0, 0.4), 0.54, hue.base)
    pen.disc((0, -0.3), 0.4, hue.base)
    pen.ellipse((-0.22, 0.42), (0.14, 0.26), hue.tint)
    pen.box((-0.38, -0.1, 0.38, 0.08), hue.line, 0.09)
    pen.box((0.12, -0.04, 0.32, 0.42), hue.line, 0.08)
    for side in (-1, 1):
        pen.disc((side * 0.16, -0.36), 0.07, INK)
    pen.polygon([(0.0, -0.26), (0.0, -0.16), (0.34, -0.18)], (242, 142, 58), 0.03)
    pen.box((-0.3, -0.95, 0.3, -0.56), INK, 0.05)
    pen.box((-0.48, -0.65, 0.48, -0.53), INK, 0.06)


DRAWINGS: Final[Mapping[str, Callable[[Pen, Shades], None]]] = MappingProxyType(
    {
    "ball": _ball, "star": _star, "heart": _heart, "ring": _ring, "cube": _cube, "car": _car, "boat": _boat,
    "rocket": _rocket, "fish": _fish, "bird": _bird, "tree": _tree, "house": _house, "balloon": _balloon,
    "flower": _flower, "butterfly": _butterfly, "snowman": _snowman,
    }
)  # fmt: skip
"""Noun -> the function that draws it."""
