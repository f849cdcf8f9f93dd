"""A part of a video as frames: trimmed, upright, at a given size and a steady rate."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from engine.errors import SettingError, VideoError
from engine.media import ffmpeg, filters
from engine.media.clips import Clip, opened, probe
from engine.media.images import Fit
from engine.media.limits import CLIP_LIMITS, PART_LIMITS, VideoLimits
from engine.media.placement import Size, place
from engine.media.sources import SAVE_AGAIN
from engine.media.videos import FPS_RANGE, Frames

_GLIMPSE_PIXELS: Final = 192
_GLIMPSE_FRAMES: Final = 240
_IN_AND_OUT: Final = "Choose an in point before the out point, both inside the video."


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Which part of a video is wanted, and how."""

    size: Size | None = None
    """Width, height of the frames; None: the video's own."""
    fps: float | None = None
    """Frames a second; None: the video's own."""
    fit: Fit = "crop"
    """Where the shape differs: `crop` cuts evenly, `letterbox` puts black beside it (placement.place)."""
    start_seconds: float = 0.0
    """The in point: the first frame is the one shown then."""
    end_seconds: float | None = None
    """The out point; None: the end."""
    frames_at_most: int | None = None
    """Stop after so many; None: at the out point."""


def cut(data: bytes, excerpt: Excerpt, limits: VideoLimits = CLIP_LIMITS) -> Frames:
    """The frames, uint8 (F, H, W, 3), RGB, at least one.

    A variable rate becomes constant: each frame is the nearest in time. Raises VideoError as `clips.probe` does, for in
    and out points that leave nothing, and for more pixels than the limits allow; SettingError for a size, rate or fit
    that cannot be.
    """
    with opened(data, limits) as clip:
        rate = _rate(clip, excerpt)
        placed = place(clip.facts.size, excerpt.size or clip.facts.size, excerpt.fit)
        count = _count(clip, excerpt, rate)
        width, height = placed.frame
        most = limits.total_pixels // (width * height)
        if count > most:
            raise VideoError(
                "The part has too many frames for its size", "Choose a shorter part, or a smaller size.",
                value=f"{count} frames of {width} x {height}", limit=f"{most} frames",
            )  # fmt: skip
        source, start = clip.since(excerpt.start_seconds)
        chain = ",".join((filters.steady(rate, start, clip.rate), clip.upright, filters.fitted(placed)))
        wanted = ("-map", "0:V:0", "-vf", chain, "-frames:v", str(count), "-f", "rawvideo", "pipe:1")
        outcome = ffmpeg.run((*source, *wanted), seconds=limits.decoding_seconds)
    whole = len(outcome.stdout) // (width * height * 3)
    if outcome.returncode or not whole:
        raise VideoError("The video's pictures cannot be decoded", SAVE_AGAIN, value=ffmpeg.complaint(outcome))
    pixels = np.frombuffer(outcome.stdout, np.uint8, whole * height * width * 3)
    return pixels.reshape(whole, height, width, 3).copy()


def glimpse(data: bytes) -> Frames:
    """Enough of a video to see whether something moves in it, however long and large it is.

    Frames as from `cut`: all of them, or evenly spread, at most _GLIMPSE_FRAMES (one a second in a longer video), at
    most _GLIMPSE_PIXELS on the longer side. Raises VideoError as `clips.probe` does.
    """
    facts = probe(data, PART_LIMITS)
    share = min(1.0, _GLIMPSE_PIXELS / max(facts.size))
    size = (max(1, round(facts.width * share)), max(1, round(facts.height * share)))
    most = max(FPS_RANGE[0], _GLIMPSE_FRAMES / max(facts.seconds, 1 / FPS_RANGE[1]))
    return cut(data, Excerpt(size, most if facts.fps > most else None), PART_LIMITS)


def span(clip: Clip, start_seconds: float, end_seconds: float | None) -> float:
    """How long the part between two moments of a clip is. Raises VideoError when there is nothing between them."""
    lasts = clip.facts.seconds
    end = lasts if end_seconds is None else min(end_seconds, lasts)
    if not 0 <= start_seconds < lasts:
        raise VideoError(
            "The part begins outside the video", _IN_AND_OUT,
            value=f"{start_seconds:g} seconds", limit=f"0 to {lasts:.2f} seconds",
        )  # fmt: skip
    if not end > start_seconds:
        raise VideoError(
            "The part ends before it begins", _IN_AND_OUT,
            value=f"{start_seconds:g} to {end_seconds:g} seconds", limit=f"0 to {lasts:.2f} seconds",
        )  # fmt: skip
    return end - start_seconds


def _rate(clip: Clip, excerpt: Excerpt) -> Fraction:
    if excerpt.fps is None:
        return clip.rate
    if not FPS_RANGE[0] <= excerpt.fps <= FPS_RANGE[1]:
        raise SettingError(
            "A video cannot have that many frames a second", "Choose another rate.",
            value=f"{excerpt.fps:g}", limit=f"{FPS_RANGE[0]:g} to {FPS_RANGE[1]:g}",
        )  # fmt: skip
    return Fraction(excerpt.fps).limit_denominator(1001)


def _count(clip: Clip, excerpt: Excerpt, rate: Fraction) -> int:
    """How many frames are wanted, at least one."""
    count = max(1, round(span(clip, excerpt.start_seconds, excerpt.end_seconds) * rate))
    return count if excerpt.frames_at_most is None else max(1, min(count, excerpt.frames_at_most))
