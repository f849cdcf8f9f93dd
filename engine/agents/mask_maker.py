"""Mask maker: what was chosen among the things that were found becomes the place that may change."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine import boxes
from engine.agent import Draft, Input, Reporter
from engine.agents.choices import flag, number, whole
from engine.agents.facts import noted
from engine.boxes import Boxes, Thing
from engine.errors import DecisionError
from engine.media.masks import FULL, encode_masks, feathered, from_run_lengths, grown
from engine.types import Kind, Settings

_GROW = (-32, 64)
_FEATHER = (0.0, 32.0)


class MaskMaker:
    """The union of the chosen things, a little larger than they are. Needs no model."""

    name = "mask_maker"
    needs = frozenset({"boxes"})
    takes: frozenset[str] = frozenset()
    yields: Kind = "mask"

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A PNG of the picture's size, white where something may change.

        Settings: grow (pixels added around the things, negative: taken away, 4), feather (pixels over which the rim
        fades, 0), invert (everything but the things). Where no thing was asked for at all ("make it night"), all of
        the picture may change; where none was found or chosen, none of it may, and the note says what to do.
        Raises SettingError for a value outside its range, JournalDamagedError for a file that holds no boxes.
        """
        grow = whole(settings, "grow", 4, _GROW)
        feather = number(settings, "feather", 0.0, _FEATHER)
        invert = flag(settings, "invert", False)
        found = boxes.decode(_file(inputs["boxes"]))
        asked = bool(found.things or found.missing)
        shape = grown(_union(found), grow) != invert if asked else np.ones((found.height, found.width), bool)
        mask = feathered(np.where(shape, np.uint8(255), np.uint8(0)), feather)
        chosen: Settings = {"grow": grow, "feather": feather, "invert": invert}
        return Draft(
            kind="mask",
            data=encode_masks(mask[None]),
            suffix=".png",
            settings={**settings, **chosen},
            facts={"width": found.width, "height": found.height, "frames": 1, **noted(_note(shape, asked))},
        )


def _file(value: Input) -> bytes:
    if isinstance(value, str):
        raise DecisionError("Words stand where found things belong", "Choose a take of the right kind.")
    return value


def _union(found: Boxes) -> NDArray[np.bool_]:
    """All pixels of the things that are chosen."""
    union = np.zeros((found.height, found.width), bool)
    for index in found.chosen:
        union |= _shape(found.things[index], (found.width, found.height))
    return union


def _shape(thing: Thing, size: tuple[int, int]) -> NDArray[np.bool_]:
    """A thing's own shape; its box, where the detector gave no shape."""
    if thing.mask:
        return from_run_lengths(thing.mask, size)
    left, top, right, bottom = (round(side) for side in thing.box)
    shape = np.zeros(size[::-1], bool)
    shape[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
    return shape


def _note(shape: NDArray[np.bool_], asked: bool) -> str:
    """What the person should know of a mask that lets everything change, or nothing."""
    if not asked:
        return "No single thing is named, so all of the picture may change. Paint the mask to keep parts of it."
    if not shape.any():
        return "The mask is empty: nothing was found, or nothing is chosen. Paint what may change."
    return FULL if shape.all() else ""
