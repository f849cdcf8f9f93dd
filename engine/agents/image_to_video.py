"""Image to video: the key frame begins to move as the prompt says, and arrives at a last frame where one is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.agent import Draft, Input, Reporter
from engine.agents.filming import directed, planned, shoot
from engine.agents.reporting import picture, text
from engine.media.images import fit
from engine.models.lease import Lease
from engine.models.script import Script
from engine.types import Kind, Settings


class ImageToVideo:
    """Makes a video that starts with the image, does what the motion says, and may end with the last image."""

    name = "image_to_video"
    needs = frozenset({"image", "scene", "motion", "avoid"})
    takes = frozenset({"last_image"})
    yields: Kind = "video"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """An H.264 MP4 of the profile's size. Settings: profile, frames, steps, guidance_scale.

        Also heading (none, left, right, up, down) and speed (none, slow, quick), written into the motion; where that
        cannot be, a `note` among the facts says why. `last_image` is where the video arrives.
        Raises SettingError for a value outside its range, ImageError for a picture that cannot be used.
        """
        plan = replace(planned(self._lease, settings), whole=True)
        ends = {0: inputs["image"]}
        if "last_image" in inputs:
            ends[plan.sampling.frames - 1] = inputs["last_image"]
        known = {index: fit(picture(image), plan.size, "crop") for index, image in ends.items()}
        prompt, note = directed(plan, text(inputs["scene"]), text(inputs["motion"]))
        shot = shoot(self._lease, plan, Script(prompt, text(inputs["avoid"]), known), seed, reporter)
        return shot.video(shot.frames, note=note)
