"""What was measured: how far each measurement is, its figures with their intervals, what is shown by a difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.seen import Measurement
from ui import present
from ui.markup import Markup, doer, element, icon, join
from ui.present import Mark

MARKS: Mapping[str, Mark] = {
    "running": Mark("being measured", "running", "busy"),
    "stopped": Mark("paused", "cancelled", "quiet"),
    "failed": Mark("did not work", "failed", "bad"),
    "done": Mark("measured", "approved", "good"),
}
SYSTEMS = {"first": "the videos", "second": "those held against them"}
REPORTS = (("JSON", "report.json"), ("CSV", "report.csv"), ("Report (HTML)", "report.html"))


def measurements(shown: Sequence[Measurement]) -> Markup:
    """All of them, the newest first."""
    if not shown:
        return element("p", "Nothing was measured yet.", class_="hint")
    return element("ul", *(element("li", *_one(one)) for one in shown), class_="measurements")


def _one(one: Measurement) -> Iterator[Markup]:
    mark = MARKS[one.status]
    told = f"{one.done} of {present.count(one.in_all, 'video')}"
    if one.seconds_left is not None:
        told += f", {present.duration(max(1, one.seconds_left))} left"
    title = element("b", one.title)
    yield element("p", title, element("span", icon(mark.icon), mark.word, class_=f"mark tone-{mark.tone}"))
    yield element("p", f"{told}. ", *_buttons(one), class_="hint")
    if one.status == "running":
        yield element("progress", value=one.done, max=max(1, one.in_all), aria_label=f"Progress of {one.title}")
    if one.problem:
        yield element("p", one.problem, class_="failure", role="alert")
    if one.figures:
        rows = [
            (SYSTEMS[row.system], row.figure, str(row.cases), *_numbers(row.mean, row.low, row.high))
            for row in one.figures
        ]
        yield table(("of", "figure", "n", "mean", "95 % interval"), rows)
    if one.differences:
        compared = [(row.figure, *_numbers(row.mean, row.low, row.high), row.says) for row in one.differences]
        yield table(("difference in", "mean", "95 % interval", "which says"), compared)
    if one.unread:
        yield element("ul", *(element("li", why) for why in one.unread), class_="hint")


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
