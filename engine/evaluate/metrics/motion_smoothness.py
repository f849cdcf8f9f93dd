"""Motion smoothness of VBench: can the frames between be made of their neighbours?

Formula: every odd frame is dropped and made again from the even ones around it; S = (255 - E) / 255, where E is the
mean over those frames of the mean absolute difference of all pixels and channels, 0..255.
Sampling: every frame; where the last one is odd it has no neighbour behind it, and does not count.
Interpolator: AMT-S. Source: VBench (arXiv:2311.17982), vbench/motion_smoothness.py.

By hand: frames of one value each, 0, 40, 100, 100, 100, and an interpolator that takes means. Made are 50 and 100;
differences 10 and 0; E = 5; S = 250 / 255 = 0.98039216.
"""

from __future__ import annotations

import numpy as np

from engine.evaluate.metrics.features import Footage, Interpolator, at_least


def motion_smoothness(footage: Footage, interpolator: Interpolator) -> float:
    """0..1. Raises VideoError for fewer than three frames."""
    at_least(footage.frames, 3)
    errors = []
    for middle in range(1, len(footage.frames) - 1, 2):
        made = interpolator.between(footage.frames[middle - 1], footage.frames[middle + 1])
        errors.append(float(np.abs(made.astype(np.int16) - footage.frames[middle]).mean()))
    return (255.0 - sum(errors) / len(errors)) / 255.0
