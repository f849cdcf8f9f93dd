"""Flow-Square-Mean of AIGCBench: how much moves, in squared pixels a frame.

Formula: S = mean over pairs of adjacent frames, and over all pixels, of u^2 + v^2.
Sampling: the first 16 frames. Flow: RAFT. Source: AIGCBench (arXiv:2401.01651), section on motion effects; its code is
not public, so that this reading of the words is ours.

By hand: two pairs, (3, 4) everywhere in the first, nothing in the second: (25 + 0) / 2 = 12.5.
"""

from __future__ import annotations

import itertools

import numpy as np

from engine.evaluate.metrics.features import FlowEstimator, Footage, at_least
from engine.evaluate.metrics.text_similarity import FIRST


def flow_square_mean(footage: Footage, estimator: FlowEstimator) -> float:
    """0 or more. Raises VideoError for a single frame."""
    at_least(footage.frames, 2)
    frames = footage.frames[:FIRST]
    squares = [
        float((np.asarray(estimator.flow(before, after), np.float64) ** 2).sum(-1).mean())
        for before, after in itertools.pairwise(frames)
    ]
    return sum(squares) / len(squares)
