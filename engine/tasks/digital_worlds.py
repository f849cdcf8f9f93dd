"""Digital worlds: a text, a picture or a video in the style of another world."""

from __future__ import annotations

from engine.errors import SettingError
from engine.tasks import parts
from engine.tasks.text_to_video import KEY_FRAME, VIDEO
from engine.types import Need, Recipe, Request, Settings, Stage


def _stages(request: Request) -> tuple[Stage, ...]:
    prompt = parts.prompt(world=request.options["world"])
    moved = parts.moved(world=request.options["world"])
    styled = {**parts.PROFILE, "world": request.options["world"], "strength": request.options["strength"]}
    match sorted(name for name in request.uploads if name in ("image", "video")):
        case []:
            return (prompt, KEY_FRAME, VIDEO)
        case ["image"]:
            return _on_image(moved, styled)
        case ["video"]:
            return _on_video(request, moved, styled)
        case _:
            raise SettingError("A picture and a video cannot both become another world", "Give one of them.")


def _on_image(prompt: Stage, styled: Settings) -> tuple[Stage, ...]:
    needs = (Need("image", "key_frame"), parts.said("scene", "state"), parts.said("avoid"))
    return (
        prompt,
        parts.fitted_picture("key_frame", "Key frame", "image"),
        Stage("styled", "Styled frame", "image_editor", "image", needs, styled),
        parts.moving("styled", scene="state"),
    )


def _on_video(request: Request, prompt: Stage, styled: Settings) -> tuple[Stage, ...]:
    frame = (Need("image", "source", "first_frame"), parts.said("scene", "state"), parts.said("avoid"))
    video = (Need("video", "source"), Need("image", "first_frame"), parts.said("motion"), parts.said("avoid"))
    return (
        parts.fitted_video("source", "Source", "video", **parts.trim(request)),
        prompt,
        Stage("first_frame", "First frame", "image_editor", "image", frame, styled),
        Stage("video", "Video", "video_editor", "video", video, styled),
        parts.returned(request),
    )


DIGITAL_WORLDS = Recipe(
    name="digital-worlds",
    title="Digital worlds",
    purpose="Type a sentence, or upload a picture or a video, and see it in another world.",
    asks=("prompt",),
    takes=("image", "video"),
    options={"world": "voxel", "strength": 1.0, "start_seconds": None, "end_seconds": None},
    stages=_stages,
    jobs=("image_editor", "video_editor"),
)
