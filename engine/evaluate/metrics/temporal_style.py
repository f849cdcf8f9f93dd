"""Temporal style of VBench: does the clip as a whole look like what the words say it does over time?

Formula: S = cos(video features, text features of the whole prompt).
Sampling: 8 frames, the middle of 8 equal stretches: borders are trunc(k * n / 8), a stretch's frame lies at
trunc((first + last) / 2). A video of fewer than 8 frames gives all of them, and its last one again up to 8.
Encoder: ViCLIP. Source: VBench (arXiv:2311.17982), vbench/temporal_style.py; Wang et al., InternVid
(arXiv:2307.06942).

By hand: 16 frames: borders 0, 2, … 16; stretches 0..1, 2..3, …; sampled are 0, 2, 4, … 14. Video (3, 4), text (4, 3):
24 / 25 = 0.96.
"""

from __future__ import annotations

import itertools

import numpy as np

from engine.evaluate.metrics.features import Footage, VideoAndTextEncoder, cosine

_FRAMES = 8


def temporal_style(footage: Footage, encoder: VideoAndTextEncoder) -> float:
    """-1..1."""
    sampled = footage.frames[sampled_indices(len(footage.frames))]
    return cosine(encoder.video(sampled), encoder.texts([footage.prompt]))


def sampled_indices(frames: int) -> list[int]:
    """Which of so many frames are looked at: 8 of them."""
    borders = np.linspace(0, frames, min(_FRAMES, frames) + 1).astype(int).tolist()
    middles = [(first + end - 1) // 2 for first, end in itertools.pairwise(borders)]
    return middles + [middles[-1]] * (_FRAMES - len(middles))
