"""How an action is asked of models that know none: of those that animate a picture as a motion, of those that edit one
as an instruction."""

from __future__ import annotations

import random
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from engine.pocket.changes import Edit
from engine.pocket.edits import instruction
from engine.pocket.vocabulary import SCENES, STYLES
from engine.pocket.world import Clip
from engine.pocket.worlds.actions import Action

MOTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wait": "everything stays still",
        "left": "the {noun} moves to the left slowly",
        "right": "the {noun} moves to the right slowly",
        "up": "the {noun} moves upwards slowly",
        "down": "the {noun} moves downwards slowly",
        "drop": "the {noun} falls to the ground",
    }
)
"""Kinds that are motions -> what is asked for: in a clip's time a slow thing goes as far as by one action."""
_EDITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "break": "remove", "grow": "resize", "shrink": "resize", "recolour": "recolour", "become": "replace",
        "appear": "add", "scene": "scene",
    }
)  # fmt: skip
_NOWHERE: Final = Clip((), SCENES[0], "still", STYLES[0], 0)


def motion(action: Action) -> str | None:
    """What moves; None for an action that changes the picture itself."""
    template = MOTIONS.get(action.kind)
    return None if template is None else template.format(noun=action.noun)


def order(action: Action) -> str:
    """The instruction for an action that is no motion, plainly: "make the ball green"."""
    size = {"grow": "large", "shrink": "small", "appear": "small"}.get(action.kind)
    edit = Edit(
        _EDITS[action.kind], action.noun, action.colour, size=size, other=action.other, position=action.position,
        scene=action.scene,
    )  # fmt: skip
    return instruction(edit, _NOWHERE, random.Random(0), plain=True)
