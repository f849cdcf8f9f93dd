"""What was measured: the open one large, with its radar, its bars and its numbers; the others in a line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.measured import Measured, Measurement
from ui import present
from ui.markup import Markup, doer, element, icon, join
from ui.parts import chart
from ui.present import Mark

MARKS: Mapping[str, Mark] = {
    "running": Mark("being measured", "running", "busy"),
    "stopped": Mark("paused", "cancelled", "quiet"),
    "failed": Mark("did not work", "failed", "bad"),
    "done": Mark("measured", "approved", "good"),
}
SYSTEMS = {"first": "the videos", "second": "those held against them", "official": "officially", "strict": "strictly"}
REPORTS = (("JSON", "report.json"), ("CSV", "report.csv"), ("Report (HTML)", "report.html"))
NUMBERS = "numbers"
"""What is open where the table of all figures is."""


def open_one(shown: Sequence[Measurement], name: str) -> Measurement | None:
    """The one that is shown large: that of this name, else the newest."""
    return next((one for one in shown if one.name == name), next(iter(shown), None))


def measurement(one: Measurement | None, figure: str = "") -> Markup:
    """The one that is shown large. figure: which of its bars is open."""
    if one is None:
        return element("p", "Nothing was measured yet.", class_="hint")
    return element("section", *_head(one), *_drawn(one, figure), *_told(one), class_="measurement")


def others(shown: Sequence[Measurement], here: Measurement | None) -> Markup:
    """Those that are not shown large, the newest first."""
    rest = [one for one in shown if one is not here]
    if not rest:
        return Markup("")
    lines = (
        element("li", doer(one.title, "measure-open", measurement=one.name, class_="link"), _mark(one)) for one in rest
    )
    return join((element("h3", "Measured before"), element("ul", *lines, class_="measurements")))


def system(name: str) -> str:
    """What a person reads for who made the videos, or how it was asked."""
    return SYSTEMS.get(name, name)


def _head(one: Measurement) -> Iterator[Markup]:
    told = f"{one.done} of {present.count(one.in_all, 'video')}"
    if one.seconds_left is not None:
        told += f", {present.duration(max(1, one.seconds_left))} left"
    yield element("p", element("b", one.title), _mark(one))
    yield element("p", f"{told}. ", *_buttons(one), class_="hint")
    if one.status == "running":
        yield element("progress", value=one.done, max=max(1, one.in_all), aria_label=f"Progress of {one.title}")
    if one.problem:
        yield element("p", one.problem, class_="failure", role="alert")


def _drawn(one: Measurement, figure: str) -> Iterator[Markup]:
    """Radar and bars of what is a share; a table of what is not."""
    dimensions, summaries = (_series(one, kind) for kind in ("dimension", "summary"))
    if dimensions:
        drawn = chart.radar(dimensions)
        named = chart.legend([system(name) for name, _ in dimensions])
        bars = join(chart.rows(each, figure, measurement=one.name) for each in (dimensions, summaries) if each)
        sides = [element("div", drawn, named)] if drawn else []
        yield element("div", *sides, element("div", "" if drawn else named, bars), class_="drawn")
        if one.facts:
            yield element("p", "; ".join(one.facts), class_="hint")
    numbers = [row for row in one.figures if row.kind == "number"]
    if figure == NUMBERS or (numbers and not dimensions):
        yield table(("of", "figure", "n", "mean", "95 % interval"), [_numbered(row) for row in one.figures])
    elif one.figures:
        every = doer("All figures as numbers", "measure-look", measurement=one.name, system="", figure=NUMBERS)
        yield element("p", every)


def _series(one: Measurement, kind: str) -> list[tuple[str, chart.Series]]:
    """System -> its figures of one kind."""
    found: dict[str, dict[str, Measured]] = {}
    for row in one.figures:
        if row.kind == kind:
            found.setdefault(row.system, {})[row.figure] = row
    return [*found.items()]


def _told(one: Measurement) -> Iterator[Markup]:
    if one.differences:
        compared = [(row.figure, *_numbers(row.mean, row.low, row.high), row.says) for row in one.differences]
        yield table(("difference in", "mean", "95 % interval", "which says"), compared)
    if one.unread:
        yield element("ul", *(element("li", why) for why in one.unread), class_="hint")


def _mark(one: Measurement) -> Markup:
    mark = MARKS[one.status]
    return element("span", icon(mark.icon), mark.word, class_=f"mark tone-{mark.tone}")


def _numbered(row: Measured) -> tuple[str, ...]:
    return system(row.system), row.figure, str(row.cases), *_numbers(row.mean, row.low, row.high)


def _numbers(mean: float, low: float, high: float) -> tuple[str, str]:
    return f"{mean:.4g}", f"{low:.4g} to {high:.4g}"


def _buttons(one: Measurement) -> Iterator[Markup]:
    if one.status == "running":
        yield doer(join((icon("stop"), "Pause")), "measure-stop", measurement=one.name, class_="link")
    elif one.status != "done":
        yield doer("Go on", "measure-go-on", measurement=one.name, class_="link")
    if one.figures:
        for label, file in REPORTS:
            yield element("a", icon("download"), label, href=f"report/{one.name}/{file}", download=True, class_="link")
    if one.status != "running":
        yield doer("Remove", "measure-remove", measurement=one.name, class_="link", hint=f"Remove {one.title}")


def table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> Markup:
    """Words and numbers in rows."""
    head = element("tr", *(element("th", each, scope="col") for each in heads))
    body = (element("tr", *(element("td", each) for each in row)) for row in rows)
    return element("table", element("thead", head), element("tbody", *body), class_="figures")
