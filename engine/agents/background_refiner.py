"""Background refiner: behind what moves, a still camera's background is the same in every frame.

A generated background shimmers a little. Where the camera stands still, each place of it gets the colour that it has
most of the time; things that move keep their pixels. The last stage of WorldGPT (arXiv:2403.07944), without a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from PIL import Image

from engine import boxes
from engine.agent import Draft, Input, Progress, Reporter
from engine.agents.facts import noted, video_facts
from engine.agents.reporting import mask, picture, things, video
from engine.agents.steadying import background, camera_moves
from engine.agents.whereabouts import chosen
from engine.media import masks
from engine.media.following import follow
from engine.media.images import fit
from engine.media.masks import Shape
from engine.media.videos import Frames, encode_video, read_video
from engine.types import Kind, Settings

MOVING_CAMERA: Final = "The camera moves, so the background was left as it is."
_MARGIN: Final = 4
"""Pixels around the things that are followed with them."""


class BackgroundRefiner:
    """Steadies the background of a clip. Needs no model."""

    name = "background_refiner"
    needs = frozenset({"video"})
    takes = frozenset({"boxes", "mask", "image"})
    yields: Kind = "video"

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """An MP4 of the same size, rate and length.

        `boxes`: the things of the first frame; those that are chosen are followed through the clip and left alone.
        `mask`: where none is chosen, the thing is looked for in it, by what strays there from the background; the rest
        of what it covers is refined. `image`: the key frame, whose background is taken where the video agrees with it.
        Where the camera moves the video comes back as it was, and
        `note` among the facts says so. Facts beside the usual: shimmer_before and shimmer_after, the mean change of the
        background from frame to frame in levels of 255. Raises VideoError, ImageError, MaskError for files that cannot
        be used.
        """
        data = video(inputs["video"])
        frames, fps = read_video(data)
        reporter.report(Progress("steadying the background"))
        size = frames.shape[2], frames.shape[1]
        still = np.asarray(fit(picture(inputs["image"]), size, "crop")) if "image" in inputs else None
        first = _first(inputs, frames, still)
        moves = camera_moves(frames, first)
        held = follow(frames, {0: masks.grown(first, _MARGIN)}) if first.any() else np.zeros(frames.shape[:3], bool)
        found = background(frames, held, still)
        steadied = frames if moves else found.behind(frames)
        facts = {
            **video_facts(frames, fps),
            "shimmer_before": round(found.shimmer(frames), 3),
            "shimmer_after": round(found.shimmer(steadied), 3),
            **noted(MOVING_CAMERA if moves else ""),
        }
        return Draft("video", data if moves else encode_video(steadied, fps), ".mp4", {**settings}, facts=facts)


def _first(inputs: Mapping[str, Input], frames: Frames, still: Frames | None) -> Shape:
    """The things in the first frame that are left alone: the chosen ones, else what is found where the mask is."""
    nothing = np.zeros(frames.shape[1:3], bool)
    if "boxes" in inputs:
        shape = chosen(boxes.decode(things(inputs["boxes"])))
        if shape.any():
            there = Image.fromarray(shape).resize((frames.shape[2], frames.shape[1]), Image.Resampling.NEAREST)
            return np.asarray(there)
    if "mask" not in inputs:
        return nothing
    covered = masks.change(mask(inputs["mask"]), frames[:1])[0][0] > 0
    astray: Shape = covered & background(frames, np.zeros(frames.shape[:3], bool), still).things[0]
    return astray
