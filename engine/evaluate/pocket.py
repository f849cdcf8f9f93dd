"""Measure the pocket models against the truth: held-out prompts in, the judge's findings out, beside its own score.

Every clip walks the product's road: key frame from the scene, then the video from key frame, scene and motion. The
same clips, drawn by the simulator, are shown to the judge as well: that is the judge's own score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from engine.evaluate.judge import FRAMES, Judge, Seen
from engine.pocket import grammar
from engine.pocket.pipeline import PocketPipeline
from engine.pocket.render import Renderer, layout
from engine.pocket.world import Clip, sample_clip

Frames = NDArray[np.uint8]


@dataclass(frozen=True)
class Plan:
    """What to measure."""

    things: int
    """Things on stage."""
    prompts: int = 200
    """Held-out prompts."""
    seeds: tuple[int, ...] = (0, 1, 2)
    """Each prompt is made once with each seed."""
    steps: int = 6
    guidance_scale: float = 3.0
    key_frame_steps: int = 12
    batch: int = 16


@dataclass(frozen=True)
class Made:
    """One clip that was made, and what it should have been."""

    clip: Clip
    key_frame: Frames
    """(height, width, 3)"""
    frames: Frames
    """(frames, height, width, 3)"""


def generate(pipeline: PocketPipeline, plan: Plan, seed: int) -> Iterator[Made]:
    """Make every prompt of the plan once, key frame and video, as the app does."""
    for start in range(0, plan.prompts, plan.batch):
        clips = [sample_clip(i, True, plan.things) for i in range(start, min(start + plan.batch, plan.prompts))]
        scenes = [grammar.canonical_scene(clip) for clip in clips]
        both = [f"{scene}. {grammar.canonical_motion(clip)}" for scene, clip in zip(scenes, clips, strict=True)]
        options: dict[str, Any] = {"guidance_scale": plan.guidance_scale}
        images = pipeline(
            scenes, num_frames=1, num_inference_steps=plan.key_frame_steps, generator=_noise(clips, seed), **options
        ).frames[:, 0]
        first: Sequence[Image.Image] = [Image.fromarray(image) for image in images]
        videos = pipeline(
            both,
            known={0: first},
            num_frames=FRAMES,
            num_inference_steps=plan.steps,
            generator=_noise(clips, seed),
            **options,
        ).frames
        for clip, image, frames in zip(clips, images, videos, strict=True):
            yield Made(clip, image, frames)


def _noise(clips: Sequence[Clip], seed: int) -> list[torch.Generator]:
    return [torch.Generator("cpu").manual_seed(seed * 100_003 + clip.seed) for clip in clips]


def score(clip: Clip, seen: Seen) -> dict[str, bool]:
    """Which facts of the clip are seen; nouns: exactly those that were asked for."""
    found = {thing.noun: thing for thing in seen.things}
    there = [(thing, found.get(thing.noun)) for thing in clip.things]
    right = {
        "nouns": len(found) == len(clip.things) and all(seen_as is not None for _, seen_as in there),
        "motions": all(
            seen_as is not None
            and seen_as.motion == thing.motion
            and (thing.motion != "roll" or seen_as.direction == thing.direction)
            for thing, seen_as in there
        ),
        "speeds": all(
            seen_as is not None and (thing.motion == "still" or seen_as.speed == thing.speed)
            for thing, seen_as in there
        ),
        "scene": seen.scene == clip.scene,
        "camera": seen.camera == clip.camera,
    }
    colours = all(seen_as is not None and seen_as.colour == thing.colour for thing, seen_as in there)
    right["nouns and colours"] = right["nouns"] and colours
    right["nouns, colours, motions"] = right["nouns and colours"] and right["motions"]
    return right


def psnr(a: Frames, b: Frames) -> float:
    """Peak signal-to-noise ratio of two uint8 pictures, dB."""
    error = float(np.mean((a.astype(np.float64) - b.astype(np.float64)) ** 2))
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


def measure(pipeline: PocketPipeline, judge: Judge, plan: Plan) -> tuple[dict[str, Any], list[Made]]:
    """The plan's figures, percent right with the judge's own beside them; and the first seed's clips."""
    rows: list[dict[str, bool]] = []
    kept: list[Made] = []
    first_frames: list[float] = []
    for seed in plan.seeds:
        made = list(generate(pipeline, plan, seed))
        seen = judge.look(np.stack([each.frames for each in made]))
        rows += [score(each.clip, found) for each, found in zip(made, seen, strict=True)]
        first_frames += [psnr(each.key_frame, each.frames[0]) for each in made]
        kept = kept or made
    truth = judge_on_truth(judge, plan)
    report: dict[str, Any] = {
        name: {"generated": percent(rows, name), "judge on truth": percent(truth, name)} for name in rows[0]
    }
    report["first frame PSNR"] = {"mean": round(float(np.mean(first_frames)), 2), "least": round(min(first_frames), 2)}
    report["clips"] = len(rows)
    return report, kept


def judge_on_truth(judge: Judge, plan: Plan) -> list[dict[str, bool]]:
    """The judge's findings on the same clips, drawn by the simulator."""
    renderer = Renderer(judge.device)
    rows = []
    for start in range(0, plan.prompts, plan.batch):
        clips = [sample_clip(i, True, plan.things) for i in range(start, min(start + plan.batch, plan.prompts))]
        frames = renderer.render(layout(clips, FRAMES)).permute(0, 1, 3, 4, 2).contiguous().cpu().numpy()
        rows += [score(clip, found) for clip, found in zip(clips, judge.look(frames), strict=True)]
    return rows


def percent(rows: Sequence[dict[str, bool]], name: str) -> float:
    """Share of rows in which `name` holds, in percent."""
    return round(100 * sum(row[name] for row in rows) / len(rows), 1)
