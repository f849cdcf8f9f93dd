"""Video editor: a whole clip changes as its first frame did, and moves as it moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.agent import Draft, Input, Reporter
from engine.agents.filming import Plan, fitted, planned
from engine.agents.reporting import clip, mask, picture
from engine.agents.retouching import Retouch, wish
from engine.errors import VideoError
from engine.media import masks
from engine.media.images import fit
from engine.models.lease import Lease
from engine.pocket.given import Source
from engine.types import Kind, ModelProfile, Settings

Number = TypeVar("Number", np.uint8, np.float32)


class VideoEditor:
    """Carries an edit through a clip: the model sees every frame of the source, so the source's motion stays."""

    name = "video_editor"
    needs = frozenset({"video"})
    takes = frozenset({"image", "instruction", "mask", "avoid", "scene", "motion"})
    yields: Kind = "video"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """An MP4 as long as the source, at the profile's size and rate. `image`: the first frame, edited and approved.

        `mask`: white where it may change, one picture or one for each frame below each other; all of it without one.
        What is asked for, and the settings, are those of the image editor; `motion` is taken and not needed: the source
        shows it. Raises VideoError for a clip longer than the profile's longest or one that cannot be read, MaskError
        for an empty mask, ImageError for a bad picture, PromptError where nothing is asked for, SettingError.
        """
        frames = clip(inputs["video"])
        plan = planned(self._lease, settings, _length(self._lease.profile(settings), len(frames)), self.name)
        wanted = wish(inputs, settings)
        source = fitted(frames, plan.size)
        change, note = masks.change(mask(inputs["mask"]), source) if "mask" in inputs else (None, "")
        long = Source(_held(source, plan), None if change is None else _held(change, plan))
        shot = Retouch(plan, wanted, long, _first(inputs, plan)).made(self._lease, seed, reporter)
        return shot.video(shot.frames[: len(source)], {**wanted.as_settings(), "frames": len(source)}, note)


def _length(row: ModelProfile, frames: int) -> int:
    """The profile's shortest clip that has room for the source."""
    enough = [count for count in row.frame_counts if count >= frames]
    if not enough:
        longest = max(row.frame_counts, default=0)
        raise VideoError(
            "The clip is longer than the model can edit", "Choose a shorter part of it.",
            value=f"{frames} frames", limit=f"{longest} frames",
        )  # fmt: skip
    return min(enough)


def _held(frames: NDArray[Number], plan: Plan) -> NDArray[Number]:
    """The frames, the last one held until the run's end."""
    return np.concatenate([frames, np.repeat(frames[-1:], plan.sampling.frames - len(frames), axis=0)])


def _first(inputs: Mapping[str, Input], plan: Plan) -> dict[int, Image.Image]:
    """The first frame, where its edit is given."""
    return {0: fit(picture(inputs["image"]), plan.size, "crop")} if "image" in inputs else {}
