"""Beside the card: every take of the stage, its name, its files, the comparison, and what made it."""

from __future__ import annotations

from collections.abc import Mapping

import gradio as gr

from engine import worlds
from engine.seen import ProjectView, StageView
from engine.types import Take
from ui import present
from ui.desk import Desk, fixed
from ui.markup import Markup, element
from ui.parts import takes, world_tree
from ui.place import Place
from ui.scene import Painting, Scene, Shown, Visit, html
from ui.upstream import beside, prompts_behind


def build_takes_panel(desk: Desk) -> None:
    """Lay out the panel."""
    fixed(element("h3", "Takes"))
    desk.html("takes")
    with gr.Row(elem_id="take-tools"):
        name = desk.add(
            "take-name",
            gr.Textbox(
                label="Name of this take",
                show_label=False,
                placeholder="Name this take",
                container=False,
                max_lines=1,
                elem_id="take-name",
                min_width=120,
            ),
        )
        source = desk.add("beside", gr.Button("Beside the source", elem_id="beside", size="sm", min_width=152, scale=0))
        compare = desk.add("compare", gr.Button("Compare", elem_id="compare", size="sm", min_width=112, scale=0))
    desk.html("files")
    desk.html("made")
    desk.paint(paint_takes_panel)
    desk.on(name.submit, rename_take, name)
    desk.on(name.blur, rename_take, name)
    desk.on(compare.click, compare_takes)
    desk.on(source.click, hold_beside)


def paint_takes_panel(scene: Scene) -> Painting:
    """What the panel shows for the take on screen."""
    view, stage, take, place = scene.view, scene.stage, scene.take, scene.place
    if view is None or stage is None:
        return {}
    own = place.mode == "compare" and any(one.id == place.other for one in stage.takes)
    other = place.other if own else ""
    comparing = place.mode == "compare"
    return {
        "takes": html(_takes(scene, view, stage, other)),
        "take-name": Shown(
            {"value": (take.name if take else "") or "", "interactive": take is not None},
            typed=take.id if take else "",
        ),
        "compare": Shown(
            {"value": "End compare" if comparing else "Compare", "interactive": comparing or len(stage.takes) > 1}
        ),
        "beside": Shown({"visible": not comparing and take is not None and beside(view, stage, take) is not None}),
        "files": html(takes.files(view, take, scene.studio.recipes)),
        "made": html(made(scene, view, stage, take)),
    }


def _takes(scene: Scene, view: ProjectView, stage: StageView, other: str) -> Markup:
    """All takes of the stage: of a world as a tree, else in a strip."""
    if stage.stage.agent == worlds.STEPPER:
        return world_tree.drawn(view, stage, scene.take, takes.coming(stage, scene.queue.jobs))
    return takes.strip(view.id, stage, scene.take, other, scene.queue.jobs)


def made(scene: Scene, view: ProjectView, stage: StageView, take: Take | None) -> Markup:
    """The panel 'what made it', folded."""
    rows = takes.made_from(view, stage, take, texts_behind(scene, view, stage, take))
    return element("details", element("summary", "What made it"), rows, class_="made", open=True) if rows else rows


def texts_behind(scene: Scene, view: ProjectView, stage: StageView, take: Take | None) -> Mapping[str, str]:
    """Need name -> the words that the take was made from: of the request, or of the prompt among its parents."""
    if take is None:
        return {}
    typed = [need.name for need in stage.stage.needs if need.source == "request" and need.field == "prompt"]
    said = {
        name: scene.studio.prompt(view.id, prompt.id).fields.get(field, "")
        for name, (prompt, field) in prompts_behind(view, stage, take).items()
    }
    return {**dict.fromkeys(typed, view.request.prompt), **said}


def rename_take(visit: Visit, name: str) -> Place:
    """Give the take on screen the name that was typed."""
    view = visit.studio.view(visit.screen.project)
    take = next((t for stage in view.stages for t in stage.takes if t.id == visit.screen.take), None)
    if take and (name.strip() or None) != take.name:
        visit.studio.rename(view.id, name.strip(), take=take.id)
    return visit.place


def compare_takes(visit: Visit) -> Place:
    """Put the take on screen beside the one before it (or after the first); once more ends it."""
    if visit.place.mode == "compare":
        return visit.go(mode="look", other="")
    view = visit.studio.view(visit.screen.project)
    stage = next(each for each in view.stages if each.stage.name == visit.screen.stage)
    ids = [take.id for take in stage.takes]
    here = ids.index(visit.screen.take) if visit.screen.take in ids else len(ids) - 1
    other = ids[here - 1] if here else ids[1]
    return visit.go(mode="compare", stage=visit.screen.stage, take=ids[here], other=other)


def hold_beside(visit: Visit) -> Place:
    """Put the take on screen beside what it was made from."""
    view = visit.studio.view(visit.screen.project)
    stage = present.stage_named(view, visit.screen.stage)
    take = present.take_shown(stage, visit.screen.take)
    source = beside(view, stage, take) if take else None
    if take is None or source is None:
        return visit.place
    return visit.go(mode="compare", stage=stage.stage.name, take=take.id, other=source.id)
