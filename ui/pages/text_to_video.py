"""Text to video: one sentence becomes a video."""

from __future__ import annotations

import gradio as gr

from engine.types import Request
from ui.desk import Desk
from ui.markup import element, join
from ui.parts.samples import chips, read_samples
from ui.parts.start import Asked, build_options, request
from ui.place import Place
from ui.scene import Painting, Scene, Shown, Visit

TASK = "text-to-video"


def build_text_to_video(desk: Desk) -> None:
    """Lay out the start form."""
    task = desk.studio.task(Request(TASK, ""))
    prompt = desk.add(
        "prompt",
        gr.Textbox(
            label="What should happen?",
            placeholder="A red ball bounces across the meadow",
            lines=2,
            max_lines=6,
            elem_id="prompt",
        ),
    )
    start = gr.Button("Write the prompt", variant="primary", elem_id="start-text", elem_classes=["start"])
    samples = desk.html("samples")
    samples.value = join((element("p", "Or begin with one of these:", class_="hint"), chips(read_samples())))
    options = build_options(desk, task)
    desk.paint(paint_text_to_video)
    desk.on(start.click, begin, prompt, *options)


def paint_text_to_video(scene: Scene) -> Painting:
    """The prompt field, filled with the sample that was picked."""
    return {"prompt": Shown({"value": scene.place.sample}, typed=scene.place.sample)}


def begin(visit: Visit, prompt: str, *options: object) -> Place:
    """Create the project and open it."""
    asked = Asked(*options)  # type: ignore[arg-type]
    task = visit.studio.task(Request(TASK, prompt))
    return Place(project=visit.studio.create(request(task, prompt, asked)))
