"""Detector: finds in a picture what the words name, each thing with its box, its shape and a score."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.agent import Draft, Input, Progress, Reporter
from engine.agents.choices import number
from engine.agents.facts import noted
from engine.agents.reporting import picture, text
from engine.boxes import Boxes, Thing, facts
from engine.media.masks import run_lengths
from engine.models.lease import Lease
from engine.models.profiles import DETECTOR
from engine.pocket.finding import Piece, pieces
from engine.pocket.naming import named, spoken
from engine.types import Kind, Settings

_MOST = 24
"""Names that are looked for in one picture."""


class Detector:
    """Looks for what keywords or an instruction name. Finding nothing is an answer, not an error."""

    name = "detector"
    needs = frozenset({"image", "words"})
    takes: frozenset[str] = frozenset()
    yields: Kind = "boxes"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """The things found, all of them chosen. Settings: threshold, the least score, 0.5 to 0.99.

        Raises ImageError for a picture that cannot be used, SettingError for another threshold.
        """
        threshold = number(settings, "threshold", float(DETECTOR.defaults["threshold"] or 0), (0.5, 0.99))
        image = np.asarray(picture(inputs["image"]))
        names = named(text(inputs["words"]))[:_MOST]
        reporter.report(Progress("waiting for the model"))
        with self._lease.borrow(DETECTOR) as loaded:
            reporter.report(Progress("looking"))
            sure = loaded.pipeline.look(image[None], [spoken(name) for name in names])[0]
            revision = loaded.revision
        found = {name: pieces(each, threshold) for name, each in zip(names, sure, strict=True)}
        boxes = _boxes(found, image.shape[1], image.shape[0])
        return Draft(
            kind="boxes",
            data=boxes.encode(),
            suffix=".json",
            settings={**settings, "threshold": threshold},
            model=DETECTOR.name,
            revision=revision,
            facts={**facts(boxes), **noted(_note(boxes, names))},
        )


def _boxes(found: Mapping[str, list[Piece]], width: int, height: int) -> Boxes:
    """All things, the surest first, each chosen."""
    things = [
        Thing(name, round(piece.score, 3), piece.box, run_lengths(piece.mask))
        for name, each in found.items()
        for piece in each
    ]
    things.sort(key=lambda thing: -thing.score)
    missing = tuple(name for name, each in found.items() if not each)
    return Boxes(width, height, tuple(things), tuple(range(len(things))), missing)


def _note(boxes: Boxes, names: tuple[str, ...]) -> str:
    """What there is to say when something was not found, or not asked for."""
    if not names:
        return "The words name no thing that is there: nothing was looked for, and the whole picture may change."
    if not boxes.missing:
        return ""
    words = ", ".join(boxes.missing)
    return f"Not found in the picture: {words}. Say it in other words, or paint the mask in the next step."
