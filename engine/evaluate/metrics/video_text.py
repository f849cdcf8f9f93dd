"""Mora's VideoTI (video-text integration): does a video show what its picture and its words say together?

Formula: VideoTI = cos(e(T_mix), e(T_v)): T_v is what a captioner says of the video, T_mix what it says of the picture
behind the words that were typed, e a sentence encoder.
Sampling: as the captioner has it. In the paper LLaVA describes the picture, Video-LLaMA the video, and BERT reads both.
Source: Yuan et al., Mora (arXiv:2403.13248), metrics for text-conditional image-to-video.

By hand: e(T_mix) = (1, 1), e(T_v) = (1, 0): 1 / sqrt(2) = 0.70710678.
"""

from __future__ import annotations

from engine.errors import ImageError
from engine.evaluate.metrics.features import Captioner, Footage, TextEncoder, cosine


def video_text_integration(footage: Footage, captioner: Captioner, encoder: TextEncoder) -> float:
    """-1..1. Raises ImageError where there is no picture."""
    if footage.image is None:
        raise ImageError("The picture that the video began with is missing", "Name the folder that it is in.")
    mixed = f"{footage.prompt} {captioner.describe(footage.image[None])}".strip()
    both = encoder.texts([mixed, captioner.describe(footage.frames)])
    return cosine(both[0], both[1])
