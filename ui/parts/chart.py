"""Shares from 0 to 1 as a picture: a radar of all dimensions, and a row a dimension that can be opened.

Both are drawn in the page's own colours, and so follow light and dark. A shape and a number say what a colour says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import cos, pi, sin

from engine.measured import Measured
from ui.markup import Markup, doer, element, join

WIDTH, HEIGHT, RADIUS = 440, 330, 112
LEAST = 3
"""Axes of a radar; fewer are no shape."""
RINGS = (0.25, 0.5, 0.75, 1.0)
NAMES = {"2d_layout": "2D layout", "3d_depth": "3D depth", "all": "All of them"}
Series = Mapping[str, Measured]
"""Figure -> what one system has."""


def label(figure: str) -> str:
    """What a person reads for a dimension."""
    return NAMES.get(figure) or figure[:1].upper() + figure[1:].replace("_", " ")


def radar(series: Sequence[tuple[str, Series]]) -> Markup:
    """One polygon a system over the dimensions that all of them have, each with a band for its interval.

    series: what each system is called, and its figures. Nothing for fewer than three dimensions.
    """
    names = [name for name in series[0][1] if all(name in each for _, each in series)] if series else []
    if len(names) < LEAST:
        return Markup("")
    told = [f"{label(name)} {' and '.join(f'{each[name].mean:.0%}' for _, each in series)}" for name in names]
    shapes = [_shape([each[name] for name in names], place) for place, (_, each) in enumerate(series)]
    return element(
        "svg",
        join(_net(len(names))),
        join(shapes),
        join(_label(name, place, len(names)) for place, name in enumerate(names)),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=f"Radar: {'; '.join(told)}",
        class_="radar",
    )


def legend(names: Sequence[str]) -> Markup:
    """Which drawing is whose, where there is more than one."""
    if len(names) < 2:
        return Markup("")
    swatches = (
        element("span", element("i", class_=f"line-key series-{place}"), name) for place, name in enumerate(names)
    )
    return element("p", *swatches, class_="legend hint")


def rows(series: Sequence[tuple[str, Series]], opened: str, **data: str) -> Markup:
    """A button a figure: its bars with their intervals; pressed, it opens what stands behind them.

    opened: the figure that is open. data: travels along with a press, beside `figure` and `system`.
    """
    names = dict.fromkeys(name for _, each in series for name in each)
    return element("ul", *(element("li", _row(name, series, opened, data)) for name in names), class_="bars")


def _row(name: str, series: Sequence[tuple[str, Series]], opened: str, data: Mapping[str, str]) -> Markup:
    mine = [(place, each[name]) for place, (_, each) in enumerate(series) if name in each]
    numbers = [element("b", f"{figure.mean:.0%}", class_=f"series-{place}") for place, figure in mine]
    between = f"{mine[0][1].low:.0%} to {mine[0][1].high:.0%}"
    told = "; ".join(f"{figure.mean:.0%}, 95 % interval {figure.low:.0%} to {figure.high:.0%}" for _, figure in mine)
    content = join(
        (
            element("span", label(name), class_="bar-name"),
            element("svg", *_bars(mine), height=10 * len(mine) + 2, aria_hidden="true", class_="bar"),
            element("span", *numbers, element("small", f"{between}, n {mine[0][1].cases}"), class_="bar-number"),
        )
    )
    return doer(
        content, "measure-look", class_="bar-row", hint=f"{label(name)}: {told}. Show what is behind it",
        pressed="true" if name == opened else "false", figure=name, system=mine[0][1].system, **data,
    )  # fmt: skip


def _bars(mine: Sequence[tuple[int, Measured]]) -> Iterator[Markup]:
    """Widths are shares of the row, so that it may be as wide as it likes."""
    for line, (place, figure) in enumerate(mine):
        top = 10 * line + 1
        middle = top + 4
        yield element("rect", width="100%", height=8, y=top, rx=2, class_="track")
        yield element("rect", width=f"{100 * figure.mean:.1f}%", height=8, y=top, rx=2, class_=f"fill series-{place}")
        ends = {"x1": f"{100 * figure.low:.1f}%", "x2": f"{100 * figure.high:.1f}%"}
        yield element("line", y1=middle, y2=middle, class_="interval", **ends)


def _net(count: int) -> Iterator[Markup]:
    for ring in RINGS:
        yield element("polygon", points=_points([ring] * count), class_="ring")
    for place in range(count):
        x, y = _at(1.0, place, count)
        yield element("line", x1=WIDTH / 2, y1=HEIGHT / 2, x2=x, y2=y, class_="ring")
    yield element("text", "50%", x=WIDTH / 2 + 4, y=HEIGHT / 2 - 0.5 * RADIUS - 3, class_="scale")


def _shape(figures: Sequence[Measured], place: int) -> Markup:
    low, high = (_points([getattr(one, end) for one in figures]) for end in ("low", "high"))
    band = element("path", d=f"M{high}Z M{low}Z", fill_rule="evenodd", class_=f"band series-{place}")
    mean = element("polygon", points=_points([one.mean for one in figures]), class_=f"shape series-{place}")
    dots = (_at(one.mean, axis, len(figures)) for axis, one in enumerate(figures))
    return join((band, mean, *(element("circle", cx=x, cy=y, r=2.5, class_=f"dot series-{place}") for x, y in dots)))


def _label(name: str, place: int, count: int) -> Markup:
    """Outside the net, in one line a word."""
    x, y = _at(1.0 + 14 / RADIUS, place, count)
    side = cos(_angle(place, count))
    anchor = "middle" if abs(side) < 0.15 else "start" if side > 0 else "end"
    words = label(name).split(", ")[0].split(" ", 1)
    up = 6 * (len(words) - 1) + (6 * (len(words) - 1) if y < HEIGHT / 2 - RADIUS else 0)
    lines = (
        element("tspan", word, x=x, dy=0 if first else 13) for first, word in zip((True, False), words, strict=False)
    )
    return element("text", *lines, x=x, y=round(y + 4 - up, 1), text_anchor=anchor)


def _points(shares: Sequence[float]) -> str:
    places = (_at(min(1.0, max(0.0, share)), place, len(shares)) for place, share in enumerate(shares))
    return " ".join(f"{x},{y}" for x, y in places)


def _at(share: float, place: int, count: int) -> tuple[float, float]:
    angle = _angle(place, count)
    return round(WIDTH / 2 + share * RADIUS * cos(angle), 1), round(HEIGHT / 2 + share * RADIUS * sin(angle), 1)


def _angle(place: int, count: int) -> float:
    """The first axis points up, the others follow clockwise."""
    return 2 * pi * place / count - pi / 2
