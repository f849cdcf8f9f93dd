"""How a picture ends, with what was found in it: where its things will be then, and how they look.

A writer that has not seen the picture says of a thing what the person said. Once it was found, its colour can be seen,
and its place at the end follows from where it is and how it moves. Pure functions; no model.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.agents.whereabouts import AS_SAID, last_pose, shape_of, ways
from engine.boxes import Boxes, Thing
from engine.media.masks import Shape
from engine.pocket.found import FoundThing
from engine.pocket.grammar import parse, plain_scene
from engine.pocket.vocabulary import COLOURS, SIZES
from engine.pocket.world import Thing as Actor

_PLAIN_COLOURED: Final = 0.3
"""Share of a thing's pixels that must be near one colour before it is called so."""
_NEAR: Final = 90.0
"""Distance in RGB, 0 to 255 each, up to which a pixel counts for a colour."""


def as_found(scene: str, found: Boxes, motion: str, picture: NDArray[np.uint8]) -> str:
    """The scene of the end, with colour, size and place of each chosen thing where it leaves them open.

    scene: only the pocket world's plain wording is added to; what a person has worded freely stays as it is. picture:
    uint8 (height, width, 3), of the size that the things were found in; motion: a sentence on what moves.
    """
    said = parse(scene)
    if not said.things or plain_scene(said.things, said.scene, said.style) != scene:
        return scene
    things = list(said.things)
    chosen = [found.things[index] for index in found.chosen]
    for thing, way in zip(chosen, ways(found, motion, AS_SAID), strict=True):
        number = _which(thing, things, alone=len(chosen) == 1)
        if number is not None:
            things[number] = _completed(things[number], shape_of(thing, (found.width, found.height)), way, picture)
    return plain_scene(things, said.scene, said.style)


def _which(thing: Thing, said: list[FoundThing], alone: bool) -> int | None:
    """Which of the things that are said it is; a thing that is alone may have become another one."""
    if alone and len(said) == 1:
        return 0
    nouns = {one.noun for one in parse(f"the {thing.word}").things}
    return next((number for number, one in enumerate(said) if one.noun in nouns), None)


def _completed(said: FoundThing, shape: Shape, way: FoundThing | None, picture: NDArray[np.uint8]) -> FoundThing:
    """The thing with what can be seen of it, and what follows."""
    if not shape.any():
        return said
    x, y, extent = last_pose(shape, way)
    return replace(
        said,
        colour=said.colour or colour_of(picture[shape]),
        size=said.size or min(SIZES, key=lambda name: abs(np.log(SIZES[name] / extent))),
        position=said.position or Actor(said.noun, "red", "small", "still", "slow", x, y, 0.5).position,
    )


def colour_of(pixels: NDArray[np.uint8]) -> str | None:
    """The colour of the vocabulary that most of these pixels are near; None where they are of none."""
    names = tuple(COLOURS)
    far = np.linalg.norm(pixels[:, None].astype(float) - np.array([COLOURS[name] for name in names]), axis=-1)
    near = far.argmin(axis=-1)[far.min(axis=-1) < _NEAR]
    counts = np.bincount(near, minlength=len(names))
    return names[int(counts.argmax())] if counts.max() >= _PLAIN_COLOURED * len(pixels) else None
