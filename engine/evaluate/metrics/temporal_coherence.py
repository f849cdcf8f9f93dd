"""Mora's TCON and Tmean: does a video that goes on, or lies between two, belong to what it was made from?

Formulas: TCON = cos(features of the input video, features of the output video).
Tmean = (TCON of the first input and the output + TCON of the second input and the output) / 2.
Sampling: as the video encoder has it. Encoder: ViCLIP. Source: Yuan et al., Mora (arXiv:2403.13248), metrics for
extending and connecting videos.

By hand: inputs (1, 0) and (0, 1), output (0.6, 0.8): TCON 0.6 and 0.8, Tmean 0.7.
"""

from __future__ import annotations

from engine.errors import VideoError
from engine.evaluate.metrics.features import Footage, VideoEncoder, cosine
from engine.evaluate.metrics.reference import reference_of


def tcon(footage: Footage, encoder: VideoEncoder) -> float:
    """-1..1, against the reference, which is the input video. Raises VideoError where there is none."""
    return cosine(encoder.video(reference_of(footage)), encoder.video(footage.frames))


def tmean(footage: Footage, encoder: VideoEncoder) -> float:
    """-1..1. Raises VideoError where one of the two inputs is missing."""
    if footage.second is None:
        raise VideoError("The second video that this one connects is missing", "Name the folder that it is in.")
    made = encoder.video(footage.frames)
    inputs = (reference_of(footage), footage.second)
    return sum(cosine(encoder.video(one), made) for one in inputs) / len(inputs)
