"""Shares from 0 to 1 as a picture: a radar of all dimensions, and a row a dimension that can be opened.

Both are drawn in the page's own colours, and so follow light and dark. A shape and a number say what a colour says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine import radar as drawing
from engine.measured import Measured
from engine.radar import label
from ui.markup import Markup, doer, element, join

Series = Mapping[str, Measured]
"""Figure -> what one system has."""


def radar(series: Sequence[tuple[str, Series]]) -> Markup:
    """See engine.radar; nothing for fewer than three dimensions."""
    return Markup(drawing.radar(series))


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
