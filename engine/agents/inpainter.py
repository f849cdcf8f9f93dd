"""Inpainter: part of a picture is made anew from words, the rest stays pixel for pixel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from engine import boxes
from engine.agent import Draft, Input, Reporter
from engine.agents.arrivals import as_found
from engine.agents.choices import whole
from engine.agents.filming import planned, shoot
from engine.agents.reporting import mask, picture, text, things
from engine.media import masks
from engine.media.images import fit
from engine.models.driving.pocket import POCKET
from engine.models.lease import Lease
from engine.models.script import Script
from engine.pocket.given import Source
from engine.types import Kind, Settings

FEATHERS: Final = (0, 64)
"""Pixels."""


class Inpainter:
    """Fills in what the mask leaves open; what was there is not seen."""

    name = "inpainter"
    needs = frozenset({"image", "mask", "scene", "avoid"})
    takes = frozenset({"boxes", "motion"})
    yields: Kind = "image"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A PNG of the profile's size. `mask`: white where it may change; `scene`: the whole picture as it shall be.
        `boxes`, `motion`: the things that were found and what moves; the pocket world is told from them what the scene
        leaves open, and `how` among the facts says what it was told.

        Settings: feather (pixels of a soft edge around the mask, 0), profile, steps, guidance_scale. `masked_share`
        among the facts is how much of the picture may change, 0 to 1; a mask that covers all of it gets a note.
        Raises MaskError for an empty mask or one that does not fit, ImageError for a bad picture, SettingError.
        """
        plan = planned(self._lease, settings, frames=1)
        feather = whole(settings, "feather", 0, FEATHERS)
        source = np.asarray(fit(picture(inputs["image"]), plan.size, "crop"))[None]
        change, note = masks.change(mask(inputs["mask"]), source, feather)
        scene = text(inputs["scene"])
        told = _as_found(scene, inputs) if plan.row.driver == POCKET.name else scene
        script = Script(told, text(inputs["avoid"]), source=Source(source, change, shown=False))
        shot = shoot(self._lease, plan, script, seed, reporter)
        how: Settings = {"how": f"With what was found, the model was told: {told}."} if told != scene else {}
        return shot.image({"feather": feather}, note, {"masked_share": round(float(change.mean()), 4), **how})


def _as_found(scene: str, inputs: Mapping[str, Input]) -> str:
    """The scene with what was found, where things were looked for."""
    if "boxes" not in inputs:
        return scene
    found = boxes.decode(things(inputs["boxes"]))
    image = np.asarray(fit(picture(inputs["image"]), (found.width, found.height), "crop"))
    return as_found(scene, found, text(inputs.get("motion", "")), image)
