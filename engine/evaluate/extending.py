"""A clip extended to four times its length: is it still the same thing, in its colour and place? Do colours hold?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from engine.agent import Input
from engine.agents.extender import CONTEXT
from engine.evaluate.cases import Case, Frames, Row
from engine.evaluate.judge import FRAMES
from engine.evaluate.workbench import Workbench, clip_of, mean_step, mp4, seam_step
from engine.pocket import grammar
from engine.pocket.world import Clip
from engine.types import Settings

TIMES = 4
_STAYING = ("still", "bounce", "spin", "orbit")
"""Motions that can go on for four clips without leaving the stage."""


def staying_clip(number: int) -> Clip:
    """The number-th held-out clip in which one thing moves on the spot, before a camera that stands still."""
    return clip_of(number, _STAYING)


def extended(bench: Workbench, clip: Clip, seed: int, direction: str = "forwards") -> list[Frames]:
    """The true clip and the segments made after it (or before it), in the order in which they were made."""
    segments = [bench.truth(clip)]
    words: dict[str, Input] = {
        "scene": grammar.canonical_scene(clip),
        "motion": grammar.canonical_motion(clip),
        "avoid": "",
    }
    while sum(len(segment) for segment in segments) < TIMES * FRAMES:
        recent = segments[-2:] if direction == "forwards" else segments[:-3:-1]
        inputs: dict[str, Input] = {"clip": mp4(np.concatenate(recent)), "anchor": mp4(segments[0]), **words}
        settings: Settings = {"direction": direction, "frames": FRAMES}
        segments.append(bench.film("extender", inputs, seed + len(segments), settings))
    return segments


def measure(bench: Workbench, number: int, seed: int) -> Case:
    """`noun, colour, scene` in the last two seconds (0 or 1); `drift` of the mean colour, of 255, a segment;
    `seams`: the mean step across the seams by the mean step inside the segments that were made."""
    clip = staying_clip(number)
    segments = extended(bench, clip, seed)
    strips = {"source": segments[0], "extended": np.concatenate(segments[1:])}
    return Case(row(bench, clip, segments), f"goes on: {grammar.canonical_motion(clip)}", strips)


def on_truth(bench: Workbench, number: int) -> Row:
    """The same of the clip as the simulator goes on drawing it, in segments as long as those that are made."""
    clip = staying_clip(number)
    return row(
        bench, clip, np.split(bench.truth(clip, TIMES * FRAMES), range(FRAMES, TIMES * FRAMES, FRAMES - CONTEXT))
    )


def row(bench: Workbench, clip: Clip, segments: Sequence[Frames]) -> Row:
    """The figures of a film of these segments, of which every one should show what the clip does."""
    film = np.concatenate(segments)
    seen = bench.look(film[-FRAMES:])
    thing = clip.things[0]
    there = [(each.noun, each.colour) for each in seen.things] == [(thing.noun, thing.colour)]
    colours = np.stack([segment.reshape(-1, 3).mean(axis=0) for segment in segments])
    seams = [seam_step(a, b) for a, b in pairwise(segments)]
    inside = [mean_step(segment) for segment in segments]
    return {
        "noun, colour, scene": float(there and seen.scene == clip.scene),
        "drift": float(np.abs(colours[-1] - colours[0]).max() / (len(segments) - 1)),
        "seams": float(np.mean(seams)) / max(float(np.mean(inside)), 0.25),
    }
