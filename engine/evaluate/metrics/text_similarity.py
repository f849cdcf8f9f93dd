"""How like words the frames are: VBench's appearance style, AIGCBench's GenVideo-Text CLIP.

Formula: S = mean over frames of cos(frame features, text features).
Sampling: appearance style, every frame against the style's words; AIGCBench, the first 16 frames against the prompt.
Encoders: CLIP ViT-B/32 for appearance style, CLIP ViT-L/14 for AIGCBench.
Sources: VBench (arXiv:2311.17982), vbench/appearance_style.py; Fan et al., AIGCBench (arXiv:2401.01651), eval.py.

By hand: frames (1, 0) and (0.6, 0.8), text (0, 2): cosines 0 and 0.8, S = 0.4.
"""

from __future__ import annotations

from engine.evaluate.metrics.features import Footage, Frames, PictureAndTextEncoder, cosine

FIRST = 16
"""Frames that AIGCBench looks at."""


def appearance_style(footage: Footage, encoder: PictureAndTextEncoder) -> float:
    """-1..1."""
    return _likeness(footage.frames, footage.style, encoder)


def text_similarity(footage: Footage, encoder: PictureAndTextEncoder) -> float:
    """-1..1."""
    return _likeness(footage.frames[:FIRST], footage.prompt, encoder)


def _likeness(frames: Frames, words: str, encoder: PictureAndTextEncoder) -> float:
    text = encoder.texts([words])
    seen = [cosine(features, text) for features in encoder.images(frames)]
    return sum(seen) / len(seen)
