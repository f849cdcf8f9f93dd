"""Uploads that stand in for the clips fitted from them: which part of one counts, and how it lay in its clip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.agent import Input
from engine.agents.choices import number
from engine.agents.reporting import clip, video
from engine.media.clips import probe
from engine.media.cutting import Excerpt, cut
from engine.media.images import Fit
from engine.media.joining import Part
from engine.media.limits import CLIP_LIMITS
from engine.media.placement import Placement, place
from engine.types import Settings

_FITS: Final[Sequence[Fit]] = ("letterbox", "crop")


def part_of(upload: Input, settings: Settings, prefix: str = "") -> Part:
    """As much of an upload as start_seconds and end_seconds, behind `prefix`, want. Raises SettingError."""
    limits = (0.0, CLIP_LIMITS.seconds)
    end = f"{prefix}end_seconds"
    return Part(
        video(upload),
        number(settings, f"{prefix}start_seconds", 0.0, limits),
        None if settings.get(end) is None else number(settings, end, 0.0, limits),
    )


def placement(upload: Part, fitted: bytes, touching: int) -> Placement:
    """How an upload lies in the clip that was fitted from it, whatever the settings were: both ways are tried, and the
    frame at the seam (0 for the first, -1 for the last) shows which it was. Raises VideoError."""
    frame = clip(fitted)[touching]
    facts = probe(upload.data)
    end = min(facts.seconds, upload.end_seconds or facts.seconds)
    moment = upload.start_seconds if touching == 0 else max(upload.start_seconds, end - 1 / facts.fps)
    size = frame.shape[1], frame.shape[0]

    def apart(fit: Fit) -> float:
        seen = cut(upload.data, Excerpt(size, None, fit, moment, None, frames_at_most=1))[0]
        return float(np.abs(seen.astype(int) - frame).mean())

    return place(facts.size, size, min(_FITS, key=apart))
