"""The detector as the studio asks it, in keywords: engine.evaluate.detection's questions put to the agent."""

from __future__ import annotations

import numpy as np

from engine import boxes
from engine.boxes import Thing
from engine.evaluate import detection
from engine.evaluate.cases import Case
from engine.evaluate.workbench import Workbench, png
from engine.media.masks import from_run_lengths
from engine.pocket.finding import Piece
from engine.pocket.world import sample_clip


def measure(bench: Workbench, number: int, seed: int) -> Case:
    """The agent's figures on one frame: `box found`, `mask overlap`, `false alarm`, each a share.

    Half of the phrases for what is not there name an absent thing, the others a thing there in a wrong colour.
    """
    exam = detection.exam(sample_clip(10**6 * seed + number, True, detection.THINGS), bench.renderer)
    words = [phrase.removeprefix("the ") for phrase in exam.phrases]
    found = boxes.decode(bench.make("detector", {"image": png(exam.frame), "words": ", ".join(words)}, seed, {}))
    size = (found.width, found.height)
    shapes = [[_piece(thing, size) for thing in found.things if thing.word == word] for word in words]
    graded = detection.grade(exam, shapes)
    row = {
        "box found": float(np.mean(graded.hits)),
        "mask overlap": float(np.mean(graded.overlaps)),
        "false alarm": (graded.absent + graded.recoloured) / 2,
    }
    return Case(row, ", ".join(words))


def _piece(thing: Thing, size: tuple[int, int]) -> Piece:
    left, top, right, bottom = (round(side) for side in thing.box)
    return Piece(from_run_lengths(thing.mask, size), (left, top, right, bottom), thing.score)
