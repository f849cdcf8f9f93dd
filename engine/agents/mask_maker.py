"""Mask maker: what was chosen among the things that were found becomes the place that may change, with room to move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from engine import boxes
from engine.agent import Draft, Input, Reporter
from engine.agents.choices import flag, number, one_of, whole
from engine.agents.facts import noted
from engine.agents.reporting import text, things
from engine.agents.whereabouts import ROOMS, another, shape_of, squared, swept, ways
from engine.boxes import Boxes
from engine.media.masks import FULL, Shape, encode_masks, feathered, grown
from engine.pocket.found import FoundThing
from engine.pocket.grammar import plain_motion
from engine.types import Kind, Settings

_GROW = (-32, 64)
_FEATHER = (0.0, 32.0)
_ALL_MAY: Final = "No single thing is named, so all of the picture may change. Paint the mask to keep parts of it."
_EMPTY: Final = "The mask is empty: nothing was found, or nothing is chosen. Paint what may change."


class MaskMaker:
    """The union of the chosen things and of the ways that they go, a little larger than they are. Needs no model."""

    name = "mask_maker"
    needs = frozenset({"boxes"})
    takes = frozenset({"motion", "end"})
    yields: Kind = "mask"

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A PNG of the picture's size, white where something may change.

        `motion`: what moves in the clip that the mask is for; without it nothing does. `end`: what is there in the end;
        a thing that it does not name becomes another, and gets the square around it. Settings: room (where the things
        go: as said by the motion, none, or left, right, up, down for all of them), grow (pixels added around the
        things, negative: taken away, 4), feather (pixels over which the rim fades, 0), invert (everything but the
        things; then they get no room). Where no thing was asked for at all ("make it night"), all of the picture may
        change; where none was found or chosen, none of it may, and the note says what to do.
        Raises SettingError for a value outside its range, JournalDamagedError for a file that holds no boxes.
        """
        room = one_of(settings, "room", ROOMS)
        grow = whole(settings, "grow", 4, _GROW)
        feather = number(settings, "feather", 0.0, _FEATHER)
        invert = flag(settings, "invert", False)
        found = boxes.decode(things(inputs["boxes"]))
        still = invert or "motion" not in inputs
        going = (None,) * len(found.chosen) if still else ways(found, text(inputs["motion"]), room)
        asked = bool(found.things or found.missing)
        shape = np.ones((found.height, found.width), bool)
        if asked:
            end = "" if invert else text(inputs.get("end", ""))
            shape = grown(_union(found, going, end), grow) != invert
        mask = feathered(np.where(shape, np.uint8(255), np.uint8(0)), feather)
        chosen: Settings = {"room": room, "grow": grow, "feather": feather, "invert": invert}
        return Draft(
            kind="mask",
            data=encode_masks(mask[None]),
            suffix=".png",
            settings={**settings, **chosen},
            facts={"width": found.width, "height": found.height, "frames": 1, **noted(_note(shape, asked, going))},
        )


def _union(found: Boxes, going: Sequence[FoundThing | None], end: str) -> Shape:
    """All pixels of the things that are chosen, of what becomes of them in the end, and of their ways."""
    union = np.zeros((found.height, found.width), bool)
    for index, way in zip(found.chosen, going, strict=True):
        thing = found.things[index]
        shape = shape_of(thing, (found.width, found.height))
        shape = squared(shape) if another(thing, end) else shape
        union |= swept(shape, way) if way else shape
    return union


def _note(shape: Shape, asked: bool, going: Sequence[FoundThing | None]) -> str:
    """What the person should know of a mask that lets everything change, or nothing, or more than the things."""
    if not asked:
        return _ALL_MAY
    if not shape.any():
        return _EMPTY
    if shape.all():
        return FULL
    moving = [way for way in going if way]
    return f"There is room in it for this: {plain_motion(moving, None)}." if moving else ""
