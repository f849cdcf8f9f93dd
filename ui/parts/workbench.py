"""An open project: its name, the road, the card of one stage, and the takes beside it."""

from __future__ import annotations

from collections.abc import Mapping

import gradio as gr

from engine.seen import ProjectView
from ui.desk import Desk
from ui.markup import Markup, doer, element, icon, join
from ui.parts.road import road
from ui.parts.stage_card import build_stage_card
from ui.parts.takes_panel import build_takes_panel
from ui.place import Place
from ui.scene import Painting, Scene, Shown, Visit, html


def build_workbench(desk: Desk) -> None:
    """Lay out the open project; hidden while none is open."""
    with desk.add("workbench", gr.Column(visible=False, elem_id="workbench")):
        with gr.Row(elem_id="project-bar"):
            title = desk.add(
                "title",
                gr.Textbox(
                    label="Name of this video", show_label=False, container=False, elem_id="project-title", max_lines=1
                ),
            )
            desk.html("project-tools")
        desk.html("road")
        with gr.Row(elem_id="card"):
            with gr.Column(elem_id="stage-card", scale=3, min_width=300):
                build_stage_card(desk)
            with gr.Column(elem_id="takes-panel", scale=2, min_width=280):
                build_takes_panel(desk)
    desk.paint(paint_workbench)
    desk.on(title.submit, rename, title)
    desk.on(title.blur, rename, title)
    desk.act("stage", open_stage)
    desk.act("take", open_take)
    desk.act("automatic", approve_automatically)
    desk.act("new", lambda visit, data: Place())


def paint_workbench(scene: Scene) -> Painting:
    """Name, tools and road of the open project."""
    view, stage = scene.view, scene.stage
    if view is None or stage is None:
        return {"workbench": Shown({"visible": False})}
    return {
        "workbench": Shown({"visible": True}),
        "title": Shown({"value": view.title}, typed=view.id),
        "project-tools": html(tools(view)),
        "road": html(road(view, stage.stage.name, scene.queue.jobs)),
    }


def tools(view: ProjectView) -> Markup:
    """When it was saved, and what can be done with the whole project."""
    every = tuple(stage.stage.name for stage in view.stages)
    on = set(every) <= set(view.automatic)
    saved = join(("saved ", element("time", view.saved_at[11:16], datetime=view.saved_at)))
    return element(
        "div",
        *(
            element("small", saved, class_="saved"),
            doer(
                join((icon("approved" if on else "empty"), "Approve all")),
                "automatic",
                project=view.id,
                stages="" if on else " ".join(every),
                pressed="true" if on else "false",
                class_="link toggle",
            ),
            element("a", icon("export"), "Export", href=f"export/{view.id}.zip", download=True, class_="link"),
            doer(join((icon("new"), "New video")), "new", class_="link"),
        ),
        class_="project-tools",
    )


def rename(visit: Visit, name: str = "") -> Place:
    """Give the project the name that was typed."""
    if name.strip() and name.strip() != visit.studio.view(visit.screen.project).title:
        visit.studio.rename(visit.screen.project, name.strip())
    return visit.place


def open_stage(visit: Visit, data: Mapping[str, str]) -> Place:
    """Open the card of a stage."""
    return visit.go(stage=data["stage"], take="", other="", mode="look")


def open_take(visit: Visit, data: Mapping[str, str]) -> Place:
    """Look at a take; while two are compared, it becomes the second."""
    if visit.place.mode == "compare":
        return visit.go(other=data["take"])
    return visit.go(stage=visit.screen.stage, take=data["take"], mode="look")


def approve_automatically(visit: Visit, data: Mapping[str, str]) -> Place:
    """From now on approve these stages of the clicked project without asking; no others.

    Which project is told by the button: a click that came right after may have led elsewhere before this one is read.
    """
    visit.studio.approve_automatically(data["project"], tuple(data["stages"].split()))
    return visit.go(stage="", take="", other="", mode="look")
