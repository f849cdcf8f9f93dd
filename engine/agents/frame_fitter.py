"""Frame fitter: the person's own picture becomes the key frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.agent import Draft, Input, Reporter
from engine.agents.facts import foreign, noted
from engine.agents.reporting import picture
from engine.media.images import encode_png, fit
from engine.models.profiles import profile
from engine.types import Kind, ModelProfile, Settings


class FrameFitter:
    """Brings a picture of any size and aspect to the video model's frame size. Needs no model."""

    name = "frame_fitter"
    needs = frozenset({"image"})
    takes = frozenset[str]()
    yields: Kind = "image"

    def __init__(self, rows: Sequence[ModelProfile] | None = None) -> None:
        """rows: the models that it knows; the table's where nothing is said."""
        self._rows = rows

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A PNG of the profile's size, with a `note` where it was of another. Settings: fit (crop, letterbox), profile.

        Raises ImageError for a picture that cannot be used, SettingError for another `fit`.
        """
        row = profile(str(settings.get("profile", "pocket")), self._rows)
        how = str(settings.get("fit", "crop"))
        width, height = row.sizes[0]
        given = picture(inputs["image"])
        fitted = fit(given, (width, height), how)
        return Draft(
            kind="image",
            data=encode_png(fitted),
            suffix=".png",
            settings={**settings, "profile": row.name, "fit": how},
            facts={"width": width, "height": height, **noted("" if given.size == fitted.size else foreign(row))},
        )
