"""What a clip shows at one moment: things where they are then, as large as they are then, as the camera sees them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from engine.pocket.motion import camera_paths, moments, trajectories
from engine.pocket.vocabulary import SIZES
from engine.pocket.world import FPS, Clip, Thing

_LARGE_FROM = (SIZES["small"] * SIZES["large"]) ** 0.5


@lru_cache(maxsize=64)
def seen_at(clip: Clip, frame: int) -> Clip:
    """The clip's frame (0 is the first) as a clip in which nothing moves; things that have left the view are gone.

    Places and sizes are those in the view, sizes by their nearest name.
    """
    now = moments(1, FPS, frame)
    centre_x, centre_y, zoom = (float(value) for value in camera_paths((clip.camera,), now)[0, 0])
    things: list[Thing] = []
    for thing, pose in zip(clip.things, trajectories(clip.things, now)[:, 0], strict=True):
        x = round((float(pose[0]) - centre_x) * zoom + 0.5, 3)
        y = round((float(pose[1]) - centre_y) * zoom + 0.5, 3)
        size = "large" if SIZES[thing.size] * float(pose[2]) * zoom > _LARGE_FROM else "small"
        if 0 < x < 1 and 0 < y < 1:
            things.append(replace(thing, x=x, y=y, size=size, motion="still", speed="slow"))
    return replace(clip, things=tuple(things), camera="still")
