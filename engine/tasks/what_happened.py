"""What happened: two pictures or a video, and the actions between them by name.

After Qiu et al., "Bootstrapping World Models from Dynamics Models" (2025): to tell what happened is the easier task.
"""

from __future__ import annotations

from engine.tasks import parts
from engine.types import Recipe, Request, Settings, Stage


def _stages(request: Request) -> tuple[Stage, ...]:
    if "video" in request.uploads:
        return (_told(("video",), parts.trim(request)),)
    return (_told(("image", "last_image"), {}),)


def _told(uploads: tuple[str, ...], settings: Settings) -> Stage:
    """An answer, not a proposal: nobody has to approve it."""
    needs = tuple(parts.brought(name) for name in uploads)
    return Stage("moments", "What happened", "action_namer", "state", needs, settings, waits=False, tries=1)


WHAT_HAPPENED = Recipe(
    name="what-happened",
    title="What happened?",
    purpose="Bring two pictures or a video, and read what happened in them, with how sure that is.",
    asks=(),
    takes=("video", "image", "last_image"),
    options={"start_seconds": None, "end_seconds": None},
    stages=_stages,
    jobs=("action_namer",),
    either=(("video",), ("image", "last_image")),
)
