"""What a new take may be told: the motion in words and by hand, and the numbers behind 'More'.

Each stage shows only what its agent understands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from engine.seen import ProjectView, StageView
from engine.types import ModelProfile, Settings, Stage
from ui import offered
from ui.desk import Desk
from ui.markup import Markup
from ui.parts.words import draft
from ui.place import Place
from ui.scene import Painting, Scene, Shown, Visit, html
from ui.upstream import motion_said

Build = Callable[[str], Any]
"""Element id -> the field."""
OPEN: dict[str, Build] = {
    "action": lambda name: gr.Textbox(
        label="What happens next, to the state on screen? (empty: more states that follow as this one did)",
        elem_id=name,
        max_lines=2,
        min_width=420,
    ),
    "heading": lambda name: gr.Radio(
        [("As the words say", "none"), ("Left", "left"), ("Right", "right"), ("Up", "up"), ("Down", "down")],
        label="Which way",
        elem_id=name,
    ),
    "speed": lambda name: gr.Radio(
        [("As the words say", "none"), ("Slow", "slow"), ("Quick", "quick")], label="How fast", elem_id=name
    ),
    "room": lambda name: gr.Radio(
        [
            ("As the words say", "as said"),
            ("None", "none"),
            ("Left", "left"),
            ("Right", "right"),
            ("Up", "up"),
            ("Down", "down"),
        ],
        label="Room to move",
        elem_id=name,
        min_width=420,
    ),
    "method": lambda name: gr.Radio(
        [("Made anew", "generated"), ("A plain cross-fade, to compare", "cross-fade")],
        label="Between the two",
        elem_id=name,
    ),
    "grow": lambda name: gr.Slider(-32, 32, 0, step=1, label="Grow (pixels)", elem_id=name, buttons=[]),
    "feather": lambda name: gr.Slider(0, 32, 0, step=1, label="Feather (pixels)", elem_id=name, buttons=[]),
    "invert": lambda name: gr.Checkbox(label="Everything but this", elem_id=name),
    "strength": lambda name: gr.Slider(0, 1, 1, step=0.05, label="How strongly", elem_id=name, buttons=[]),
}
"""Settings that stand in the open."""
HIDDEN: dict[str, Build] = {
    "profile": lambda name: gr.Dropdown(
        [], label="Model", info="Steps and length that you leave alone become another model's own.", elem_id=name
    ),
    "steps": lambda name: gr.Number(label="Denoising steps", precision=0, minimum=1, elem_id=name),
    "guidance_scale": lambda name: gr.Number(label="How closely to follow the words", elem_id=name),
    "loras": lambda name: gr.Textbox(label="LoRAs", max_lines=1, elem_id=name),
    "sooner": lambda name: gr.Dropdown(SOONER, label="What makes it quicker", elem_id=name),
    "frames": lambda name: gr.Radio([], label="Length", elem_id=name),
    "match_colour": lambda name: gr.Checkbox(label="Keep the colours of what was there", elem_id=name),
    "critic": lambda name: gr.Checkbox(
        label="Let the critic look at each video",
        info="It says how far a video is what was asked for, and proposes the best.",
        elem_id=name,
    ),
    "questions": lambda name: gr.Textbox(
        label="What the critic asks",
        info="A line each: Mechanics: Does the ball bounce? Or 1. The ball lands. Empty: written from the prompt.",
        lines=3,
        max_lines=12,
        elem_id=name,
    ),
    "writer": lambda name: gr.Radio(["offline", "language model"], label="Who writes", elem_id=name),
    "remembers": lambda name: gr.Checkbox(label="Let what happened before come to mind", elem_id=name),
    "fit": lambda name: gr.Radio([("Crop", "crop"), ("Letterbox", "letterbox")], label="Fit it by", elem_id=name),
}
"""Settings behind 'More'."""
SOONER: list[tuple[str, str | int | float]] = [
    ("The same pixels sooner; compiled once that has paid", "automatic"),
    ("Nothing: as the library does it", "stock"),
    ("The same pixels sooner, never compiled", "exact"),
    ("The same pixels sooner, compiled now", "compiled"),
    ("Approximate: skip steps that change little", "first-block cache"),
    ("Approximate: foretell attention between steps", "taylor cache"),
    ("Approximate: attention in eight bits", "eight-bit attention"),
]
"""What a person reads, and the setting."""
NAMES = (*OPEN, *HIDDEN)


def build_stage_settings(desk: Desk) -> dict[str, Any]:
    """Lay the fields out; returns them by name."""
    desk.html("moves-draft")
    fields = {"moves": desk.add("moves", gr.Textbox(label="What should move?", elem_id="moves", lines=2, max_lines=4))}
    with desk.add("steering", gr.Row(elem_id="steering")):
        fields |= {name: desk.add(name, build(name)) for name, build in OPEN.items()}
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
        "frames": Shown(_lengths(names, force, profile), typed=owner),
        "writer": Shown(_writers(scene, names, force), typed=owner),
        "profile": Shown(_models(scene, stage.stage, force), typed=owner),
        "loras": Shown(_loras(scene, stage.stage, force), typed=owner),
        "sooner": Shown(_sooner(scene, stage.stage, force), typed=owner),
        "critic": Shown(_critic(scene, names, force), typed=owner),
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
