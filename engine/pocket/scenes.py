"""The scenes' pictures: eight calm backdrops, muted so that the things stand out.

Each is drawn in the view's coordinates (0..1, y down) but reaches MARGIN beyond it on every side, so that the
camera can pan and zoom. One function draws one scene; the horizon lies near y = 0.62.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.pocket.pen import Pen, mix
from engine.pocket.scenery import HIGH, LOW, MARGIN, cactus, cloud, gradient, hills, pine, scatter, sun
from engine.pocket.vocabulary import SCENES, Rgb

BACKDROP = 576
"""Edge of a backdrop in pixels."""
_OVERSAMPLING = 2


def _meadow(pen: Pen) -> None:
    gradient(pen, (188, 222, 232), (236, 240, 226), (-0.1, 0.6))
    sun(pen, (0.82, 0.14), 0.085, (255, 242, 200))
    for centre, size in (
        ((0.22, 0.16), 0.12),
        ((0.55, 0.31), 0.085),
        ((-0.12, 0.3), 0.1),
        ((1.12, 0.3), 0.1),
    ):
        cloud(pen, centre, size, (250, 252, 250, 235))
    hills(pen, 0.56, ((0.05, 0.9, 0.1), (0.02, 2.1, 0.4)), (176, 206, 184))
    hills(pen, 0.62, ((0.035, 1.2, 0.55), (0.015, 2.7, 0.1)), (160, 198, 158))
    hills(pen, 0.71, ((0.03, 0.8, 0.85),), (146, 188, 134))
    hills(pen, 0.9, ((0.02, 1.1, 0.3),), (132, 176, 120))
    for n, (x, y) in enumerate(scatter(3, 13, (0.78, 1.1))):
        pen.disc((x, y), 0.015, ((240, 236, 214), (226, 214, 170), (216, 200, 206))[n % 3])
        pen.stroke([(x, y + 0.018), (x, y + 0.038)], 0.01, (112, 156, 104))


def _night(pen: Pen) -> None:
    gradient(pen, (34, 36, 74), (92, 84, 128), (-0.1, 0.66))
    for n, (x, y) in enumerate(scatter(11, 24, (-0.2, 0.48))):
        pen.disc((x, y), (0.0085, 0.0125, 0.0095)[n % 3], (222, 216, 238))
    for share, alpha in ((1.7, 26), (1.32, 40)):
        pen.disc((0.2, 0.17), 0.09 * share, (236, 226, 190, alpha))
    pen.disc((0.2, 0.17), 0.09, (240, 232, 204))
    for dx, dy, radius in ((-0.03, -0.02, 0.02), (0.035, 0.02, 0.026), (-0.01, 0.045, 0.014)):
        pen.disc((0.2 + dx, 0.17 + dy), radius, (220, 210, 184))
    hills(pen, 0.6, ((0.05, 0.8, 0.7), (0.02, 1.9, 0.2)), (62, 62, 104))
    hills(pen, 0.69, ((0.03, 1.1, 0.2),), (48, 54, 88))
    for x, y, height in ((-0.14, 0.7, 0.16), (0.02, 0.69, 0.12), (0.9, 0.72, 0.15), (1.0, 0.73, 0.11),
                         (1.14, 0.72, 0.17)):  # fmt: skip
        pine(pen, (x, y), height, (38, 44, 74))
    hills(pen, 0.8, ((0.025, 0.9, 0.6),), (40, 50, 76))


def _desert(pen: Pen) -> None:
    gradient(pen, (246, 222, 196), (250, 238, 214), (0.0, 0.6))
    sun(pen, (0.26, 0.2), 0.1, (255, 246, 222))
    for left, right, top in ((-0.2, 0.08, 0.47), (0.62, 0.84, 0.42), (0.9, 1.2, 0.5)):
        slope = [(left, 0.7), (left + 0.04, top), (right - 0.04, top), (right, 0.7)]
        pen.polygon(slope, (222, 184, 160), 0.01)
    hills(pen, 0.61, ((0.03, 0.8, 0.05), (0.012, 1.7, 0.3)), (234, 204, 164))
    hills(pen, 0.69, ((0.04, 0.7, 0.5),), (226, 192, 148))
    cactus(pen, (0.93, 0.74), 0.17, (150, 170, 138))
    cactus(pen, (0.06, 0.71), 0.12, (164, 180, 148))
    hills(pen, 0.83, ((0.04, 0.6, 0.95),), (216, 180, 134))
    for x, y in scatter(5, 7, (0.9, 1.12)):
        pen.ellipse((x, y), (0.03, 0.009), (202, 164, 120))


def _snow(pen: Pen) -> None:
    gradient(pen, (172, 190, 214), (212, 220, 232), (-0.1, 0.62))
    sun(pen, (0.76, 0.18), 0.075, (240, 240, 236))
    peaks = ((-0.1, 0.3, 0.34), (0.3, 0.26, 0.4), (0.74, 0.34, 0.36), (1.1, 0.28, 0.34))
    for x, top, half in peaks:
        pen.polygon([(x - half, 0.7), (x, top), (x + half, 0.7)], (164, 180, 206), 0.008)
        cap = [(x, top), (x - 0.1, top + 0.1 * 0.4 / half), (x - 0.03, top + 0.075), (x + 0.02, top + 0.115),
               (x + 0.06, top + 0.07), (x + 0.1, top + 0.1 * 0.4 / half)]  # fmt: skip
        pen.polygon(cap, (226, 232, 240), 0.006)
    hills(pen, 0.64, ((0.03, 0.9, 0.2),), (200, 212, 228))
    for x, y, height in ((-0.16, 0.7, 0.2), (0.06, 0.69, 0.16), (0.15, 0.71, 0.2), (0.86, 0.7, 0.2),
                         (0.97, 0.72, 0.15), (1.12, 0.7, 0.22)):  # fmt: skip
        pine(pen, (x, y), height, (138, 164, 176))
    hills(pen, 0.73, ((0.025, 0.8, 0.6),), (188, 203, 222))
    hills(pen, 0.9, ((0.025, 1.0, 0.1),), (174, 191, 214))
    for n, (x, y) in enumerate(scatter(8, 22, (-0.2, 0.6))):
        pen.disc((x, y), (0.01, 0.0135)[n % 2], (232, 237, 245))


def _sea(pen: Pen) -> None:
    gradient(pen, (184, 218, 228), (238, 236, 220), (-0.1, 0.5))
    sun(pen, (0.7, 0.28), 0.095, (255, 240, 208))
    for centre, size in (((0.2, 0.15), 0.12), ((1.08, 0.14), 0.11), ((-0.14, 0.32), 0.08)):
        cloud(pen, centre, size, (248, 250, 248, 235))
    pen.ellipse((0.12, 0.53), (0.2, 0.07), (164, 190, 166))
    pen.ellipse((0.26, 0.53), (0.12, 0.04), (150, 180, 156))
    pen.box((LOW, 0.52, HIGH, HIGH), (142, 194, 200))
    for x, y, width in ((0.7, 0.545, 0.1), (0.72, 0.575, 0.07), (0.69, 0.605, 0.045)):
        pen.box((x - width, y - 0.006, x + width, y + 0.006), (222, 228, 212), 0.006)
    waters = (
        (0.63, (126, 182, 192)),
        (0.74, (110, 169, 183)),
        (0.86, (95, 155, 173)),
        (0.99, (82, 142, 163)),
    )
    for row, (height, paint) in enumerate(waters):
        hills(pen, height, ((0.012, 4.0 - 0.5 * row, 0.3 * row),), paint)
        foam = mix(paint, (255, 255, 255), 0.28)
        for column in range(-1, 6):
            left = 0.28 * column + 0.11 * row
            pen.box((left, height + 0.04, left + 0.09, height + 0.053), foam, 0.005)


def _room(pen: Pen) -> None:
    pen.box((LOW, LOW, HIGH, HIGH), (226, 208, 196))
    for n in range(-3, 14):
        pen.box((0.12 * n - 0.005, LOW, 0.12 * n + 0.045, 0.66), (231, 215, 203))
    pen.box((0.09, 0.1, 0.41, 0.46), (246, 240, 230), 0.015)
    pen.box((0.115, 0.125, 0.385, 0.435), (190, 218, 228))
    pen.disc((0.32, 0.2), 0.035, (252, 240, 206))
    pen.polygon([(0.115, 0.435), (0.115, 0.37), (0.2, 0.34), (0.29, 0.38), (0.385, 0.35), (0.385, 0.435)],
                (164, 198, 162))  # fmt: skip
    pen.box((0.241, 0.12, 0.259, 0.44), (246, 240, 230))
    pen.box((0.12, 0.271, 0.38, 0.289), (246, 240, 230))
    pen.box((0.06, 0.45, 0.44, 0.485), (240, 230, 218), 0.012)
    pen.box((0.66, 0.14, 0.9, 0.36), (172, 138, 116), 0.012)
    pen.box((0.685, 0.165, 0.875, 0.335), (206, 218, 210))
    pen.polygon([(0.685, 0.335), (0.76, 0.23), (0.81, 0.29), (0.84, 0.26), (0.875, 0.335)], (158, 182, 176))
    pen.box((LOW, 0.64, HIGH, 0.67), (246, 238, 228))
    pen.box((LOW, 0.67, HIGH, HIGH), (196, 160, 130))
    for row, y in enumerate((0.72, 0.8, 0.91, 1.05)):
        pen.box((LOW, y, HIGH, y + 0.01 + 0.002 * row), (182, 146, 118))
    pen.ellipse((0.5, 0.87), (0.44, 0.125), (168, 150, 168))
    pen.ellipse((0.5, 0.87), (0.385, 0.1), (190, 174, 188))
    pen.ellipse((0.5, 0.87), (0.3, 0.07), (178, 161, 177))


def _towers(pen: Pen, rows: Sequence[tuple[float, float, float]], paint: Rgb, lit: Rgb | None) -> None:
    """Blocks of (left, right, top) standing below the horizon, with windows if lit."""
    for left, right, top in rows:
        pen.box((left, top, right, 0.8), paint)
        if lit is None:
            continue
        columns = max(2, round((right - left) / 0.05))
        step = (right - left) / columns
        for row in range(round((0.68 - top) / 0.06)):
            for column in range(columns):
                x, y = left + step * (column + 0.5), top + 0.04 + 0.06 * row
                pen.box((x - 0.011, y - 0.014, x + 0.011, y + 0.014), lit if (row * 3 + column * 2) % 5 else paint)


def _city(pen: Pen) -> None:
    gradient(pen, (196, 206, 226), (240, 222, 212), (-0.1, 0.6))
    sun(pen, (0.5, 0.22), 0.085, (255, 240, 214))
    cloud(pen, (0.86, 0.12), 0.09, (246, 240, 240, 220))
    cloud(pen, (0.1, 0.2), 0.08, (246, 240, 240, 220))
    far = ((-0.22, -0.08, 0.42), (-0.02, 0.1, 0.36), (0.12, 0.26, 0.46), (0.34, 0.44, 0.38), (0.5, 0.64, 0.45),
           (0.68, 0.77, 0.34), (0.84, 0.98, 0.42), (1.04, 1.14, 0.36), (1.16, 1.25, 0.46))  # fmt: skip
    _towers(pen, far, (190, 190, 208), None)
    near = ((-0.25, -0.12, 0.5), (-0.1, 0.04, 0.56), (0.05, 0.17, 0.44), (0.19, 0.33, 0.54), (0.42, 0.54, 0.56),
            (0.6, 0.74, 0.5), (0.76, 0.87, 0.42), (0.89, 1.03, 0.55), (1.06, 1.2, 0.48))  # fmt: skip
    _towers(pen, near, (160, 162, 186), (204, 200, 202))
    pen.box((LOW, 0.7, HIGH, 0.78), (198, 194, 196))
    pen.box((LOW, 0.77, HIGH, HIGH), (136, 136, 150))
    pen.box((LOW, 0.765, HIGH, 0.782), (220, 214, 210))
    for n in range(-2, 8):
        pen.box((0.22 * n, 0.9, 0.22 * n + 0.11, 0.918), (206, 202, 200), 0.006)


def _space(pen: Pen) -> None:
    gradient(pen, (22, 22, 48), (50, 42, 78), (-0.1, 0.8))
    for n, (x, y) in enumerate(scatter(21, 28, (-0.22, 0.68))):
        pen.disc((x, y), (0.008, 0.012, 0.009)[n % 3], ((196, 196, 224), (228, 216, 198))[n % 2])
    tilt = [(0.82 + 0.175 * cos(a) - 0.012 * sin(a), 0.2 + 0.05 * cos(a) + 0.034 * sin(a))
            for a in (pi * n / 40 for n in range(81))]  # fmt: skip
    pen.stroke(tilt[40:], 0.016, (150, 134, 148))
    pen.disc((0.82, 0.2), 0.1, (132, 112, 140))
    pen.ellipse((0.8, 0.17), (0.07, 0.016), (150, 130, 154))
    pen.ellipse((0.84, 0.225), (0.075, 0.016), (118, 98, 128))
    pen.stroke(tilt[:41], 0.016, (176, 160, 168))
    pen.disc((0.13, 0.3), 0.05, (96, 128, 140))
    pen.ellipse((0.115, 0.285), (0.025, 0.012), (116, 148, 156))
    pen.ellipse((0.5, 1.42), (1.3, 0.68), (92, 90, 116))
    pen.ellipse((0.5, 1.46), (1.3, 0.68), (106, 104, 130))
    craters = ((0.16, 0.89, 0.055), (0.62, 0.84, 0.04), (0.88, 0.94, 0.06), (0.4, 0.98, 0.05), (-0.1, 0.97, 0.05),
               (1.12, 1.0, 0.06))  # fmt: skip
    for x, y, radius in craters:
        pen.ellipse((x, y), (radius, 0.42 * radius), (84, 82, 108))
        pen.ellipse((x, y + 0.008), (0.86 * radius, 0.32 * radius), (96, 94, 120))


_DRAWINGS: dict[str, Callable[[Pen], None]] = {
    "meadow": _meadow, "night": _night, "desert": _desert, "snow": _snow,
    "sea": _sea, "room": _room, "city": _city, "space": _space,
}  # fmt: skip


def backdrop(scene: str) -> NDArray[np.uint8]:
    """One scene's picture: uint8 (BACKDROP, BACKDROP, 3), the view and MARGIN around it."""
    edge = BACKDROP * _OVERSAMPLING
    image = Image.new("RGB", (edge, edge))
    unit = edge / (1 + 2 * MARGIN)
    _DRAWINGS[scene](Pen(image, (MARGIN * unit, MARGIN * unit), unit))
    return np.asarray(image.resize((BACKDROP, BACKDROP), Image.Resampling.BOX))


@cache
def backdrops() -> NDArray[np.uint8]:
    """All backdrops: uint8 (scenes, BACKDROP, BACKDROP, 3), in the order of SCENES.

    Drawn once a process, two seconds long; not to be written to.
    """
    return np.stack([backdrop(scene) for scene in SCENES])
