"""Image editor: a picture changes as an instruction says, or becomes part of another world."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.agent import Draft, Input, Reporter
from engine.agents.filming import planned
from engine.agents.reporting import mask, picture
from engine.agents.retouching import Retouch, wish
from engine.media import masks
from engine.media.images import fit
from engine.models.lease import Lease
from engine.pocket.given import Source
from engine.types import Kind, Settings


class ImageEditor:
    """Changes what is asked for, and nothing outside of the mask where there is one."""

    name = "image_editor"
    needs = frozenset({"image"})
    takes = frozenset({"instruction", "mask", "avoid", "scene"})
    yields: Kind = "image"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A PNG of the profile's size. `mask`: white where it may change; all of it without one.

        What is asked for: `instruction`, the setting `world` (a style), or both; else `scene` is what it shall show.
        Settings: strength (0 keeps the picture, 1 does all that is asked), world, profile, steps, guidance_scale.
        Raises PromptError where nothing is asked for, MaskError for an empty mask, ImageError, SettingError.
        """
        plan = planned(self._lease, settings, 1, self.name)
        wanted = wish(inputs, settings)
        source = np.asarray(fit(picture(inputs["image"]), plan.size, "crop"))[None]
        change, note = masks.change(mask(inputs["mask"]), source) if "mask" in inputs else (None, "")
        shot = Retouch(plan, wanted, Source(source, change), {}).made(self._lease, seed, reporter)
        return shot.image(wanted.as_settings(), note)
