"""A goal in a world: made a plan of, edited whenever the person likes, and done line by line, each state their choice.

What is left of a plan is a setting of the state that it led to, so it is in the journal, and every branch has its own.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from engine.seen import StageView
from engine.types import Take
from engine.worlds import PLAN, plan_of
from ui import present
from ui.desk import Desk
from ui.parts.world_tree import act
from ui.place import Place
from ui.scene import Painting, Scene, Shown, Visit


def build_plan(desk: Desk, field: Any) -> None:
    """Lay out the buttons below the field that holds the plan."""
    with desk.add("planning", gr.Row(elem_id="planning")):
        make = gr.Button("Make a plan of it", elem_id="plan-make", size="sm", scale=0, min_width=150)
        do = gr.Button("Do the first line", elem_id="plan-do", size="sm", scale=0, min_width=150)
    desk.on(make.click, make_plan, field)
    desk.on(do.click, do_first, field)


def paint_plan(scene: Scene, owner: str, able: bool) -> Painting:
    """What was just planned for the state on screen, else what is left to be done after it."""
    take = scene.take
    key = _key(scene.place.project, take)
    mine = scene.place.plan[1] if scene.place.plan[0] == key else ""
    left = str(take.artifact.settings.get(PLAN) or "") if take else ""
    return {
        "planning": Shown({"visible": able}),
        "plan": Shown({"value": mine or left, "visible": able}, typed=f"{owner} {key} {mine}"),
    }


def make_plan(visit: Visit, text: str) -> Place:
    """Part the goal into actions, to be edited before any of them is done."""
    _, take = _on_screen(visit)
    seen = str(take.artifact.facts.get("words") or "") if take else ""
    return visit.go(plan=(_key(visit.screen.project, take), visit.studio.plan(text, seen)))


def do_first(visit: Visit, text: str) -> Place:
    """Do the first line in the state on screen; the others stay with what follows."""
    stage, take = _on_screen(visit)
    return act(visit, stage, take, plan_of(text))


def _on_screen(visit: Visit) -> tuple[StageView, Take | None]:
    stage = present.stage_named(visit.studio.view(visit.screen.project), visit.screen.stage)
    return stage, next((take for take in stage.takes if take.id == visit.screen.take), None)


def _key(project: str, take: Take | None) -> str:
    return f"{project} {take.id if take else ''}"
