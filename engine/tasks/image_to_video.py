"""Image to video: the same road as text to video, with an uploaded picture as its first frame, and one as its last."""

from __future__ import annotations

from dataclasses import replace

from engine.tasks import parts
from engine.types import Need, Recipe, Request, Stage

KEY_FRAME = parts.fitted_picture("key_frame", "Key frame", "image")
LAST_FRAME = parts.fitted_picture("last_frame", "Last frame", "last_image")
VIDEO = parts.moving("key_frame", scene="state")


def _stages(request: Request) -> tuple[Stage, ...]:
    if "last_image" not in request.uploads:
        return (parts.moved(), KEY_FRAME, VIDEO)
    between = replace(VIDEO, needs=(*VIDEO.needs, Need("last_image", "last_frame")))
    return (parts.moved(), KEY_FRAME, LAST_FRAME, between)


IMAGE_TO_VIDEO = Recipe(
    name="image-to-video",
    title="Image to video",
    purpose="Upload a picture, say what should move, and see it move; with a second one, it ends there.",
    asks=("prompt", "image"),
    takes=("last_image",),
    options={},
    stages=_stages,
    jobs=("image_to_video",),
)
