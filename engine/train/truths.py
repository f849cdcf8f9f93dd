"""What is true of a clip, as numbers: what a judge learns to see, and what it is not asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.pocket.vocabulary import CAMERAS, COLOURS, MOTIONS, NOUNS, SCENES, STYLES
from engine.pocket.world import Clip

WHOLE = ("scene", "camera", "style")
"""What is true of a whole clip, in the order of the last rows of `truth`."""
_FADED = "film 1920s"
"""The style that has no colours."""
_ENDING = frozenset({"grow", "shrink", "fall"})
"""Motions that come to an end: nobody can tell them from a clip that begins late."""


def truth(clip: Clip) -> NDArray[np.int64]:
    """The clip's facts for a judge, (NOUNS + 3, 4).

    Row n: colour id (-1 in a style without colours), motion id (rolling left and right are told apart), speed id, 1 —
    or -1 everywhere for a noun that is not on stage. The last rows begin with the ids of scene, camera and style.
    """
    rows = np.full((len(NOUNS) + len(WHOLE), 4), -1, np.int64)
    colours = tuple(COLOURS)
    for thing in clip.things:
        motion = MOTIONS.index(thing.motion)
        if thing.motion == "roll" and thing.direction == "left":
            motion = len(MOTIONS)
        speed = -1 if thing.motion == "still" else int(thing.speed == "quick")
        colour = -1 if clip.style == _FADED else colours.index(thing.colour)
        rows[NOUNS.index(thing.noun)] = (colour, motion, speed, 1)
    rows[-3:, 0] = (SCENES.index(clip.scene), CAMERAS.index(clip.camera), STYLES.index(clip.style))
    return rows


def late_truth(clip: Clip) -> NDArray[np.int64]:
    """The facts of a clip that begins late: as `truth`, but with -1 for the motion and the speed of what may rest."""
    rows = truth(clip)
    for thing in clip.things:
        if thing.motion in _ENDING:
            rows[NOUNS.index(thing.noun), 1:3] = -1
    return rows
