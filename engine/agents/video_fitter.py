"""Video fitter: the person's own video becomes a clip that the video model can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from engine.agent import Draft, Input, Progress, Reporter
from engine.agents.choices import number, one_of
from engine.agents.facts import foreign, noted, video_facts
from engine.agents.reporting import video
from engine.media.clips import ClipFacts, probe
from engine.media.cutting import Excerpt, cut
from engine.media.images import FITS
from engine.media.limits import CLIP_LIMITS
from engine.media.placement import place
from engine.media.videos import Frames, encode_video
from engine.models.profiles import profile
from engine.types import Kind, ModelProfile, Settings, Value

START: Final = "start"
KEEPS: Final = (START, "end")


class VideoFitter:
    """Brings a video of any size, rate and length to the model's own, and keeps what it was. Needs no model."""

    name = "video_fitter"
    needs = frozenset({"video"})
    takes = frozenset[str]()
    yields: Kind = "video"

    def __init__(self, rows: Sequence[ModelProfile] | None = None) -> None:
        """rows: the models that it knows; the table's where nothing is said."""
        self._rows = rows

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """An MP4 of the profile's size and rate, at most its longest clip.

        Settings: profile, fit (crop, letterbox), start_seconds and end_seconds (the part that counts; 0 and the end
        where nothing is said), keep (start, end: which end is kept of a part that is too long). Facts beside the usual:
        source_width, source_height, source_fps, source_seconds, source_sound ("" for none), start_seconds and
        end_seconds of what was kept, and the rectangle `left, top, right, bottom` that shows the source.
        Raises VideoError for a video that cannot be used, SettingError for a value that cannot be.
        """
        row = profile(str(settings.get("profile", "pocket")), self._rows)
        data = video(inputs["video"])
        how, keep = one_of(settings, "fit", FITS), one_of(settings, "keep", KEEPS)
        begin = number(settings, "start_seconds", 0.0, (0.0, CLIP_LIMITS.seconds))
        reporter.report(Progress("reading the video"))
        facts = probe(data)
        end = min(facts.seconds, number(settings, "end_seconds", facts.seconds, (0.0, CLIP_LIMITS.seconds)))
        longest = max(row.frame_counts) / _rate(row)
        if keep == START:
            end = min(end, begin + longest)
        else:
            begin = max(begin, end - longest)
        part = Excerpt(row.sizes[0], None, "crop" if how == "crop" else "letterbox", begin, end)
        frames = _frames(data, part, row, facts, keep)
        reporter.report(Progress("encoding"))
        return Draft(
            kind="video",
            data=encode_video(frames, _rate(row)),
            suffix=".mp4",
            settings={**settings, "profile": row.name, "fit": how, "keep": keep},
            facts={**video_facts(frames, _rate(row)), **_source(facts, part), **noted(_note(facts, row))},
        )


def _rate(row: ModelProfile) -> int:
    return row.fps or 8


def _frames(data: bytes, part: Excerpt, row: ModelProfile, facts: ClipFacts, keep: str) -> Frames:
    """The part's frames at the profile's rate, counted from the end that is kept: its outermost frame is among them,
    since what is made later touches it."""
    every = cut(data, part)
    count = min(max(row.frame_counts), max(1, round(len(every) / facts.fps * _rate(row))))
    steps = np.minimum(np.rint(np.arange(count) * facts.fps / _rate(row)).astype(int), len(every) - 1)
    kept: Frames = every[steps] if keep == START else every[len(every) - 1 - steps[::-1]]
    return kept


def _source(facts: ClipFacts, part: Excerpt) -> dict[str, Value]:
    """What the video was, which part of it is kept, and where in the frame it lies."""
    spot = place(facts.size, part.size or facts.size, part.fit).place
    sound = facts.sound
    return {
        "source_width": facts.width,
        "source_height": facts.height,
        "source_fps": facts.fps,
        "source_seconds": facts.seconds,
        "source_sound": f"{sound.codec}, {sound.rate} Hz, {sound.channels}" if sound else "",
        "start_seconds": part.start_seconds,
        "end_seconds": part.end_seconds,
        "left": spot.left,
        "top": spot.top,
        "right": spot.left + spot.width,
        "bottom": spot.top + spot.height,
    }


def _note(facts: ClipFacts, row: ModelProfile) -> str:
    """What the person should know about it."""
    sentences = ["The file was cut off; what is there is used."] if facts.cut_off else []
    if facts.size != row.sizes[0] or facts.fps != row.fps:
        sentences.append(foreign(row))
    return " ".join(filter(None, sentences))
