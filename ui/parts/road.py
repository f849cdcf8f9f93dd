"""The road: all stages of a project in order, each with its picture and its status."""

from __future__ import annotations

from collections.abc import Sequence

from engine.seen import Job, ProjectView, StageView
from ui import present
from ui.markup import Markup, element, icon
from ui.parts.pictures import thumbnail

SHORT = 4
"""Stages that have room beside each other with all their words; more are drawn smaller."""


def road(view: ProjectView, shown: str, jobs: Sequence[Job]) -> Markup:
    """The page's spine as a list of buttons; `shown` is the stage whose card is open."""
    stops = [_stop(view, number, stage, shown, jobs) for number, stage in enumerate(view.stages, 1)]
    look = "road long" if len(view.stages) > SHORT else "road"
    return element("nav", element("ol", *stops), class_=look, aria_label="Stages of this video")


def _stop(view: ProjectView, number: int, stage: StageView, shown: str, jobs: Sequence[Job]) -> Markup:
    mark = present.mark(stage, jobs)
    name = stage.stage.name
    here = name == shown
    take = stage.chosen or next(reversed(stage.takes), None)
    words = element(
        "span",
        element("b", f"{number} {stage.stage.title}"),
        element("span", icon(mark.icon), mark.word, class_=f"mark tone-{mark.tone}"),
        class_="stop-words",
    )
    button = element(
        "button",
        thumbnail(view.id, take.artifact if take else None),
        words,
        type="button",
        class_="stop",
        data_do="stage",
        data_stage=name,
        aria_current="step" if here else None,
    )
    return element("li", button, class_="here" if here else None)
