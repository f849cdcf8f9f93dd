"""What agents say of what they made: its measures, and a sentence for the person. Loads at once: knows no model."""

from __future__ import annotations

from typing import Final

from engine.media.videos import Frames
from engine.types import ModelProfile, Value

FOREIGN: Final = (
    "The pocket models only know the small world that they were made for; of other pictures they make what they can."
)
"""Said of whatever was not made here."""


def foreign(row: ModelProfile) -> str:
    """What there is to say of a picture that this model did not make: a model of the whole world knows most."""
    return FOREIGN if row.driver == "pocket" else ""


def video_facts(frames: Frames, fps: float) -> dict[str, Value]:
    """Width, height, frames, fps and seconds of a clip."""
    count, height, width = frames.shape[:3]
    return {"width": width, "height": height, "frames": count, "fps": fps, "seconds": count / fps}


def noted(note: str) -> dict[str, Value]:
    """A sentence for the person among the facts, where there is one."""
    return {"note": note} if note else {}
