"""A long text to video: four segments, each going on from the one before. Is it still the same at the end?"""

from __future__ import annotations

import numpy as np

from engine.agents.extender import CONTEXT
from engine.evaluate.cases import Case, Row
from engine.evaluate.extending import row, staying_clip
from engine.evaluate.judge import FRAMES
from engine.evaluate.roads import Road, walk
from engine.evaluate.workbench import Workbench, frames_of
from engine.pocket import grammar
from engine.prompts import Prompt

SEGMENTS = 4
_NEW = FRAMES - CONTEXT
"""Frames of each segment after the first."""


def measure(bench: Workbench, number: int, seed: int) -> Case:
    """The figures of engine.evaluate.extending; every shot does the same."""
    clip = staying_clip(number)
    shots = {f"shot_{shot}": grammar.canonical_motion(clip) for shot in range(1, SEGMENTS + 1)}
    words = {"scene": grammar.canonical_scene(clip), **shots, "avoid": ""}
    typed = f"{words['scene']}. {words['shot_1']}."
    given = {"prompt": Prompt(typed, words).encode()}
    made = walk(bench, Road("text-to-video", typed, options={"segments": SEGMENTS}, given=given), seed)
    segments = [frames_of(made[f"segment_{segment}"]) for segment in range(1, SEGMENTS + 1)]
    return Case(row(bench, clip, segments), f"{SEGMENTS} segments: {typed}", {"film": np.concatenate(segments)})


def on_truth(bench: Workbench, number: int) -> Row:
    """The same of the clip as the simulator goes on drawing it."""
    clip = staying_clip(number)
    film = bench.truth(clip, FRAMES + (SEGMENTS - 1) * _NEW)
    return row(bench, clip, np.split(film, range(FRAMES, len(film), _NEW)))
