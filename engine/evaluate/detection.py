"""Measure the detector against the simulator's masks, on held-out clips: found things, their masks, false alarms."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.pocket.detector import PocketDetector
from engine.pocket.finding import SMALLEST, box_iou, box_of, iou, pieces
from engine.pocket.render import Renderer, layout
from engine.pocket.vocabulary import COLOURS, NOUNS
from engine.pocket.world import Clip, sample_clip

THRESHOLD = 0.7
"""Score from which the detector says that a thing is there."""
FRAMES = 17


@dataclass(frozen=True)
class DetectionPlan:
    """What to measure."""

    things: int = 3
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


def exams(plan: DetectionPlan, seed: int, renderer: Renderer) -> Iterator[Exam]:
    """The frames and phrases of one seed."""
    for index in range(plan.frames):
        clip = replace(sample_clip(10**6 * seed + index, True, plan.things), style=plan.style)
        yield _exam(clip, random.Random(f"exam/{clip.seed}"), renderer)


def _exam(clip: Clip, rng: random.Random, renderer: Renderer) -> Exam:
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


def measure(detector: PocketDetector, plan: DetectionPlan, renderer: Renderer) -> DetectionReport:
    """The plan's figures."""
    hits: list[bool] = []
    overlaps: list[float] = []
    absent: list[bool] = []
    recoloured: list[bool] = []
    spent: list[float] = []
    for seed in plan.seeds:
        for exam in exams(plan, seed, renderer):
            phrases = [*(phrase for phrase, _ in exam.named), exam.absent, exam.recoloured]
            began = time.perf_counter()
            sure = detector.look(exam.frame[None], phrases)[0]
            found = [pieces(each, plan.threshold) for each in sure]
            spent.append(time.perf_counter() - began)
            for (_, mask), things in zip(exam.named, found, strict=False):
                best = max((box_iou(piece.box, box_of(mask)) for piece in things), default=0.0)
                hits.append(best > 0.5)
                union = np.any([piece.mask for piece in things], axis=0) if things else np.zeros_like(mask)
                overlaps.append(iou(union, mask))
            absent.append(bool(found[-2]))
            recoloured.append(bool(found[-1]))
    return DetectionReport(_mean(hits), _mean(overlaps), _mean(absent), _mean(recoloured), len(hits), _mean(spent))


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 4)
