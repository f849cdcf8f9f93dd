"""Between a first and a last frame: both come out as given, and the middle as the truth has it.

Only clips whose middle is determined by their ends and their words: one thing that goes straight and steadily.
"""

from __future__ import annotations

import numpy as np

from engine.agent import Input
from engine.evaluate.cases import Case, Frames, Row
from engine.evaluate.judge import FRAMES
from engine.evaluate.pocket import psnr
from engine.evaluate.workbench import Workbench, clip_of, png, stored
from engine.pocket import grammar
from engine.pocket.world import Clip

_STRAIGHT = ("left", "right", "up", "down")


def straight_clip(number: int) -> Clip:
    """The number-th held-out clip in which one thing goes straight, before a camera that stands still."""
    return clip_of(number, _STRAIGHT)


def measure(bench: Workbench, number: int, seed: int) -> Case:
    """`first frame`, `last frame`, `middle`: PSNR against the truth, dB."""
    clip = straight_clip(number)
    truth = bench.truth(clip)
    inputs: dict[str, Input] = {
        "image": png(truth[0]),
        "last_image": png(truth[-1]),
        "scene": grammar.canonical_scene(clip),
        "motion": grammar.canonical_motion(clip),
        "avoid": "",
    }
    made = bench.film("image_to_video", inputs, seed, {"frames": FRAMES})
    asked = f"from the first to the last frame: {grammar.canonical_motion(clip)}"
    return Case(_row(made, truth), asked, {"truth": truth, "made": made})


def on_truth(bench: Workbench, number: int) -> Row:
    """The same of the truth itself, once it was a video file."""
    truth = bench.truth(straight_clip(number))
    return _row(stored(truth), truth)


def _row(made: Frames, truth: Frames) -> Row:
    return {
        "first frame": psnr(made[0], truth[0]),
        "last frame": psnr(made[-1], truth[-1]),
        "middle": float(np.mean([psnr(a, b) for a, b in zip(made[1:-1], truth[1:-1], strict=True)])),
    }
