"""Text to video: a sentence becomes a prompt, a key frame, and a video that starts with it.

A long one is a film of segments: the prompt has a shot for each, and each begins where the one before ended.
"""

from __future__ import annotations

from engine.tasks import parts
from engine.types import Recipe, Request, Stage

PROMPT = parts.prompt()
KEY_FRAME = Stage(
    name="key_frame",
    title="Key frame",
    agent="text_to_image",
    yields="image",
    needs=(parts.said("scene"), parts.said("avoid")),
    settings={**parts.PROFILE, "takes": 2, "steps": 12},
)
VIDEO = parts.moving("key_frame")


def _stages(request: Request) -> tuple[Stage, ...]:
    segments = request.options["segments"]
    return (PROMPT, KEY_FRAME, VIDEO) if not isinstance(segments, int) or segments == 1 else _long(segments)


def _long(segments: int) -> tuple[Stage, ...]:
    numbers = range(1, segments + 1)
    fields = ("scene", *(f"shot_{number}" for number in numbers), "avoid")
    first = parts.moving("key_frame", motion="shot_1", name="segment_1")
    others = (
        parts.extended(number, f"segment_{number - 1}", ("scene", f"shot_{number}"), "segment_1", "forwards")
        for number in numbers[1:]
    )
    film = parts.film(tuple(f"segment_{number}" for number in numbers))
    return (parts.prompt(fields, form="shots", shots=segments), KEY_FRAME, first, *others, film)


TEXT_TO_VIDEO = Recipe(
    name="text-to-video",
    title="Text to video",
    purpose="Type a sentence, approve a picture of it, and see it move.",
    asks=("prompt",),
    takes=(),
    options={"segments": 1},
    stages=_stages,
    jobs=("text_to_image", "image_to_video"),
)
