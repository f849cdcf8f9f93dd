"""The words of a prompt: a field for each, the shots of a long film as a list, and the writer's honest notes.

The list of shots lives in the browser (look/shots.js) and is handed over as JSON in a field that nobody sees.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import gradio as gr

from engine.seen import ProjectView, StageView
from engine.types import Take
from ui import present
from ui.desk import Desk
from ui.markup import Markup, element, join
from ui.place import Place
from ui.scene import Painting, Scene, Shown, Visit, html

SHOT = "shot_"
SHOTS = "shots"
"""Name of the field that carries all shots."""


def build_words(desk: Desk) -> dict[str, Any]:
    """Lay the fields out; returns them by name."""
    with desk.add("prompt-fields", gr.Column(visible=False, elem_id="prompt-fields")):
        desk.html("original")
        desk.html("draft")
        fields = {
            name: desk.add(name, gr.Textbox(label=label, elem_id=name, lines=2, max_lines=6))
            for name, label in present.FIELDS.items()
            if name != "avoid"
        }
        desk.html("shot-list")
        fields[SHOTS] = desk.add(SHOTS, gr.Textbox(label="Shots", elem_id=SHOTS, elem_classes=["hand"]))
        fields["avoid"] = desk.add(
            "avoid", gr.Textbox(label=present.FIELDS["avoid"], elem_id="avoid", lines=2, max_lines=6)
        )
        desk.html("notes")
    desk.paint(paint_words)
    desk.act("film-again", film_again)
    return fields


def said(fields: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields of a prompt: name of the field -> text."""
    shots = json.loads(str(values.get(SHOTS) or "[]"))
    texts = {f"{SHOT}{number}": str(text) for number, text in enumerate(shots, 1)}
    return {name: texts.get(name, "") if name.startswith(SHOT) else str(values.get(name) or "") for name in fields}


def paint_words(scene: Scene) -> Painting:
    """The fields of the prompt on screen, what was typed beside them, and the writer's notes."""
    view, stage, take = scene.view, scene.stage, scene.take
    shown = stage is not None and stage.stage.yields == "prompt" and take is not None and scene.place.mode == "look"
    painting = {"prompt-fields": Shown({"visible": shown})}
    if view is None or stage is None or take is None or not shown:
        return painting
    prompt = scene.studio.prompt(view.id, take.id)
    typed = join((element("b", "You wrote"), element("q", prompt.original)))
    lines = [element("li", note) for note in prompt.notes]
    names = stage.stage.fields
    fields = {
        name: Shown({"value": prompt.fields.get(name, ""), "visible": name in names}, typed=take.id)
        for name in present.FIELDS
    }
    shots = [prompt.fields.get(name, "") for name in names if name.startswith(SHOT)]
    return {
        **painting,
        **fields,
        SHOTS: Shown({"value": json.dumps(shots)}, typed=take.id),
        "shot-list": html(shot_list(view, take, shots), visible=bool(shots)),
        "original": html(element("p", typed, class_="original")),
        "draft": html(draft(view, stage, _told({name: prompt.fields.get(name, "") for name in names}))),
        "notes": html(element("ul", *lines, class_="notes") if lines else Markup("")),
    }


def _told(fields: Mapping[str, str]) -> Mapping[str, str]:
    """What a take says, by the fields of the page: all shots in one."""
    shots = [text for name, text in fields.items() if name.startswith(SHOT)]
    plain = {name: text for name, text in fields.items() if not name.startswith(SHOT)}
    return {**plain, SHOTS: _compact(shots)} if shots else plain


def draft(view: ProjectView, stage: StageView, told: Mapping[str, str]) -> Markup:
    """Where words come back that were typed and not saved: the browser keeps them (look/words.js).

    told: field of the page -> what is saved.
    """
    return element("gl-draft", data_stage=f"{view.id} {stage.stage.name}", said=_compact(told))


def _compact(value: object) -> str:
    """JSON as the browser writes it, so that texts can be compared."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def shot_list(view: ProjectView, take: Take, shots: list[str]) -> Markup:
    """The shots to edit and to move; those that were filmed can be filmed again from there."""
    if not shots:
        return Markup("")
    filmed = [number for number in range(1, len(shots) + 1) if _filmed(view, number)]
    return element(
        "gl-shots",
        data_take=take.id,
        shots=json.dumps(shots, ensure_ascii=False),
        filmed=" ".join(str(number) for number in filmed),
    )


def _filmed(view: ProjectView, number: int) -> bool:
    segment = _segment(view, number)
    return segment is not None and bool(segment.takes) and segment.inputs is not None


def _segment(view: ProjectView, number: int) -> StageView | None:
    return next((stage for stage in view.stages if stage.stage.name == f"segment_{number}"), None)


def film_again(visit: Visit, data: Mapping[str, str]) -> Place:
    """Ask for another take of a shot, and look at it; what follows is made anew once it is approved."""
    view = visit.studio.retry(visit.screen.project, f"segment_{data['shot']}")
    segment = _segment(view, int(data["shot"]))
    coming = segment.pending[-1].take if segment and segment.pending else ""
    return visit.go(stage=f"segment_{data['shot']}", take=coming, other="", mode="look")
