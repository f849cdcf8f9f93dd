"""What scenes are made of: skies, hills, clouds, trees. In the view's coordinates, reaching MARGIN beyond it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import pi, sin

from engine.pocket.pen import Paint, Pen, Point, mix
from engine.pocket.vocabulary import Rgb

MARGIN = 0.25
"""How far a backdrop reaches beyond the view on each side, in view widths."""
LOW, HIGH = -MARGIN, 1 + MARGIN
"""Where a backdrop begins and ends, across and down."""


def gradient(pen: Pen, top: Rgb, bottom: Rgb, span: tuple[float, float]) -> None:
    """Horizontal bands from one colour to another between two heights, flat beyond them."""
    pen.box((LOW, LOW, HIGH, HIGH), top)
    bands = 96
    height = (span[1] - span[0]) / bands
    for band in range(bands):
        y = span[0] + band * height
        end = HIGH if band == bands - 1 else min(HIGH, y + 2 * height)  # the next one paints over the second half
        pen.box((LOW, y, HIGH, end), mix(top, bottom, (band + 0.5) / bands))


def hills(pen: Pen, height: float, waves: Sequence[tuple[float, float, float]], paint: Paint) -> None:
    """Land below a sum of sine waves; each wave is (amplitude, periods a view, phase in turns)."""
    xs = [LOW + (HIGH - LOW) * n / 240 for n in range(241)]
    ridge = [(x, height + sum(a * sin(2 * pi * (f * x + p)) for a, f, p in waves)) for x in xs]
    pen.polygon([*ridge, (HIGH, HIGH), (LOW, HIGH)], paint)


def cloud(pen: Pen, centre: Point, size: float, paint: Paint) -> None:
    """A flat-bottomed cloud of three puffs; size is half its width."""
    x, y = centre
    pen.box((x - size, y - 0.02 * size, x + size, y + 0.36 * size), paint, 0.18 * size)
    for dx, dy, radius in ((-0.45, 0.0, 0.34), (0.05, -0.16, 0.48), (0.52, 0.04, 0.3)):
        pen.disc((x + dx * size, y + dy * size), radius * size, paint)


def pine(pen: Pen, foot: Point, height: float, paint: Paint) -> None:
    """A pine of three tiers standing on its foot."""
    x, y = foot
    for low, high, half in ((0.0, 0.55, 0.3), (0.28, 0.8, 0.24), (0.55, 1.0, 0.17)):
        left, right = x - half * height, x + half * height
        pen.polygon([(left, y - low * height), (right, y - low * height), (x, y - high * height)], paint, 0.006)


def sun(pen: Pen, centre: Point, radius: float, colour: Rgb) -> None:
    """A disc with two pale rims around it."""
    for share, alpha in ((1.9, 50), (1.45, 80), (1.0, 255)):
        pen.disc(centre, radius * share, (*colour, alpha))


def scatter(seed: int, count: int, rows: tuple[float, float]) -> list[Point]:
    """Points spread evenly but not regularly between two heights."""
    rng = random.Random(seed)
    step = (HIGH - LOW) / count
    return [(LOW + step * (n + 0.5 + rng.uniform(-0.35, 0.35)), rng.uniform(rows[0], rows[1])) for n in range(count)]


def cactus(pen: Pen, foot: Point, height: float, paint: Paint) -> None:
    """A cactus with two arms standing on its foot."""
    x, y = foot
    width = 0.2 * height
    pen.stroke([(x, y), (x, y - height)], width, paint)
    for side, low in ((-1, 0.36), (1, 0.52)):
        elbow = x + side * 0.3 * height
        pen.stroke(
            [(x, y - low * height), (elbow, y - low * height), (elbow, y - (low + 0.28) * height)],
            0.8 * width, paint,
        )  # fmt: skip
