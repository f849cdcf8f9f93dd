"""What is right of a state, by what is seen in it, against the truth: things, colours, places, the scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import dist

import numpy as np

from engine.evaluate.candidates import Pictures
from engine.pocket.render import Renderer, layout
from engine.pocket.vocabulary import SCENES
from engine.pocket.world import Clip, Thing
from engine.pocket.worlds.keeping import Picture

NEAR = 0.1
"""How far from its true place a thing may be seen, in view widths."""


def facts(truth: Clip, scene: str, seen: Sequence[Thing]) -> dict[str, list[bool]]:
    """Name -> whether it is right: of each true thing that it is `there`, its `colour`, its `place` (wrong where it is
    not there); that there is `nothing else`; the `scene`."""
    found = {thing.noun: thing for thing in seen}
    pairs = [(thing, found.get(thing.noun)) for thing in truth.things]
    return {
        "there": [other is not None for _, other in pairs],
        "colour": [other is not None and other.colour == thing.colour for thing, other in pairs],
        "place": [other is not None and dist((thing.x, thing.y), (other.x, other.y)) < NEAR for thing, other in pairs],
        "nothing else": [not found.keys() - {thing.noun for thing in truth.things}],
        "scene": [scene == truth.scene],
    }


def scenes(truths: Sequence[Clip], made: Pictures, renderer: Renderer) -> list[str]:
    """The scene of each picture: that in which its true state, drawn, looks most like it."""
    every = [replace(truth, scene=scene) for truth in truths for scene in SCENES]
    drawn = renderer.render(layout(every, 1))[:, 0].permute(0, 2, 3, 1).cpu().numpy()
    each = drawn.reshape(len(truths), len(SCENES), *drawn.shape[1:])
    return [SCENES[_likest(some, picture)] for some, picture in zip(each, made, strict=True)]


def _likest(some: Pictures, picture: Picture) -> int:
    """The place of the picture that is the likest, by the middle pixel's error: things that are wrong do not count."""
    errors = np.abs(some.astype(np.int16) - picture).mean(-1)
    return int(np.median(errors.reshape(len(some), -1), 1).argmin())
