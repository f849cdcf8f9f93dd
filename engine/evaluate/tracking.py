"""Measure how well a mask follows a thing through a clip: overlap with the simulator's own masks, motion by motion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.agents.mask_tracker import followed
from engine.media.masks import grown
from engine.media.videos import Frames, encode_video, read_video
from engine.pocket.finding import SMALLEST, iou
from engine.pocket.render import FPS, Renderer, layout
from engine.pocket.vocabulary import MOTIONS
from engine.pocket.world import Clip, sample_clip

FRAMES = 17


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


def measure(plan: TrackingPlan, renderer: Renderer) -> TrackingReport:
    """The plan's figures."""
    found: dict[str, list[float]] = {}
    for clip in _clips(plan):
        found.setdefault(clip.things[0].motion, []).append(overlap(clip, plan.grow, renderer))
    scores = [score for each in found.values() for score in each]
    motions = {motion: _mean(found[motion]) for motion in MOTIONS}
    return TrackingReport(_mean(scores), round(min(scores), 4), motions)


def overlap(clip: Clip, grow: int, renderer: Renderer) -> float:
    """How well a mask on the first frame follows the clip's first thing, after the clip was a video file."""
    plan = layout([clip], FRAMES)
    drawn: Frames = renderer.render(plan)[0].permute(0, 2, 3, 1).contiguous().cpu().numpy()
    truth: NDArray[np.bool_] = renderer.masks(plan)[0, :, 0].cpu().numpy()
    frames = read_video(encode_video(drawn, FPS))[0]
    masks = followed(frames, {0: grown(truth[0], grow)})
    seen = [index for index in range(1, FRAMES) if truth[index].mean() > 2 * SMALLEST]
    return float(np.mean([iou(masks[index], grown(truth[index], grow)) for index in seen]))


def _clips(plan: TrackingPlan) -> Iterator[Clip]:
    """As many held-out clips of each motion; one to three things, of which the first is followed."""
    for seed in plan.seeds:
        missing = dict.fromkeys(MOTIONS, plan.clips)
        index = 10**6 * seed
        while any(missing.values()):
            clip = sample_clip(index, True, 1 + index % 3)
            clip = next((first for first in _each_first(clip) if missing[first.things[0].motion]), clip)
            if missing[clip.things[0].motion]:
                missing[clip.things[0].motion] -= 1
                yield clip
            index += 1


def _each_first(clip: Clip) -> Iterator[Clip]:
    """The clip with each of its things named first."""
    for number in range(len(clip.things)):
        yield replace(clip, things=(*clip.things[number:], *clip.things[:number]))


def _mean(values: list[float]) -> float:
    return round(float(np.mean(values)), 4)
