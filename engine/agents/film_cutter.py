"""Film cutter: clips in playing order become one film; what the person brought stays as it came, where it can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from engine.agents.choices import number, one_of
from engine.agents.reporting import clip, video
from engine.errors import DecisionError
from engine.media.clips import probe
from engine.media.cutting import Excerpt, cut
from engine.media.images import Fit
from engine.media.joining import Part, join
from engine.media.limits import CLIP_LIMITS
from engine.media.placement import Box, Placement, place
from engine.types import Draft, Input, Kind, Progress, Reporter, Settings, Value

FORWARDS: Final = "forwards"
DIRECTIONS: Final = (FORWARDS, "backwards")
MOST_CLIPS: Final = 60
_FITS: Final[tuple[Fit, ...]] = ("letterbox", "crop")


class FilmCutter:
    """Joins clips. Where an upload is given, it stands in for the clip that was fitted from it. Needs no model."""

    name = "film_cutter"
    needs = frozenset({"clip_1"})
    takes = frozenset({"upload", "second_upload", *(f"clip_{number}" for number in range(2, MOST_CLIPS + 1))})
    yields: Kind = "video"

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """An MP4 of all clips, each frame once; `how` among its facts says in one sentence what was done.

        `clip_1`, `clip_2`, … in playing order. `upload` stands in for the first clip or, with the setting direction =
        backwards, for the last; `second_upload` for the last. Settings: direction, start_seconds, end_seconds,
        second_start_seconds, second_end_seconds: the parts of the uploads that are shown. The film has the upload's
        size, rate and sound; where the model saw the upload letterboxed, made clips lose the bars, and where it saw its
        middle only, the film shows the middle only.
        Raises VideoError for a file that cannot be read, SettingError for a value that cannot be.
        """
        clips = [video(inputs[f"clip_{place}"]) for place in range(1, _count(inputs) + 1)]
        at = _uploads(inputs, settings, len(clips))
        reporter.report(Progress("encoding"))
        lead = min(at, default=0)
        parts = [Part(data) for data in clips]
        for index, part in at.items():
            shown = _placement(part, clips[index], -1 if index == 0 else 0)
            parts[index] = replace(part, crop=_middle(shown))
            if index == lead:
                made = (number for number in range(len(parts)) if number not in at)
                for number in made:
                    parts[number] = replace(parts[number], crop=_without_bars(shown))
        joined = join(_overlapping(parts, at), lead)
        facts = probe(joined.data)
        measured: dict[str, Value] = {
            "width": facts.width, "height": facts.height, "frames": facts.frames, "fps": facts.fps,
            "seconds": facts.seconds, "clips": len(clips), "how": joined.how,
        }  # fmt: skip
        return Draft("video", joined.data, ".mp4", {**settings}, facts=measured)


def _count(inputs: Mapping[str, Input]) -> int:
    """How many clips there are. Raises DecisionError where one is missing between others."""
    numbers = sorted(int(name.removeprefix("clip_")) for name in inputs if name.startswith("clip_"))
    if numbers != list(range(1, len(numbers) + 1)):
        raise DecisionError("A clip is missing in the film", "Approve every segment first.", value=str(numbers))
    return len(numbers)


def _uploads(inputs: Mapping[str, Input], settings: Settings, clips: int) -> dict[int, Part]:
    """Index of a clip -> the upload that stands in for it, in order."""
    backwards = one_of(settings, "direction", DIRECTIONS) != FORWARDS
    at: dict[int, Part] = {}
    if "upload" in inputs:
        at[clips - 1 if backwards else 0] = _part(inputs["upload"], settings, "")
    if "second_upload" in inputs:
        at[clips - 1] = _part(inputs["second_upload"], settings, "second_")
    return at


def _part(upload: Input, settings: Settings, prefix: str) -> Part:
    """As much of an upload as the settings want."""
    limits = (0.0, CLIP_LIMITS.seconds)
    end = f"{prefix}end_seconds"
    return Part(
        video(upload),
        number(settings, f"{prefix}start_seconds", 0.0, limits),
        None if settings.get(end) is None else number(settings, end, 0.0, limits),
    )


def _placement(upload: Part, fitted: bytes, touching: int) -> Placement:
    """How an upload lies in the clip that was fitted from it, whatever the settings were: both ways are tried, and the
    frame at the seam (0 for the first, -1 for the last) shows which it was."""
    frame = clip(fitted)[touching]
    facts = probe(upload.data)
    end = min(facts.seconds, upload.end_seconds or facts.seconds)
    moment = upload.start_seconds if touching == 0 else max(upload.start_seconds, end - 1 / facts.fps)
    size = frame.shape[1], frame.shape[0]

    def apart(fit: Fit) -> float:
        seen = cut(upload.data, Excerpt(size, None, fit, moment, None, frames_at_most=1))[0]
        return float(np.abs(seen.astype(int) - frame).mean())

    return place(facts.size, size, min(_FITS, key=apart))


def _middle(shown: Placement) -> Box | None:
    """What of the upload the film shows; None: all of it."""
    return None if shown.shown.size == shown.source else shown.shown


def _without_bars(shown: Placement) -> Box | None:
    """What of a made clip the film shows; None: all of it."""
    return None if shown.place.size == shown.frame else shown.place


def _overlapping(parts: list[Part], at: Mapping[int, Part]) -> list[Part]:
    """With the sound of two uploads going over into each other while the transition between them is shown."""
    if len(at) < 2:
        return parts
    seconds = sum(probe(part.data).seconds for part in parts[1:-1])
    return [replace(parts[0], run_out_seconds=seconds), *parts[1:-1], replace(parts[-1], lead_in_seconds=seconds)]
