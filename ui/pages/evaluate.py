"""Evaluate: videos by any metric, or a benchmark from its prompts on; what is measured goes on without the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import gradio as gr

from ui.desk import Desk, fixed
from ui.markup import Markup, element
from ui.parts.course import build_course
from ui.parts.interviews import behind
from ui.parts.measurements import measurement, open_one, others
from ui.place import Notice, Place
from ui.scene import Painting, Scene, Shown, Visit, html

HINT = (
    "Measures videos by the definitions of VBench, Mora and AIGCBench. A figure that is taken with other features than "
    "the published ones says so. What needs a prompt or a picture is taken where a project has one."
)


def build_evaluate(desk: Desk) -> None:
    """Lay out the page."""
    fixed(element("h2", "Evaluate"))
    with gr.Tabs(elem_id="evaluating"):
        with gr.Tab("Videos"):
            _build_videos(desk)
        with gr.Tab("VideoVerse"):
            build_course(desk)
    for name in ("measurement", "looked", "measurements"):
        desk.html(name)
    desk.paint(paint_evaluate)
    desk.act("measure-open", open_measurement)
    desk.act("measure-look", look)
    desk.act("measure-stop", stop)
    desk.act("measure-go-on", go_on)
    desk.act("measure-remove", remove)


def _build_videos(desk: Desk) -> None:
    fixed(element("p", HINT, class_="hint"))
    project = desk.add("measure-project", gr.Dropdown([], label="A project", elem_id="measure-project"))
    with gr.Row():
        videos, against = (
            gr.File(label=label, file_count="multiple", type="filepath", elem_id=name, height=140)
            for name, label in (
                ("measure-videos", "Or videos of yours"),
                ("measure-against", "Held against others of the same names (or leave it empty)"),
            )
        )
    names = list(desk.studio.measuring.metrics)
    metrics = gr.Dropdown(
        names, label="Figures (none: all that can be taken)", multiselect=True, elem_id="measure-metrics"
    )
    button = gr.Button("Measure", variant="primary", elem_id="measure", scale=0, min_width=140)
    desk.on(button.click, measure, project, videos, against, metrics)


def paint_evaluate(scene: Scene) -> Painting:
    """The projects to choose from, and what was measured, while they are on screen."""
    if scene.place.tab != "evaluate":
        return {}
    choices = [("None", ""), *((one.title, one.id) for one in scene.projects)]
    owner = " ".join(one.id for one in scene.projects)
    here = open_one(scene.measurements, scene.place.measurement)
    opened = scene.place.opened if here and here.name == scene.place.measurement else ("", "")
    return {
        "measure-project": Shown({"choices": choices, "value": ""}, typed=owner),
        "measurement": html(measurement(here, opened[1])),
        "looked": html(behind(here, opened, scene.looked) if here and opened[0] else Markup("")),
        "measurements": html(others(scene.measurements, here)),
    }


def measure(
    visit: Visit, project: str, videos: Sequence[str] | None, against: Sequence[str] | None, metrics: Sequence[str]
) -> Place:
    """Begin to measure what was chosen; videos that were brought come before a project."""
    measuring = visit.studio.measuring
    if videos or not project:
        brought, others = ([Path(one) for one in each or ()] for each in (videos, against))
        name = measuring.of_files(brought, others, metrics or ())
    else:
        view = visit.studio.view(project)
        count = sum(take.artifact.kind == "video" for stage in view.stages for take in stage.takes)
        name = measuring.of_project(view.id, view.title, count, metrics or ())
    told = Notice("It is being measured. You may leave this page meanwhile.")
    return visit.go(notice=told, measurement=name, figure="")


def open_measurement(visit: Visit, data: Mapping[str, str]) -> Place:
    """Show another one large."""
    return visit.go(measurement=data["measurement"], figure="")


def look(visit: Visit, data: Mapping[str, str]) -> Place:
    """Open what stands behind a figure; close it where it is open."""
    asked = f"{data['system']}/{data['figure']}" if data["figure"] else ""
    return visit.go(measurement=data["measurement"], figure="" if asked == visit.place.figure else asked)


def stop(visit: Visit, data: Mapping[str, str]) -> Place:
    """Pause it: what was measured stays."""
    visit.studio.measuring.stop(data["measurement"])
    return visit.go()


def go_on(visit: Visit, data: Mapping[str, str]) -> Place:
    """Take it up where it stopped."""
    visit.studio.measuring.go_on(data["measurement"])
    return visit.go()


def remove(visit: Visit, data: Mapping[str, str]) -> Place:
    """Remove it, and its report."""
    visit.studio.measuring.remove(data["measurement"])
    return visit.go(measurement="", figure="")
