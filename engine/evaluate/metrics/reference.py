"""A video against the one that it should be like: AIGCBench's GenVideo-RefVideo scores.

Formulas: CLIP = mean over sampled pairs of cos(reference features, features); SSIM = mean over them of
engine.evaluate.metrics.ssim, the video at the reference's size.
Sampling: *key frames*: frames 0, 4, 8, 12, 15 of the video against frames 10 + 3 k of the reference, since AIGCBench's
references run three times as fast and begin with their tenth frame. *Corresponding frames*: the first 16 of both, one
by one; this one is not in the public code, and its sampling is ours.
Encoder: CLIP ViT-L/14. Source: AIGCBench (arXiv:2401.01651), eval.py. There the video is brought to the reference's
height x width instead of width x height before CLIP sees it; that is mended here.

By hand: features of the five key frames equal to the reference's in four, at right angles in one: CLIP = 0.8.
"""

from __future__ import annotations

from engine.errors import VideoError
from engine.evaluate.metrics.features import Footage, Frames, ImageEncoder, at_least, cosine
from engine.evaluate.metrics.ssim import resized, ssim
from engine.evaluate.metrics.text_similarity import FIRST

KEY_FRAMES = (0, 4, 8, 12, 15)
_BEGINS, _APART = 10, 3


def key_frame_similarity(footage: Footage, encoder: ImageEncoder) -> float:
    """-1..1. Raises VideoError where there is no reference, or one of the two is too short."""
    reference = _key_frames(footage)
    return _likeness(reference, footage.frames[list(KEY_FRAMES)], encoder)


def key_frame_ssim(footage: Footage) -> float:
    """-1..1. Raises as `key_frame_similarity` does."""
    pairs = zip(_key_frames(footage), footage.frames[list(KEY_FRAMES)], strict=True)
    return sum(ssim(true, resized(frame, true)) for true, frame in pairs) / len(KEY_FRAMES)


def corresponding_frames(footage: Footage, encoder: ImageEncoder) -> float:
    """-1..1. Raises VideoError where there is no reference."""
    reference = reference_of(footage)
    count = min(FIRST, len(reference), len(footage.frames))
    return _likeness(reference[:count], footage.frames[:count], encoder)


def reference_of(footage: Footage) -> Frames:
    """The reference's frames. Raises VideoError where there is none."""
    if footage.reference is None:
        raise VideoError("The video that this one is held against is missing", "Name the folder that it is in.")
    return footage.reference


def _key_frames(footage: Footage) -> Frames:
    reference = reference_of(footage)
    at_least(footage.frames, KEY_FRAMES[-1] + 1)
    at_least(reference, _BEGINS + _APART * KEY_FRAMES[-1] + 1)
    return reference[[_BEGINS + _APART * frame for frame in KEY_FRAMES]]


def _likeness(reference: Frames, frames: Frames, encoder: ImageEncoder) -> float:
    pairs = zip(encoder.images(reference), encoder.images(frames), strict=True)
    seen = [cosine(true, features) for true, features in pairs]
    return sum(seen) / len(seen)
