"""Film cutter: clips in playing order become one film; what the person brought stays as it came, where it can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from engine.agent import Draft, Input, Progress, Reporter
from engine.agents.choices import one_of
from engine.agents.reporting import video
from engine.agents.standing_in import part_of, placement
from engine.errors import DecisionError
from engine.media.clips import probe
from engine.media.joining import Part, join
from engine.media.placement import Box, Placement
from engine.types import Kind, Settings, Value

FORWARDS: Final = "forwards"
DIRECTIONS: Final = (FORWARDS, "backwards")
MOST_CLIPS: Final = 60


class FilmCutter:
    """Joins clips. Where an upload is given, it stands in for the clip that was fitted from it. Needs no model."""

    name = "film_cutter"
    needs = frozenset({"clip_1"})
    takes = frozenset({"upload", "second_upload", *(f"clip_{number}" for number in range(2, MOST_CLIPS + 1))})
    yields: Kind = "video"

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """An MP4 of all clips, each frame once; `how` among its facts says in one sentence what was done, and
        `seams` at which frames, from 0, a clip begins after another ("17, 29").

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
            shown = placement(part, clips[index], -1 if index == 0 else 0)
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
            "seams": ", ".join(map(str, joined.seams)),
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
        at[clips - 1 if backwards else 0] = part_of(inputs["upload"], settings)
    if "second_upload" in inputs:
        at[clips - 1] = part_of(inputs["second_upload"], settings, "second_")
    return at


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
