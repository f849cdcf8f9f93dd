"""Measure how well a mask follows a thing through a clip: overlap with the simulator's own masks, motion by motion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from engine.agents.mask_tracker import followed
from engine.evaluate.cases import Case
from engine.evaluate.workbench import Workbench
from engine.media.masks import grown
from engine.media.videos import Frames, encode_video, read_video
from engine.pocket import grammar
from engine.pocket.finding import SMALLEST, iou
from engine.pocket.render import FPS, Renderer, layout
from engine.pocket.vocabulary import MOTIONS
from engine.pocket.world import Clip, sample_clip

FRAMES = 17
_APART = 400
"""Indices from which one clip is looked for: far enough that no two numbers find the same."""
_GROWN = 4


@dataclass(frozen=True)
class TrackingPlan:
    """What to measure."""

    clips: int = 2
    """Held-out clips of each motion, for each seed."""
    seeds: tuple[int, ...] = (0, 1, 2)
    grow: int = 0
    """Pixels by which the mask is larger than the thing, as a mask maker leaves it."""


@dataclass(frozen=True)
class TrackingReport:
    """Overlap (intersection over union) with the truth, over all frames but the first in which the thing is seen."""

    mean: float
    worst: float
    """Mean of the worst clip."""
    motions: dict[str, float]
    """The mean of each motion."""


def survey(plan: TrackingPlan, renderer: Renderer) -> TrackingReport:
    """The plan's figures, motion by motion."""
    found: dict[str, list[float]] = {}
    for seed in plan.seeds:
        for number in range(plan.clips * len(MOTIONS)):
            clip = moving_clip(number, seed)
            found.setdefault(clip.things[0].motion, []).append(overlap(clip, plan.grow, renderer))
    scores = [score for each in found.values() for score in each]
    motions = {motion: _mean(found[motion]) for motion in MOTIONS}
    return TrackingReport(_mean(scores), round(min(scores), 4), motions)


def measure(bench: Workbench, number: int, seed: int) -> Case:
    """`overlap` with the thing's own mask, and `overlap, grown`: with one as a mask maker leaves it; shares."""
    clip = moving_clip(number, seed)
    row = {name: overlap(clip, grow, bench.renderer) for name, grow in (("overlap", 0), ("overlap, grown", _GROWN))}
    return Case(row, f"follows the {clip.things[0].noun}: {grammar.canonical_motion(clip)}")


def overlap(clip: Clip, grow: int, renderer: Renderer) -> float:
    """How well a mask on the first frame follows the clip's first thing, after the clip was a video file."""
    plan = layout([clip], FRAMES)
    drawn: Frames = renderer.render(plan)[0].permute(0, 2, 3, 1).contiguous().cpu().numpy()
    truth: NDArray[np.bool_] = renderer.masks(plan)[0, :, 0].cpu().numpy()
    frames = read_video(encode_video(drawn, FPS))[0]
    masks = followed(frames, {0: grown(truth[0], grow)})
    seen = [index for index in range(1, FRAMES) if truth[index].mean() > 2 * SMALLEST]
    return float(np.mean([iou(masks[index], grown(truth[index], grow)) for index in seen]))


def moving_clip(number: int, seed: int) -> Clip:
    """A held-out clip of one to three things whose first does one of the motions, which are asked for in turn."""
    motion = MOTIONS[number % len(MOTIONS)]
    indices = count(10**6 * seed + number * _APART)
    things = (_with_first(sample_clip(index, True, 1 + index % 3), motion) for index in indices)
    return next(clip for clip in things if clip is not None)


def _with_first(clip: Clip, motion: str) -> Clip | None:
    """The clip with a thing of that motion named first, if it has one."""
    ordered = sorted(clip.things, key=lambda thing: thing.motion != motion)
    return replace(clip, things=tuple(ordered)) if ordered[0].motion == motion else None


def _mean(values: list[float]) -> float:
    return round(float(np.mean(values)), 4)
