"""World: a picture, an action, what may follow; pick one, act again, and see the way as a film.

After Ge et al., "WorldGPT: Empowering LLM as Multimodal World Model" (2024). Every state that was foreseen is a take
of one stage, and names the state that it goes on from: see engine.worlds.
"""

from __future__ import annotations

from engine.tasks import parts
from engine.types import Need, Recipe, Request, Stage

KEY_FRAME = parts.fitted_picture("key_frame", "Beginning", "image")
STATE = Stage(
    "state",
    "What follows",
    "world_stepper",
    "image",
    (Need("image", "key_frame"), Need("action", "request", "prompt")),
    {**parts.PROFILE, "takes": 4, "remembers": True},
)
FILM = Stage(
    "film",
    "The way there",
    "world_filmer",
    "video",
    (Need("image", "key_frame"), Need("state", "state")),
    {"remembers": True},
    tries=1,
)


def _stages(request: Request) -> tuple[Stage, ...]:
    return (KEY_FRAME, STATE, FILM)


WORLD = Recipe(
    name="world",
    title="World",
    purpose="Bring a picture, say what is done, pick one of the states that may follow, and go on from there.",
    asks=("prompt", "image"),
    takes=(),
    options={},
    stages=_stages,
    jobs=("image_to_video", "image_editor", "world_stepper"),
)
