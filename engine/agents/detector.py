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
from engine.models.finding.finder import FINDERS
from engine.models.lease import Lease
from engine.pocket.finding import Piece
from engine.pocket.naming import named
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
        """The things found, all of them chosen. Settings: profile (which detector looks), threshold (the least score;
        what it may be, each family of detectors says).

        Raises ImageError for a picture that cannot be used, SettingError for another threshold or detector.
        """
        row = self._lease.detector(settings)
        finder = FINDERS[row.driver]
        threshold = number(settings, "threshold", float(row.defaults["threshold"] or 0), finder.limits)
        image = np.asarray(picture(inputs["image"]))
        names = named(text(inputs["words"]))[:_MOST]
        reporter.report(Progress("waiting for the model"))
        with self._lease.borrow(row) as loaded:
            reporter.report(Progress("looking"))
            found = finder.find(loaded.pipeline, image, names, threshold)
            revision = loaded.revision
        boxes = _boxes(found, image.shape[1], image.shape[0])
        return Draft(
            kind="boxes",
            data=boxes.encode(),
            suffix=".json",
            settings={**settings, "threshold": threshold},
            model=row.name,
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
