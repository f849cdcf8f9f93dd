"""What a new take may be told: the motion in words and by hand, and the numbers behind 'More'.

Each stage shows only what its agent understands.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from engine.seen import ProjectView, StageView
from engine.types import ModelProfile, Settings, Stage
from ui import offered
from ui.desk import Desk
from ui.markup import Markup
from ui.parts.plan import build_plan, paint_plan
from ui.parts.setting_fields import HIDDEN, NAMES, OPEN
from ui.parts.words import draft
from ui.place import Place
from ui.scene import Painting, Scene, Shown, Visit, html
from ui.upstream import motion_said


def build_stage_settings(desk: Desk) -> dict[str, Any]:
    """Lay the fields out; returns them by name."""
    desk.html("moves-draft")
    fields = {"moves": desk.add("moves", gr.Textbox(label="What should move?", elem_id="moves", lines=2, max_lines=4))}
    with desk.add("steering", gr.Row(elem_id="steering")):
        fields |= {name: desk.add(name, build(name)) for name, build in OPEN.items()}
    build_plan(desk, fields["plan"])
    with desk.add("more", gr.Accordion("More", open=False, elem_id="more")):
        with gr.Row():
            seed = gr.Number(label="Seed (empty: a new one)", precision=0, elem_id="seed")
            fields["seed"] = desk.add("seed", seed)
            same = desk.add("same-seed", gr.Button("Same seed", elem_id="same-seed", size="sm", scale=0))
            fields["count"] = desk.add("count", gr.Slider(1, 4, 1, step=1, label="How many at once", elem_id="count"))
        with gr.Row():
            fields |= {name: desk.add(name, HIDDEN[name](name)) for name in ("steps", "guidance_scale")}
        rest = [name for name in HIDDEN if name not in fields]
        fields |= {name: desk.add(name, HIDDEN[name](name)) for name in rest}
        write = desk.add("write-questions", gr.Button("Write the questions", elem_id="write-questions", size="sm"))
    desk.paint(paint_stage_settings)
    desk.on(write.click, write_questions)
    desk.on(same.click, lambda visit: visit.go(seed_of=visit.screen.take))
    return fields


def paint_stage_settings(scene: Scene) -> Painting:
    """The fields that the stage on screen understands, filled with what is in force."""
    view, stage, take = scene.view, scene.stage, scene.take
    if view is None or stage is None:
        return {}
    names = offered.settings_of(stage.stage)
    calm = scene.place.mode != "edit" and stage.inputs is not None
    asked = view.request.settings.get(stage.stage.name, {})
    profile = offered.profile_of(scene.studio.profiles(), stage.stage, asked)
    force = {
        "writer": "language model" if scene.studio.language_model() else "offline",
        **offered.in_force(view, stage.stage, profile),
    }
    owner = f"{view.id} {stage.stage.name}"
    seeded = take is not None and take.id == scene.place.seed_of
    return {
        **_moves(scene, view, stage, owner, calm),
        "steering": Shown({"visible": calm and any(name in names for name in OPEN)}),
        "more": Shown({"visible": calm and any(name in names for name in ("seed", *HIDDEN))}),
        "seed": Shown(
            {"value": take.artifact.seed if seeded and take else None, "visible": "seed" in names},
            typed=f"{owner} {scene.place.seed_of if seeded else ''}",
        ),
        "same-seed": Shown({"visible": "seed" in names and take is not None and take.artifact.seed is not None}),
        "count": Shown({"value": 4 if "action" in names else 1, "visible": "seed" in names}, typed=owner),
        **{name: Shown({"value": force.get(name), "visible": name in names}, typed=owner) for name in NAMES},
        "guidance_scale": Shown(_guidance(names, force, profile), typed=owner),
        **{name: Shown(_own(name, names, force, profile), typed=owner) for name in offered.OWN},
        "frames": Shown(_lengths(names, force, profile), typed=owner),
        "writer": Shown(_writers(scene, names, force), typed=owner),
        "profile": Shown(_models(scene, stage.stage, force), typed=owner),
        "loras": Shown(_loras(scene, stage.stage, force), typed=owner),
        "sooner": Shown(_sooner(scene, stage.stage, force), typed=owner),
        "critic": Shown(_critic(scene, names, force), typed=owner),
        **paint_plan(scene, owner, calm and "plan" in names),
        **_questions(scene, stage, owner, "questions" in names and _looks(scene, force)),
    }


def write_questions(visit: Visit) -> Place:
    """Let the questions be written that the critic would ask, to be edited before the next take."""
    project, stage = visit.screen.project, visit.screen.stage
    written = visit.studio.write_questions(visit.studio.words(project, stage))
    return visit.go(questions=(f"{project} {stage}", written))


def _moves(scene: Scene, view: ProjectView, stage: StageView, owner: str, calm: bool) -> Painting:
    """What moves in a clip, where the prompt says it, to be said otherwise without leaving the clip."""
    source = motion_said(view, stage)
    chosen = source.stage.chosen if source else None
    if source is None or chosen is None:
        return {
            "moves": Shown({"value": "", "visible": False}, typed=owner),
            "moves-draft": html(Markup(""), visible=False),
        }
    text = scene.studio.prompt(view.id, chosen.id).fields.get(source.field, "")
    return {
        "moves": Shown({"value": text, "visible": calm}, typed=owner),
        "moves-draft": html(draft(view, stage, {"moves": text}), visible=calm),
    }


def _models(scene: Scene, stage: Stage, force: Settings) -> dict[str, object]:
    """The models to choose from, where there is more than one."""
    choices = [(row.title, row.name) for row in offered.models(scene.studio.profiles(), stage)]
    if "profile" not in offered.settings_of(stage) or len(choices) < 2:
        return {"choices": [], "value": None, "visible": False}
    return {"choices": choices, "value": force.get("profile"), "visible": True}


def _loras(scene: Scene, stage: Stage, force: Settings) -> dict[str, object]:
    """What the model wears, where there are files for it and a model that is not the pocket world."""
    able = any(row.driver != "pocket" for row in offered.models(scene.studio.profiles(), stage))
    here = scene.studio.loras() if able and "loras" in offered.settings_of(stage) else ()
    info = f"With their weights, as {here[0]}@0.8. Here: {', '.join(here)}." if here else ""
    return {"value": force.get("loras"), "info": info, "visible": bool(here)}


def _sooner(scene: Scene, stage: Stage, force: Settings) -> dict[str, object]:
    """What makes it quicker, where a model of a GPU's may be chosen."""
    able = any(row.gpu for row in offered.models(scene.studio.profiles(), stage))
    if not able or "sooner" not in offered.settings_of(stage):
        return {"value": None, "visible": False}
    return {"value": force.get("sooner"), "visible": True}


