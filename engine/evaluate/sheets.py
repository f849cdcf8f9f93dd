"""Contact sheets: what a case was made from beside what came out, for a person to look at. Nothing is selected."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from engine.evaluate.cases import Case, Frames

MOMENTS: Final = 6
"""Frames that are shown of a clip, the first and the last among them."""
LARGEST: Final = 1_400_000
"""Bytes of a sheet."""
_EDGE, _GAP = 100, 2
_WIDTH: Final = MOMENTS * (_EDGE + _GAP)
_TITLE, _LABEL = 16, 14
_ROOM: Final = 24
"""Pixels between two panels."""
_LETTERS: Final = 108
"""That fit a caption's line."""
_GROUND, _INK, _QUIET = "#16181d", "#e8e8e8", "#9fd8ae"
_COLOURS: Final = (160, 96, 64, 32)
"""Tried in turn until a sheet is small enough."""


def panel(case: Case) -> Image.Image:
    """One case: what was asked for, then each strip under its name; single frames stand side by side."""
    words = _lines(case.asked)
    rows = _rows(case)
    height = len(words) * _TITLE + len(rows) * (_LABEL + _EDGE + 4)
    made = Image.new("RGB", (_WIDTH, height), _GROUND)
    draw = ImageDraw.Draw(made)
    for number, line in enumerate(words):
        draw.text((0, number * _TITLE), line, fill=_INK, font_size=12)
    top = len(words) * _TITLE
    for row in rows:
        left = 0
        for name, frames in row:
            draw.text((left, top), name, fill=_QUIET, font_size=11)
            for frame in _moments(frames):
                small = Image.fromarray(frame).resize((_EDGE, _EDGE), Image.Resampling.LANCZOS)
                made.paste(small, (left, top + _LABEL))
                left += _EDGE + _GAP
        top += _LABEL + _EDGE + 4
    return made


def sheet(groups: Sequence[Sequence[Image.Image]], across: int = 2) -> Image.Image:
    """Panels of one width in rows, each row as high as its highest; every group begins a row."""
    across = min(across, max(len(group) for group in groups))
    rows = [group[first : first + across] for group in groups for first in range(0, len(group), across)]
    heights = [max(one.height for one in row) + _ROOM for row in rows]
    made = Image.new("RGB", (across * (_WIDTH + _ROOM), sum(heights) + _ROOM // 2), _GROUND)
    top = _ROOM // 2
    for row, height in zip(rows, heights, strict=True):
        for place, one in enumerate(row):
            made.paste(one, (place * (_WIDTH + _ROOM) + _ROOM // 2, top))
        top += height
    return made


def png(picture: Image.Image, largest: int = LARGEST) -> bytes:
    """A PNG of few colours and at most `largest` bytes: fewer colours, then smaller, until it fits.

    The colours are spread over all that there are: going by how often each comes, a small red car would be maroon.
    """
    while True:
        for colours in _COLOURS:
            data = io.BytesIO()
            spread = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=1)
            spread.save(data, "PNG", optimize=True)
            if data.tell() <= largest or max(picture.size) < 2 * _EDGE:
                return data.getvalue()
        picture = picture.resize((picture.width * 4 // 5, picture.height * 4 // 5), Image.Resampling.LANCZOS)


def _rows(case: Case) -> list[list[tuple[str, Frames]]]:
    """The strips, line by line."""
    rows: list[list[tuple[str, Frames]]] = []
    for name, frames in case.strips.items():
        beside = len(frames) == 1 and rows and all(len(one) == 1 for _, one in rows[-1]) and len(rows[-1]) < MOMENTS
        if beside:
            rows[-1].append((name, frames))
        else:
            rows.append([(name, frames)])
    return rows


def _moments(frames: Frames) -> Frames:
    """As many frames as are shown, evenly spread."""
    shown: Frames = frames[np.linspace(0, len(frames) - 1, min(MOMENTS, len(frames))).round().astype(int)]
    return shown


def _lines(text: str) -> list[str]:
    """A caption in one line or two."""
    if len(text) <= _LETTERS:
        return [text]
    cut = text.rfind(" ", 0, _LETTERS)
    rest = text[cut + 1 :]
    return [text[:cut], rest if len(rest) <= _LETTERS else rest[: _LETTERS - 1] + "…"]
