"""Shares from 0 to 1 as a radar: an SVG that the page and the reports share. Standard library only.

Whoever shows it gives its classes their colours: ring, scale, band, shape and dot, these three with `series-0`,
`series-1` … for whose they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import cos, pi, sin
from typing import Final, Protocol

WIDTH, HEIGHT, RADIUS = 440, 330, 112
LEAST: Final = 3
"""Axes of a radar; fewer are no shape."""
_RINGS: Final = (0.25, 0.5, 0.75, 1.0)
_NAMES: Final[Mapping[str, str]] = {"2d_layout": "2D layout", "3d_depth": "3D depth", "all": "All of them"}


class Share(Protocol):
    """A mean with its 95 % interval, 0..1."""

    @property
    def mean(self) -> float:
        """The share."""
        ...

    @property
    def low(self) -> float:
        """Where its interval begins."""
        ...

    @property
    def high(self) -> float:
        """Where it ends."""
        ...


def label(figure: str) -> str:
    """What a person reads for a dimension."""
    return _NAMES.get(figure) or figure[:1].upper() + figure[1:].replace("_", " ")


def radar(series: Sequence[tuple[str, Mapping[str, Share]]]) -> str:
    """One polygon a system over the figures that all of them have, each with a band for its interval.

    series: what each system is called, and its figures by name. "" for fewer than three figures.
    """
    names = [name for name in series[0][1] if all(name in each for _, each in series)] if series else []
    if len(names) < LEAST:
        return ""
    told = [f"{label(name)} {' and '.join(f'{each[name].mean:.0%}' for _, each in series)}" for name in names]
    parts = [*_net(len(names))]
    for place, (_, each) in enumerate(series):
        parts += _shape([each[name] for name in names], place)
    parts += [_label(name, place, len(names)) for place, name in enumerate(names)]
    words = escape(f"Radar: {'; '.join(told)}", quote=True)
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg {size} role="img" aria-label="{words}" class="radar">{"".join(parts)}</svg>'


def _net(count: int) -> Iterator[str]:
    for ring in _RINGS:
        yield f'<polygon points="{_points([ring] * count)}" class="ring"></polygon>'
    for place in range(count):
        x, y = _at(1.0, place, count)
        yield f'<line x1="{WIDTH / 2}" y1="{HEIGHT / 2}" x2="{x}" y2="{y}" class="ring"></line>'
    yield f'<text x="{WIDTH / 2 + 4}" y="{HEIGHT / 2 - 0.5 * RADIUS - 3}" class="scale">50%</text>'


def _shape(figures: Sequence[Share], place: int) -> Iterator[str]:
    low, high = (_points([getattr(one, end) for one in figures]) for end in ("low", "high"))
    yield f'<path d="M{high}Z M{low}Z" fill-rule="evenodd" class="band series-{place}"></path>'
    yield f'<polygon points="{_points([one.mean for one in figures])}" class="shape series-{place}"></polygon>'
    for axis, one in enumerate(figures):
        x, y = _at(one.mean, axis, len(figures))
        yield f'<circle cx="{x}" cy="{y}" r="2.5" class="dot series-{place}"></circle>'


def _label(name: str, place: int, count: int) -> str:
    """Outside the net, in one line a word."""
    x, y = _at(1.0 + 14 / RADIUS, place, count)
    side = cos(_angle(place, count))
    anchor = "middle" if abs(side) < 0.15 else "start" if side > 0 else "end"
    words = label(name).split(", ")[0].split(" ", 1)
    up = 6 * (len(words) - 1) + (6 * (len(words) - 1) if y < HEIGHT / 2 - RADIUS else 0)
    lines = (
        f'<tspan x="{x}" dy="{0 if first else 13}">{escape(word)}</tspan>'
        for first, word in zip((True, False), words, strict=False)
    )
    return f'<text x="{x}" y="{round(y + 4 - up, 1)}" text-anchor="{anchor}">{"".join(lines)}</text>'


def _points(shares: Sequence[float]) -> str:
    places = (_at(min(1.0, max(0.0, share)), place, len(shares)) for place, share in enumerate(shares))
    return " ".join(f"{x},{y}" for x, y in places)


def _at(share: float, place: int, count: int) -> tuple[float, float]:
    angle = _angle(place, count)
    return round(WIDTH / 2 + share * RADIUS * cos(angle), 1), round(HEIGHT / 2 + share * RADIUS * sin(angle), 1)


def _angle(place: int, count: int) -> float:
    """The first axis points up, the others follow clockwise."""
    return 2 * pi * place / count - pi / 2
