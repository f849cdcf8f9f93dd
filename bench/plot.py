"""Lines over two axes as an SVG: what the benches draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import log

Points = Sequence[tuple[float, float]]
"""Along and up."""
_WIDTH, _HEIGHT, _EDGE = 720, 320, 48
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""Told apart by everybody (Okabe and Ito 2008)."""
_NAMES = 5
"""That have room side by side below the lines; more stand closer."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of a plot."""

    least: float
    most: float
    ticks: Mapping[float, str]
    """What is written, and where."""
    doubling: bool = False
    """Whether equal steps are equal ratios; `least` is above 0 then."""

    def share(self, value: float) -> float:
        """How far along a value lies: 0 at the least, 1 at the most."""
        if self.doubling:
            return log(value / self.least) / log(self.most / self.least)
        return (value - self.least) / (self.most - self.least)


def drawn(lines: Mapping[str, Points], title: str, along: Axis, up: Axis, dots: bool = False) -> str:
    """An SVG with a line for each name; `dots` marks its points."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/><text x="{_EDGE}" y="20">{escape(title)}</text>',
        f'<polyline fill="none" stroke="#555" points="{_EDGE},{_EDGE} {_EDGE},{_HEIGHT - _EDGE} '
        f'{_WIDTH - _EDGE},{_HEIGHT - _EDGE}"/>',
    ]
    for value, word in up.ticks.items():
        parts.append(f'<text x="4" y="{_place(0, up.share(value))[1] + 4:.1f}">{escape(word)}</text>')
    for value, word in along.ticks.items():
        x = _place(along.share(value), 0)[0]
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 30}" text-anchor="end">{escape(word)}</text>')
    apart = (_WIDTH - _EDGE) / max(_NAMES, len(lines))
    for index, (name, points) in enumerate(lines.items()):
        colour = _COLOURS[index % len(_COLOURS)]
        places = [_place(along.share(x), up.share(y)) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{path}"/>')
        if dots:
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        parts.append(f'<text x="{_EDGE + apart * index:.1f}" y="{_HEIGHT - 8}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _place(along: float, up: float) -> tuple[float, float]:
    """Shares of the way, in pixels from the upper left."""
    return _EDGE + along * (_WIDTH - 2 * _EDGE), _HEIGHT - _EDGE - up * (_HEIGHT - 2 * _EDGE)
