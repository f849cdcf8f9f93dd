"""Projects: everything that was made here, with covers; removing can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import gradio as gr

from ui.desk import Desk, fixed
from ui.markup import element
from ui.parts.covers import covers
from ui.place import Notice, Place
from ui.scene import Painting, Scene, Visit, html

YOURS = (
    "These are yours alone: only this browser finds them. The host may lose them when it is started again: download or "
    "export what you would like to keep."
)


def build_projects(desk: Desk) -> None:
    """Lay out the page."""
    with gr.Row(elem_classes=["page-head"]):
        fixed(element("h2", "Projects"))
        taken = gr.UploadButton(
            "Import a project (.zip)", elem_id="import", type="filepath", size="sm", scale=0, min_width=200
        )
    if desk.public:
        fixed(element("p", YOURS, class_="hint"))
    desk.html("covers")
    desk.paint(paint_projects)
    desk.on(taken.upload, take_in, taken)
    desk.act("open", open_project)
    desk.act("rename-project", rename)
    desk.act("remove", remove)
    desk.act("restore", restore)


def paint_projects(scene: Scene) -> Painting:
    """The wall of covers, while it is on screen."""
    if scene.place.tab != "projects":
        return {}
    return {"covers": html(covers(scene.projects, lambda project, digest: scene.studio.path(project, digest).suffix))}


def open_project(visit: Visit, data: Mapping[str, str]) -> Place:
    """Open a project where it stands."""
    return Place(project=visit.studio.view(data["project"]).id)


def rename(visit: Visit, data: Mapping[str, str]) -> Place:
    """Give a project another name."""
    if data.get("value", "").strip():
        visit.studio.rename(data["project"], data["value"].strip())
    return visit.go()


def remove(visit: Visit, data: Mapping[str, str]) -> Place:
    """Put a project into the bin, and offer to take it out again."""
    project = data["project"]
    visit.studio.remove(project)
    notice = Notice(f"Removed “{data.get('title', 'the project')}”.", do="restore", label="Undo", project=project)
    place = replace(visit.place, notice=notice)
    return replace(place, project="", stage="", take="") if place.project == project else place


def restore(visit: Visit, data: Mapping[str, str]) -> Place:
    """Take a project out of the bin."""
    visit.studio.restore(data["project"])
    return visit.go(notice=Notice("It is back."))


def take_in(visit: Visit, path: str) -> Place:
    """Import a project from its archive, and open it."""
    return Place(project=visit.studio.import_project(Path(path)))
