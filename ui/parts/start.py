"""The start of a video: the first page that a person sees, and what all tasks' start forms share."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from engine.types import Request, Settings, Task
from ui import present
from ui.desk import Desk
from ui.place import Place
from ui.scene import Painting, Scene, Shown, Visit

SEEDS = 100_000
"""Seeds that the page rolls are short enough to be read aloud."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in a start form's options, in the order in which the form hands them over."""

    automatic: bool
    count: float
    frames: int | None
    seed: float | None


def build_options(desk: Desk, task: Task) -> tuple[Any, ...]:
    """The options behind 'More' of a start form, in the order of `Asked`."""
    video = next((stage for stage in task.stages if stage.yields == "video"), None)
    profile = present.profile_of(desk.studio.profiles(), video) if video else None
    lengths = present.lengths(profile)
    first = profile.frame_counts[0] if profile and profile.frame_counts else None
    candidates = any(stage.agent == "text_to_image" for stage in task.stages)
    with gr.Accordion("More", open=False, elem_classes=["more"]):
        automatic = gr.Checkbox(label="Approve every stage without asking me")
        frames = gr.Radio(lengths, value=first, label="Length", visible=bool(lengths))
        with gr.Row():
            count = gr.Slider(1, 4, 2, step=1, label="Key frames to choose from", visible=candidates)
            seed = gr.Number(label="Seed (empty: a new one)", precision=0, minimum=0)
    return automatic, count, frames, seed


def request(task: Task, prompt: str, asked: Asked) -> Request:
    """The typed request that a start form stands for."""
    settings: dict[str, Settings] = {}
    for stage in task.stages:
        if stage.agent == "text_to_image":
            settings[stage.name] = {"takes": int(asked.count)}
        if stage.yields == "video" and asked.frames is not None:
            settings[stage.name] = {"frames": int(asked.frames)}
    return Request(
        task=task.name,
        prompt=prompt,
        seed=secrets.randbelow(SEEDS) if asked.seed is None else int(asked.seed),
        settings=settings,
        automatic=tuple(stage.name for stage in task.stages) if asked.automatic else (),
    )


def build_opener(desk: Desk) -> None:
    """The button (and, through look/studio.js, the whole page as a place to drop on) that opens a file made here."""
    opener = gr.UploadButton(
        "Open a video, recipe or project", elem_id="opener", type="filepath", size="sm", scale=0, min_width=240
    )
    desk.on(opener.upload, open_file, opener)
    desk.act("sample", fill)
    desk.paint(paint_start)


def open_file(visit: Visit, path: str) -> Place:
    """Begin a project from a downloaded video or recipe; take in a project from its archive."""
    if path.lower().endswith(".zip"):
        return Place(project=visit.studio.import_project(Path(path)))
    recipe = visit.studio.read_recipe(Path(path).read_bytes())
    return Place(project=visit.studio.create_from_recipe(recipe))


def fill(visit: Visit, data: Mapping[str, str]) -> Place:
    """Put a sample prompt into the field."""
    return visit.go(sample=data["prompt"])


def paint_start(scene: Scene) -> Painting:
    """The start page, while no project is open."""
    return {"start": Shown({"visible": scene.view is None})}
