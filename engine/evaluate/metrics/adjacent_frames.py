"""Adjacent-frame similarity: AIGCBench's GenVideo CLIP (adjacent frames), which is WorldGPT's temporal consistency.

Formula: S = 1/(n-1) * sum over i = 1..n-1 of cos(f_{i-1}, f_i), n at most 16; not held above 0.
Sampling: the first 16 frames. Encoder: CLIP ViT-L/14.
Sources: AIGCBench (arXiv:2401.01651), eval.py, compute_temporal_consistency; Yang et al., WorldGPT (arXiv:2403.07944),
whose paper has 0.992 for itself against 0.980 and 0.960.

By hand: features (1, 0), (0.6, 0.8), (-0.6, -0.8): cosines 0.6 and -1; S = -0.2.
"""

from __future__ import annotations

import itertools

from engine.evaluate.metrics.features import Footage, ImageEncoder, at_least, cosine
from engine.evaluate.metrics.text_similarity import FIRST


def adjacent_frames(footage: Footage, encoder: ImageEncoder) -> float:
    """-1..1. Raises VideoError for a single frame."""
    at_least(footage.frames, 2)
    features = encoder.images(footage.frames[:FIRST])
    steps = [cosine(before, after) for before, after in itertools.pairwise(features)]
    return sum(steps) / len(steps)
