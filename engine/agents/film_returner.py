"""Film returner: what was made of a video is laid back into it, at its size and rate, with its sound."""

from __future__ import annotations

from collections.abc import Mapping

from engine.agent import Draft, Input, Progress, Reporter
from engine.agents.reporting import clip, mask, video
from engine.agents.standing_in import part_of, placement
from engine.media.clips import probe
from engine.media.masks import decode_masks
from engine.media.returning import put_back
from engine.types import Kind, Settings, Value


class FilmReturner:
    """Puts a made clip where its source lay in the upload. Needs no model."""

    name = "film_returner"
    needs = frozenset({"video", "clip", "upload"})
    takes = frozenset({"mask"})
    yields: Kind = "video"

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """An MP4 as large and quick as the upload, for as long as the made clip lasts; `how` among its facts says how.

        `video`: what was made; `clip`: its source, as it was fitted from `upload`; `mask`: over time or for all frames,
        what of the made one is seen (all of it without one). Settings: start_seconds, end_seconds of the upload. Raises
        VideoError for a file that cannot be read, MaskError for a mask that does not fit.
        """
        part = part_of(inputs["upload"], settings)
        placed = placement(part, video(inputs["clip"]), 0)
        reporter.report(Progress("encoding"))
        made = video(inputs["video"])
        change = None
        if "mask" in inputs:
            change = decode_masks(mask(inputs["mask"]), placed.frame, len(clip(made)))
        film = put_back(made, part, placed, change)
        facts = probe(film.data)
        measured: dict[str, Value] = {
            "width": facts.width, "height": facts.height, "frames": facts.frames, "fps": facts.fps,
            "seconds": facts.seconds, "how": film.how,
        }  # fmt: skip
        return Draft("video", film.data, ".mp4", {**settings}, facts=measured)
