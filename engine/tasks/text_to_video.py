"""Text to video: a sentence becomes a prompt, a key frame, and a video that starts with it."""

from __future__ import annotations

from engine.types import Need, Recipe, Request, Stage

PROMPT = Stage(
    name="prompt",
    title="Prompt",
    agent="prompt_writer",
    yields="prompt",
    needs=(Need("prompt", "request", "prompt"),),
    fields=("scene", "motion", "avoid"),
)
KEY_FRAME = Stage(
    name="key_frame",
    title="Key frame",
    agent="text_to_image",
    yields="image",
    needs=(Need("scene", "prompt", "scene"), Need("avoid", "prompt", "avoid")),
    settings={"profile": "pocket", "takes": 2, "steps": 12},
)
VIDEO = Stage(
    name="video",
    title="Video",
    agent="image_to_video",
    yields="video",
    needs=(
        Need("image", "key_frame"),
        Need("scene", "prompt", "scene"),
        Need("motion", "prompt", "motion"),
        Need("avoid", "prompt", "avoid"),
    ),
    settings={"profile": "pocket"},
)


def _stages(request: Request) -> tuple[Stage, ...]:
    return (PROMPT, KEY_FRAME, VIDEO)


TEXT_TO_VIDEO = Recipe(
    name="text-to-video",
    title="Text to video",
    purpose="Type a sentence, approve a picture of it, and see it move.",
    asks=("prompt",),
    takes=(),
    options={},
    stages=_stages,
)
