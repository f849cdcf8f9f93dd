"""Connect: a transition leads from the end of one video to the beginning of another."""

from __future__ import annotations

from engine.tasks import parts
from engine.types import Need, Recipe, Request, Stage

TRANSITION = Stage(
    "transition",
    "Transition",
    "connector",
    "video",
    (
        Need("clip", "source"),
        Need("second_clip", "second_source"),
        parts.said("transition"),
        parts.said("avoid"),
    ),
    parts.PROFILE,
)


def _stages(request: Request) -> tuple[Stage, ...]:
    first, second = parts.trim(request), parts.trim(request, "second_")
    uploads = (parts.brought("upload", "video"), parts.brought("second_upload", "second_video"))
    own = {name.removeprefix("second_"): value for name, value in second.items()}
    return (
        parts.fitted_video("source", "First video", "video", **{**parts.WHOLE, **first, "keep": "end"}),
        parts.fitted_video("second_source", "Second video", "second_video", **{**parts.WHOLE, **own, "keep": "start"}),
        parts.prompt(("transition", "avoid"), form="join"),
        TRANSITION,
        parts.film(("source", "transition", "second_source"), uploads, {**first, **second}),
    )


CONNECT = Recipe(
    name="connect",
    title="Connect",
    purpose="Upload two videos, say what happens between them, and see one lead to the other.",
    asks=("prompt", "video", "second_video"),
    takes=(),
    options={
        "start_seconds": None,
        "end_seconds": None,
        "second_start_seconds": None,
        "second_end_seconds": None,
    },
    stages=_stages,
    jobs=("connector",),
)
