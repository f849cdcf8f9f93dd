"""How long a video is: Mora's video length in seconds, AIGCBench's frame count.

Formulas: frames / frames a second; frames. Sources: Yuan et al., Mora (arXiv:2403.13248); AIGCBench
(arXiv:2401.01651).

By hand: 17 frames at 8 a second: 2.125 seconds, 17 frames.
"""

from __future__ import annotations

from engine.evaluate.metrics.features import Footage


def length(footage: Footage) -> float:
    """Seconds."""
    return len(footage.frames) / footage.fps


def frame_count(footage: Footage) -> float:
    """Frames."""
    return float(len(footage.frames))
