"""Measure the detector against the simulator's masks, on held-out clips: found things, their masks, false alarms."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.pocket.detector import PocketDetector
from engine.pocket.finding import SMALLEST, Piece, box_iou, box_of, iou, pieces
from engine.pocket.render import Renderer, layout
from engine.pocket.vocabulary import COLOURS, NOUNS
from engine.pocket.world import Clip, sample_clip

THRESHOLD = 0.7
"""Score from which the detector says that a thing is there."""
FRAMES = 17
THINGS = 3


@dataclass(frozen=True)
class DetectionPlan:
    """What to measure."""

    things: int = THINGS
    """Things on stage."""
    frames: int = 200
    """Frames for each seed, each of another held-out clip, at a random moment."""
    seeds: tuple[int, ...] = (0, 1, 2)
    threshold: float = THRESHOLD
    style: str = "flat"
    """One of the vocabulary's STYLES."""


@dataclass(frozen=True)
class DetectionReport:
    """Figures over all seeds; shares are 0..1."""

    box_found: float
    """Share of named things whose best box overlaps the true one by more than half."""
    mask_iou: float
    """Mean overlap of all that was found for a name with the thing's true mask."""
    alarm_absent: float
    """Share of nouns that are not there, for which something was found."""
    alarm_colour: float
    """Share of things there, named in a wrong colour, for which something was found."""
    named: int
    """Things asked for that were there."""
    seconds: float
    """Mean time for a frame and its phrases."""

    @property
    def false_alarms(self) -> float:
        """Share of all phrases for what is not there that found something; as many of one sort as of the other."""
        return (self.alarm_absent + self.alarm_colour) / 2


@dataclass(frozen=True, eq=False)
class Exam:
    """One frame and what is asked about it."""

    frame: NDArray[np.uint8]
    """(size, size, 3)"""
    named: tuple[tuple[str, NDArray[np.bool_]], ...]
    """Phrases for things that can be seen, with their masks."""
    absent: str
    """A noun that is not there."""
    recoloured: str
    """A thing that is there, in a colour that nothing there has."""

    @property
    def phrases(self) -> list[str]:
        """All that is asked: what is there, then what is absent, then what has another colour."""
        return [*(phrase for phrase, _ in self.named), self.absent, self.recoloured]


@dataclass(frozen=True)
class Grade:
    """How one frame was seen."""

    hits: list[bool]
    """Of each named thing: whether its best box overlaps the true one by more than half."""
    overlaps: list[float]
    """Of each named thing: the overlap of all that was found with its true mask."""
    absent: bool
    """Whether the noun that is not there was found."""
    recoloured: bool
    """Whether the thing in a wrong colour was found."""


def exams(plan: DetectionPlan, seed: int, renderer: Renderer) -> Iterator[Exam]:
    """The frames and phrases of one seed."""
    for index in range(plan.frames):
        clip = replace(sample_clip(10**6 * seed + index, True, plan.things), style=plan.style)
        yield exam(clip, renderer)


def exam(clip: Clip, renderer: Renderer) -> Exam:
    """One frame of a clip, at a random moment, and its phrases."""
    rng = random.Random(f"exam/{clip.seed}")
    moment = rng.randrange(FRAMES)
    shot = layout([clip], FRAMES)
    shot = replace(shot, transforms=shot.transforms[:, [moment]], cameras=shot.cameras[:, [moment]])
    masks = renderer.masks(shot)[0, 0].cpu().numpy()
    named = []
    for thing, mask in zip(clip.things, masks, strict=False):
        if mask.sum() > 2 * SMALLEST * mask.size:
            phrase = f"the {thing.noun}" if rng.random() < 0.5 else f"the {thing.colour} {thing.noun}"
            named.append((phrase, mask))
    absent = rng.choice([noun for noun in NOUNS if all(noun != thing.noun for thing in clip.things)])
    colour = rng.choice([colour for colour in COLOURS if all(colour != thing.colour for thing in clip.things)])
    frame = renderer.render(shot)[0, 0].permute(1, 2, 0).contiguous().cpu().numpy()
    return Exam(frame, tuple(named), f"the {absent}", f"the {colour} {rng.choice(clip.things).noun}")


def look(detector: PocketDetector, plan: DetectionPlan, renderer: Renderer) -> DetectionReport:
    """The plan's figures, of a model that is asked directly."""
    grades: list[Grade] = []
    spent: list[float] = []
    for seed in plan.seeds:
        for one in exams(plan, seed, renderer):
            began = time.perf_counter()
            sure = detector.look(one.frame[None], one.phrases)[0]
            found = [pieces(each, plan.threshold) for each in sure]
            spent.append(time.perf_counter() - began)
            grades.append(grade(one, found))
    hits = [hit for each in grades for hit in each.hits]
    return DetectionReport(
        _mean(hits),
        _mean([overlap for each in grades for overlap in each.overlaps]),
        _mean([each.absent for each in grades]),
        _mean([each.recoloured for each in grades]),
        len(hits),
        _mean(spent),
    )


def grade(exam: Exam, found: Sequence[Sequence[Piece]]) -> Grade:
    """What was found for each of the exam's phrases, against the truth."""
    hits: list[bool] = []
    overlaps: list[float] = []
    for (_, mask), things in zip(exam.named, found, strict=False):
        best = max((box_iou(piece.box, box_of(mask)) for piece in things), default=0.0)
        hits.append(best > 0.5)
        union = np.any([piece.mask for piece in things], axis=0) if things else np.zeros_like(mask)
        overlaps.append(iou(union, mask))
    return Grade(hits, overlaps, bool(found[-2]), bool(found[-1]))


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 4)
