"""Aesthetic quality and imaging quality of VBench: a rater's mark for every frame, as a share of its scale.

Formula: S = mean over frames of the mark / scale. Aesthetic: the LAION head on CLIP ViT-L/14, marks 0..10, scale 10.
Imaging: MUSIQ trained on SPAQ, marks 0..100, scale 100. Sampling: every frame.
Source: VBench (arXiv:2311.17982), vbench/aesthetic_quality.py and vbench/imaging_quality.py.

By hand: marks 4, 5 and 6 of 10: 0.5. Marks 30 and 61 of 100: 0.455.
"""

from __future__ import annotations

from engine.evaluate.metrics.features import Footage, Rater

AESTHETIC_SCALE = 10.0
IMAGING_SCALE = 100.0


def aesthetic_quality(footage: Footage, rater: Rater) -> float:
    """A share of the scale, usually 0..1."""
    return float(rater.rate(footage.frames).mean()) / AESTHETIC_SCALE


def imaging_quality(footage: Footage, rater: Rater) -> float:
    """A share of the scale, usually 0..1."""
    return float(rater.rate(footage.frames).mean()) / IMAGING_SCALE
