"""Evaluate: any videos or a project's, by any metric, held against others; a measurement goes on without the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import gradio as gr

from ui.desk import Desk, fixed
from ui.markup import element, join
from ui.parts.measurements import measurements
from ui.place import Notice, Place
from ui.scene import Painting, Scene, Shown, Visit, html

HINT = (
    "Measures videos by the definitions of VBench, Mora and AIGCBench. A figure that is taken with other features than "
    "the published ones says so. What needs a prompt or a picture is taken where a project has one."
)


def build_evaluate(desk: Desk) -> None:
    """Lay out the page."""
    fixed(join((element("h2", "Evaluate"), element("p", HINT, class_="hint"))))
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
    desk.html("measurements")
    desk.paint(paint_evaluate)
    desk.on(button.click, measure, project, videos, against, metrics)
    desk.act("measure-stop", stop)
    desk.act("measure-go-on", go_on)
    desk.act("measure-remove", remove)


def paint_evaluate(scene: Scene) -> Painting:
    """The projects to choose from, and what was measured, while they are on screen."""
    if scene.place.tab != "evaluate":
        return {}
    choices = [("None", ""), *((one.title, one.id) for one in scene.projects)]
    owner = " ".join(one.id for one in scene.projects)
    return {
        "measure-project": Shown({"choices": choices, "value": ""}, typed=owner),
        "measurements": html(measurements(scene.measurements)),
    }


def measure(
    visit: Visit, project: str, videos: Sequence[str] | None, against: Sequence[str] | None, metrics: Sequence[str]
) -> Place:
    """Begin to measure what was chosen; videos that were brought come before a project."""
    measuring = visit.studio.measuring
    if videos or not project:
        measuring.of_files([Path(one) for one in videos or ()], [Path(one) for one in against or ()], metrics or ())
    else:
        view = visit.studio.view(project)
        count = sum(take.artifact.kind == "video" for stage in view.stages for take in stage.takes)
        measuring.of_project(view.id, view.title, count, metrics or ())
    return visit.go(notice=Notice("It is being measured. You may leave this page meanwhile."))


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
    return visit.go()
