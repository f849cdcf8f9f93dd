"""Image to video: a picture of the person's own becomes the first frame."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from engine.errors import ImageError
from engine.types import Request
from ui.desk import Desk
from ui.parts.start import Asked, build_options, request
from ui.place import Place
from ui.scene import Visit

TASK = "image-to-video"


def build_image_to_video(desk: Desk) -> None:
    """Lay out the start form."""
    task = desk.studio.task(Request(TASK, ""))
    with gr.Row():
        picture = gr.Image(
            label="The first frame (PNG, JPEG or WebP)",
            type="filepath",
            image_mode=None,
            sources=["upload", "clipboard"],
            height=280,
            elem_id="picture-upload",
            buttons=[],
        )
        with gr.Column():
            prompt = gr.Textbox(
                label="What should move?",
                placeholder="The boat rocks and drifts to the right",
                lines=3,
                max_lines=6,
                elem_id="image-prompt",
            )
            fit = gr.Radio(
                [("Crop it", "crop"), ("Letterbox it", "letterbox")],
                value="crop",
                label="When its shape differs",
                elem_id="start-fit",
            )
    start = gr.Button("Start with this picture", variant="primary", elem_id="start-image", elem_classes=["start"])
    options = build_options(desk, task)
    picture.preprocess = as_it_came
    desk.on(start.click, begin, picture, prompt, fit, *options)


def as_it_came(payload: Any) -> str | None:
    """Path of an upload, unopened: the Studio alone judges pictures, and says what is wrong with one."""
    return payload.path if payload else None


def begin(visit: Visit, path: str | None, prompt: str, fit: str, *options: object) -> Place:
    """Create the project and open it. Raises ImageError when there is no picture."""
    if not path:
        raise ImageError("There is no picture yet", "Drop a PNG, JPEG or WebP on the field, or click it.")
    task = visit.studio.task(Request(TASK, prompt))
    asked = request(task, prompt, Asked(*options))  # type: ignore[arg-type]
    fitted = {stage.name: {"fit": fit} for stage in task.stages if stage.agent == "frame_fitter"}
    asked = replace(asked, settings={**asked.settings, **fitted})
    return Place(project=visit.studio.create(asked, {"image": Path(path).read_bytes()}))
