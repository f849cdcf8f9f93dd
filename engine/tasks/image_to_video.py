"""Image to video: the same road as text to video, with an uploaded picture as its first frame."""

from __future__ import annotations

from engine.tasks.text_to_video import PROMPT, VIDEO
from engine.types import Need, Recipe, Request, Stage

KEY_FRAME = Stage(
    name="key_frame",
    title="Key frame",
    agent="frame_fitter",
    yields="image",
    needs=(Need("image", "request", "image"),),
    settings={"profile": "pocket", "fit": "crop"},
)


def _stages(request: Request) -> tuple[Stage, ...]:
    return (PROMPT, KEY_FRAME, VIDEO)


IMAGE_TO_VIDEO = Recipe(
    name="image-to-video",
    title="Image to video",
    purpose="Upload a picture, say what should move, and see it move.",
    asks=("prompt", "image"),
    takes=(),
    options={},
    stages=_stages,
)
