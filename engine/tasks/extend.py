"""Extend: a video goes on, or begins earlier, segment by segment; the source itself stays as it is."""

from __future__ import annotations

import math

from engine.tasks import parts
from engine.types import Recipe, Request, Settings, Stage

SEGMENT_SECONDS = 1.5
"""New seconds in a segment of the pocket profile's default length: 17 frames, 5 of them known, at 8 a second."""


def _stages(request: Request) -> tuple[Stage, ...]:
    direction = str(request.options["direction"])
    forwards = direction == "forwards"
    seconds = float(request.options["seconds"] or 0.0)
    count = max(1, math.ceil(seconds / SEGMENT_SECONDS))
    trim = parts.trim(request)
    kept: Settings = {**parts.WHOLE, **trim, "keep": "end" if forwards else "start"}
    source = parts.fitted_video("source", "Source", "video", **kept)
    segments = tuple(
        parts.extended(
            number,
            "source" if number == 1 else f"segment_{number - 1}",
            ("state", "motion"),
            None if number == 1 else "source",
            direction,
        )
        for number in range(1, count + 1)
    )
    played = ("source", *(one.name for one in segments))
    film = parts.film(
        played if forwards else played[::-1],
        (parts.brought("upload", "video"),),
        {"direction": direction, **trim},
    )
    return (source, parts.moved(), *segments, film)


EXTEND = Recipe(
    name="extend",
    title="Extend",
    purpose="Upload a video, say what happens next, or what came before, and see it go on.",
    asks=("prompt", "video"),
    takes=(),
    options={"seconds": 1.5, "direction": "forwards", "start_seconds": None, "end_seconds": None},
    stages=_stages,
    jobs=("extender",),
)