def _critic(scene: Scene, names: tuple[str, ...], force: Settings) -> dict[str, object]:
    """Whether somebody looks at the videos."""
    return {"value": bool(force.get("critic")), "visible": "critic" in names and _looks(scene, force)}


def _looks(scene: Scene, force: Settings) -> bool:
    """Whether somebody could: at the pocket world its critic, which knows no other; at any other a language model."""
    pocket = force.get("profile", "pocket") == "pocket"
    return scene.studio.shelf.critic if pocket else scene.studio.language_model() is not None


def _questions(scene: Scene, stage: StageView, owner: str, able: bool) -> Painting:
    """What is asked: what was just written, else what the newest take was asked."""
    newest = next(reversed(stage.takes), None)
    told = str(newest.artifact.settings.get("questions") or "") if newest else ""
    mine = scene.place.questions[1] if scene.place.questions[0] == owner else ""
    return {
        "questions": Shown({"value": mine or told, "visible": able}, typed=f"{owner} {mine or told}"),
        "write-questions": Shown({"visible": able}),
    }


def _guidance(names: tuple[str, ...], force: Settings, profile: ModelProfile | None) -> dict[str, object]:
    """How closely the words are followed, where the model can be told: distilled ones can not."""
    told = profile is None or "guidance" in profile.honours
    return {"value": force.get("guidance_scale"), "visible": told and "guidance_scale" in names}


def _own(name: str, names: tuple[str, ...], force: Settings, profile: ModelProfile | None) -> dict[str, object]:
    """What only some families can be told, where the model is of one."""
    able = profile is not None and name in profile.defaults and name in names
    return {"value": force.get(name) if able else None, "visible": able}


def _writers(scene: Scene, names: tuple[str, ...], force: Settings) -> dict[str, object]:
    """Who may write a prompt; where there are models of the whole world, the person's own words will do, too."""
    writers = ["offline", "language model", *(["as typed"] if len(scene.studio.profiles()) > 1 else [])]
    return {"choices": writers, "value": force.get("writer"), "visible": "writer" in names}


def _lengths(names: tuple[str, ...], force: Settings, profile: ModelProfile | None) -> dict[str, object]:
    """Clip lengths as seconds, with their frames behind."""
    if profile is None or "frames" not in names:
        return {"visible": False}
    choices = offered.lengths(profile)
    return {"choices": choices, "value": force.get("frames"), "visible": bool(choices)}
