"""The numbers behind 'More': seed, how many, length, steps. Each stage shows only those that it understands."""

from __future__ import annotations

from typing import Any

import gradio as gr

from engine.types import ModelProfile, Settings
from ui import present
from ui.desk import Desk
from ui.scene import Painting, Scene, Shown


def build_stage_settings(desk: Desk) -> tuple[Any, ...]:
    """Lay the fields out; returns them in the order of `decisions.Typed`, after its three words."""
    moves = desk.add("moves", gr.Textbox(label="What should move?", elem_id="moves", lines=2, max_lines=4))
    with desk.add("more", gr.Accordion("More", open=False, elem_id="more")):
        with gr.Row():
            seed = desk.add("seed", gr.Number(label="Seed (empty: a new one)", precision=0, minimum=0, elem_id="seed"))
            same = desk.add("same-seed", gr.Button("Same seed", elem_id="same-seed", size="sm", scale=0))
            count = desk.add("count", gr.Slider(1, 4, 1, step=1, label="How many at once", elem_id="count"))
        with gr.Row():
            steps = desk.add("steps", gr.Number(label="Denoising steps", precision=0, minimum=1, elem_id="steps"))
            guidance = desk.add("guidance", gr.Number(label="How closely to follow the words", elem_id="guidance"))
        frames = desk.add("frames", gr.Radio([], label="Length", elem_id="frames"))
        writer = desk.add("writer", gr.Radio(["offline", "language model"], label="Who writes", elem_id="writer"))
        fit = desk.add(
            "fit",
            gr.Radio([("Crop", "crop"), ("Letterbox", "letterbox")], label="Fit the picture by", elem_id="fit"),
        )
    desk.paint(paint_stage_settings)
    desk.on(same.click, lambda visit: visit.go(seed_of=visit.screen.take))
    return seed, count, steps, guidance, frames, writer, fit, moves


def paint_stage_settings(scene: Scene) -> Painting:
    """The fields that the stage on screen understands, filled with what is in force."""
    view, stage, take = scene.view, scene.stage, scene.take
    if view is None or stage is None:
        return {}
    names = present.settings_of(stage.stage)
    calm = scene.place.mode != "edit"
    profile = present.profile_of(scene.studio.profiles(), stage.stage)
    force = present.in_force(view, stage.stage, profile)
    force = {"writer": "language model" if scene.studio.language_model() else "offline", **force}
    owner = f"{view.id} {stage.stage.name}"
    source = present.motion_source(view, stage)
    said = scene.studio.prompt(view.id, source.chosen.id).fields if source and source.chosen else {}
    seeded = take is not None and take.id == scene.place.seed_of
    return {
        "moves": Shown(
            {"value": said.get("motion", ""), "visible": bool(said) and calm and stage.inputs is not None},
            typed=owner,
        ),
        "more": Shown({"visible": calm and stage.inputs is not None and bool(names)}),
        "seed": Shown(
            {"value": take.artifact.seed if seeded and take else None, "visible": "seed" in names},
            typed=f"{owner} {scene.place.seed_of if seeded else ''}",
        ),
        "same-seed": Shown({"visible": "seed" in names and take is not None and take.artifact.seed is not None}),
        "count": Shown({"value": 1, "visible": "seed" in names}, typed=owner),
        **_values(names, force, owner),
        "frames": Shown(_lengths(names, force, profile), typed=owner),
    }


def _values(names: tuple[str, ...], force: Settings, owner: str) -> Painting:
    keys = {"steps": "steps", "guidance": "guidance_scale", "writer": "writer", "fit": "fit"}
    return {
        field: Shown({"value": force.get(key), "visible": key in names}, typed=owner) for field, key in keys.items()
    }


def _lengths(names: tuple[str, ...], force: Settings, profile: ModelProfile | None) -> dict[str, object]:
    """Clip lengths as seconds, with their frames behind."""
    if profile is None or "frames" not in names:
        return {"visible": False}
    choices = present.lengths(profile)
    return {"choices": choices, "value": force.get("frames"), "visible": bool(choices)}
