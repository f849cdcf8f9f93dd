"""What stands behind a figure: its videos, the lowest first, with what was asked of each and what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.measured import Answered, Looked, Measurement
from engine.radar import label
from ui.markup import Markup, doer, element, icon, join
from ui.parts.measurements import system
from ui.present import count

MOST = 60
"""Videos that are listed; the report has them all."""


def behind(one: Measurement, opened: tuple[str, str], found: Sequence[Looked]) -> Markup:
    """The panel of one figure. opened: the system, and the figure."""
    of, figure = opened
    told = f"{label(figure)}, {system(of)}: {count(len(found), 'video')}, the lowest first"
    close = doer(icon("close"), "measure-look", measurement=one.name, system="", figure="", hint="Close this list")
    head = element("p", element("b", told), *_systems(one, of, figure), close)
    if not found:
        return element("section", head, element("p", "Nothing is written down yet.", class_="hint"), class_="behind")
    videos = element("ul", *(element("li", *_video(one.name, each)) for each in found[:MOST]))
    rest = element("p", f"{len(found) - MOST} more are in the report.", class_="hint") if len(found) > MOST else None
    return element("section", head, videos, rest, class_="behind")


def _systems(one: Measurement, of: str, figure: str) -> Iterator[Markup]:
    """The others that have the figure."""
    names = dict.fromkeys(row.system for row in one.figures if row.figure == figure)
    for name in names if len(names) > 1 else ():
        pressed = "true" if name == of else "false"
        label = system(name)
        yield doer(label, "measure-look", measurement=one.name, system=name, figure=figure, pressed=pressed)


def _video(measurement: str, one: Looked) -> Iterator[Markup]:
    if one.file:
        source = f"measured/{measurement}/{one.file}#t=0.01"
        yield element(
            "video", src=source, controls=True, muted=True, loop=True, playsinline=True, preload="metadata",
            aria_label=f"Video {one.name}",
        )  # fmt: skip
    said = (
        element("ul", *(element("li", *_answer(each)) for each in one.answers), class_="answers")
        if one.answers
        else None
    )
    value = f"{one.value:.0%}" if one.answers else f"{one.value:.4g}"
    head = element("p", element("b", one.name), element("span", value, class_="hint"))
    yield element("div", head, element("p", one.prompt, class_="hint") if one.prompt else None, said)


def _answer(one: Answered) -> Iterator[Markup]:
    """A question, what was said, and how sure of it the judge is."""
    yield element("span", one.question)
    tone = {"yes": "good", "no": "bad"}.get(one.said, "quiet")
    sign = {"yes": "approved", "no": "failed"}.get(one.said)
    word = "cannot be read" if one.said == "wrong" else one.said
    sure = None if one.sure is None else element("small", f"probability of yes {one.sure:.0%}")
    yield element("span", join((icon(sign) if sign else None, word)), sure, class_=f"answer tone-{tone}")
