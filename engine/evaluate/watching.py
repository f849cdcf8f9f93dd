"""A video read for a measurement: whole, or not at all. What can still be used of a torn file is no measurement."""

from __future__ import annotations

from pathlib import Path

from engine.errors import VideoError
from engine.evaluate.cases import Frames
from engine.media.clips import probe
from engine.media.limits import PART_LIMITS
from engine.media.videos import read_video


def watch(path: Path) -> tuple[Frames, float]:
    """Every frame and the frames a second.

    Raises VideoError for a file that is damaged, ends in the middle, or is over the limits, OSError for one that cannot
    be read.
    """
    data = path.read_bytes()
    facts = probe(data, PART_LIMITS)
    frames, fps = read_video(data, mended=False)
    if facts.cut_off or len(frames) < facts.frames:
        what = "The video's file ends in the middle, or a part of it is damaged"
        raise VideoError(what, "Make or copy it again.", value=f"{len(frames)} of {facts.frames} frames")
    return frames, fps
