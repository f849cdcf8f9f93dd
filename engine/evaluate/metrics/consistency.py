"""Subject consistency and background consistency of VBench: one formula, two encoders.

Formula: S = 1/(n-1) * sum over i = 1..n-1 of (max(0, cos(f_i, f_{i-1})) + max(0, cos(f_i, f_0))) / 2.
Sampling: every frame. Encoders: DINO ViT-B/16 for the subject, CLIP ViT-B/32 for the background.
Source: Huang et al., VBench, CVPR 2024 (arXiv:2311.17982), vbench/subject_consistency.py and
vbench/background_consistency.py; a benchmark's figure is the mean over videos.

By hand: f = (1, 0), (0, 1), (0.6, 0.8). Frame 1: cosines 0 and 0, gives 0. Frame 2: 0.8 with the one before, 0.6 with
the first, gives 0.7. S = (0 + 0.7) / 2 = 0.35.
"""

from __future__ import annotations

import itertools

from engine.evaluate.metrics.features import Footage, ImageEncoder, Vectors, at_least, cosine


def consistency(footage: Footage, encoder: ImageEncoder) -> float:
    """0..1. Raises VideoError for a single frame."""
    at_least(footage.frames, 2)
    return of_features(encoder.images(footage.frames))


def of_features(features: Vectors) -> float:
    """The formula on features (frames, features), two frames or more."""
    steps = [
        (max(0.0, cosine(now, before)) + max(0.0, cosine(now, features[0]))) / 2
        for before, now in itertools.pairwise(features)
    ]
    return sum(steps) / len(steps)
