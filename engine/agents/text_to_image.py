"""Text to image: the scene of a prompt becomes a key frame."""

from __future__ import annotations

from collections.abc import Mapping

from engine.agent import Draft, Input, Reporter
from engine.agents.filming import planned, shoot
from engine.agents.reporting import text
from engine.models.lease import Lease
from engine.models.script import Script
from engine.types import Kind, Settings


class TextToImage:
    """Makes one still image from the scene, and from what to avoid."""

    name = "text_to_image"
    needs = frozenset({"scene", "avoid"})
    takes = frozenset[str]()
    yields: Kind = "image"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A PNG of the profile's size. Settings: profile, steps, guidance_scale."""
        plan = planned(self._lease, settings, frames=1)
        script = Script(text(inputs["scene"]), text(inputs["avoid"]))
        return shoot(self._lease, plan, script, seed, reporter).image()
