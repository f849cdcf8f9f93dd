"""Between a first and a last frame: both come out as given, and the middle as the truth has it.

Only clips whose middle is determined by their ends and their words: one thing that goes straight and steadily.
"""

from __future__ import annotations

import numpy as np

from engine.agent import Input
from engine.evaluate.judge import FRAMES
from engine.evaluate.pocket import psnr
from engine.evaluate.workbench import Row, Workbench, clip_of, png
from engine.pocket import grammar
from engine.pocket.world import Clip

_STRAIGHT = ("left", "right", "up", "down")


def straight_clip(number: int) -> Clip:
    """The number-th held-out clip in which one thing goes straight, before a camera that stands still."""
    return clip_of(number, _STRAIGHT)


def measure(bench: Workbench, number: int, seed: int) -> Row:
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
    middle = [psnr(a, b) for a, b in zip(made[1:-1], truth[1:-1], strict=True)]
    return {
        "first frame": psnr(made[0], truth[0]),
        "last frame": psnr(made[-1], truth[-1]),
        "middle": float(np.mean(middle)),
    }
