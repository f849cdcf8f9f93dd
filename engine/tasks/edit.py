"""Edit: an instruction changes what it names in a video, and nothing else; the source's motion stays."""

from __future__ import annotations

from engine.tasks import parts
from engine.types import Need, Recipe, Request, Stage

BOXES = Stage(
    "boxes",
    "Things",
    "detector",
    "boxes",
    (Need("image", "source", "first_frame"), parts.said("words", "instruction")),
    parts.PROFILE,
    tries=1,
)
MASK = Stage("mask", "Mask", "mask_maker", "mask", (Need("boxes", "boxes"),), parts.PROFILE, tries=1)
TRACK = Stage(
    "track",
    "Mask over time",
    "mask_tracker",
    "mask",
    (Need("video", "source"), Need("mask", "mask")),
    parts.PROFILE,
    tries=1,
)


def _stages(request: Request) -> tuple[Stage, ...]:
    settings = {**parts.PROFILE, "strength": request.options["strength"]}
    words = (parts.said("instruction"), parts.said("avoid"))
    frame = (Need("image", "source", "first_frame"), *words, Need("mask", "mask"))
    video = (Need("video", "source"), Need("image", "first_frame"), *words, Need("mask", "track"))
    return (
        parts.fitted_video("source", "Source", "video", **parts.trim(request)),
        parts.prompt(("instruction", "avoid"), form="instruction"),
        BOXES,
        MASK,
        TRACK,
        Stage("first_frame", "First frame", "image_editor", "image", frame, settings),
        Stage("video", "Video", "video_editor", "video", video, settings),
        parts.returned(request, "track"),
    )


EDIT = Recipe(
    name="edit",
    title="Edit",
    purpose="Upload a video, say what should be different, and see only that change.",
    asks=("prompt", "video"),
    takes=(),
    options={"strength": 1.0, "start_seconds": None, "end_seconds": None},
    stages=_stages,
    jobs=("detector", "image_editor", "video_editor"),
)
