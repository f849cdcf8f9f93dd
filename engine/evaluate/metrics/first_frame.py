"""Is the picture kept that a video was to begin with? AIGCBench's MSE (first), SSIM (first) and Image-GenVideo CLIP.

Formulas: MSE = mean over pixels and channels of the squared difference of the levels 0..255, between the picture and
the first frame, brought to the picture's size (bilinear, as OpenCV does it). SSIM: see engine.evaluate.metrics.ssim, of
the same two. CLIP = mean over frames of cos(picture features, frame features).
Sampling: the first frame; for CLIP the first 16 (the public code takes every frame, and its videos have 16).
Encoder: CLIP ViT-L/14. Source: AIGCBench (arXiv:2401.01651), eval.py.

By hand: picture of 10, first frame of 13 in all channels: MSE = 9. Features (1, 0) and frames (1, 0), (0.6, 0.8):
CLIP = 0.8.
"""

from __future__ import annotations

import numpy as np

from engine.errors import ImageError
from engine.evaluate.metrics.features import Footage, Frames, ImageEncoder, cosine
from engine.evaluate.metrics.ssim import resized, ssim
from engine.evaluate.metrics.text_similarity import FIRST


def first_frame_mse(footage: Footage) -> float:
    """0..65025; less is better."""
    picture = _picture(footage)
    difference = picture.astype(np.float64) - resized(footage.frames[0], picture)
    return float((difference**2).mean())


def first_frame_ssim(footage: Footage) -> float:
    """-1..1."""
    picture = _picture(footage)
    return ssim(picture, resized(footage.frames[0], picture))


def image_similarity(footage: Footage, encoder: ImageEncoder) -> float:
    """-1..1."""
    picture = encoder.images(_picture(footage)[None])
    seen = [cosine(picture, features) for features in encoder.images(footage.frames[:FIRST])]
    return sum(seen) / len(seen)


def _picture(footage: Footage) -> Frames:
    if footage.image is None:
        raise ImageError("The picture that the video began with is missing", "Name the folder that it is in.")
    return footage.image
