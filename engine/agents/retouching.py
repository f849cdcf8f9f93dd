"""What the editors of pictures and of videos share: what is asked for, and how strongly.

Strength is guidance: without words the model leaves a source as it is, so at 0 nothing changes, at 1 the instruction
counts with the whole guidance scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PIL import Image

from engine.agent import Input, Reporter
from engine.agents.choices import number, one_of
from engine.agents.filming import Plan, Shot, shoot
from engine.agents.orders import style
from engine.agents.reporting import text
from engine.errors import PromptError
from engine.models.lease import Lease
from engine.models.script import Script
from engine.pocket.given import Source
from engine.pocket.vocabulary import STYLES
from engine.types import Settings, Value


@dataclass(frozen=True)
class Wish:
    """What should be different."""

    words: str
    """For the model."""
    avoid: str
    strength: float
    """0: as it is; 1: as the words say."""
    world: str
    """A style of the vocabulary, or ""."""

    def as_settings(self) -> dict[str, Value]:
        """What is written into the take."""
        return {"strength": self.strength, "world": self.world}


def wish(inputs: Mapping[str, Input], settings: Settings) -> Wish:
    """The instruction, the world's style, or both; a scene where neither is given.

    Raises PromptError where nothing says what should change, SettingError for a strength or world that cannot be.
    """
    world = one_of(settings, "world", ("", *STYLES))
    asked = text(inputs.get("instruction", "")).strip()
    words = ". ".join(part for part in (asked, style(world) if world else "") if part)
    words = words or text(inputs.get("scene", "")).strip()
    if not words:
        raise PromptError("Nothing says what should be different", "Give an instruction, or choose a world.")
    return Wish(words, text(inputs.get("avoid", "")), number(settings, "strength", 1.0, (0.0, 1.0)), world)


@dataclass(frozen=True)
class Retouch:
    """One edit that is ready to be made."""

    plan: Plan
    wish: Wish
    source: Source
    known: Mapping[int, Image.Image]
    """Frames whose edit is approved already."""

    def made(self, lease: Lease, seed: int, reporter: Reporter) -> Shot:
        """The edited frames; at strength 0 the source itself, and no model is asked."""
        if not self.wish.strength:
            return Shot(self.plan, self.source.frames, "")
        guidance = self.plan.sampling.guidance_scale * self.wish.strength
        softer = replace(self.plan, sampling=replace(self.plan.sampling, guidance_scale=guidance))
        shot = shoot(lease, softer, Script(self.wish.words, self.wish.avoid, self.known, self.source), seed, reporter)
        return replace(shot, plan=self.plan)
