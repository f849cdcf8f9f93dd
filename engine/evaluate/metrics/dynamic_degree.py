"""Dynamic degree of VBench: does the video move at all?

Formula: of each pair of frames, r is the mean length of the largest 5 % (rounded down) of all flow vectors. A pair
moves where r > 6 * min(height, width) / 256. S = 1 where at least round(4 * n / 16) of the pairs of n frames move,
else 0.
Sampling: every max(1, round(fps / 8))-th frame, so 8 a second; where a video has fewer, the threshold is 8 / fps times
as high, as the published code has it since 2025. Python's round: halves go to the even neighbour.
Flow: RAFT. Source: VBench (arXiv:2311.17982), vbench/dynamic_degree.py; a benchmark's figure is the share of videos.

By hand: 8 frames of 256x256 at 8 a second, all vectors of one length a pair: 7, 7, 6, 0, 0, 0, 0. The threshold is 6
and not reached by 6; two pairs move, round(2) = 2 are asked for: S = 1. With 16 frames and these, four are: S = 0.
"""

from __future__ import annotations

import itertools

import numpy as np

from engine.evaluate.metrics.features import FlowEstimator, Footage, Vectors, at_least

_FPS = 8.0
_LARGEST = 0.05


def dynamic_degree(footage: Footage, estimator: FlowEstimator) -> float:
    """0 or 1. Raises VideoError where fewer than two frames are sampled."""
    frames = footage.frames[:: max(1, round(footage.fps / _FPS))]
    at_least(frames, 2)
    threshold = max(1.0, _FPS / footage.fps) * 6.0 * min(frames.shape[1:3]) / 256.0
    wanted = round(4 * len(frames) / 16)
    moving = 0
    for before, after in itertools.pairwise(frames):
        moving += largest(estimator.flow(before, after)) > threshold
        if moving >= wanted:
            return 1.0
    return 0.0


def largest(flow: Vectors) -> float:
    """Mean length of the longest 5 % of vectors (height, width, 2), pixels; 0 where that is less than one vector."""
    lengths = np.sort(np.hypot(flow[..., 0], flow[..., 1]).ravel())
    count = int(len(lengths) * _LARGEST)
    return float(lengths[-count:].mean()) if count else 0.0
