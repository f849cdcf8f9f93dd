"""Mora's video quality: the plain mean of six metrics of VBench.

Formula: (subject consistency + background consistency + motion smoothness + aesthetic quality + dynamic degree +
imaging quality) / 6, each 0..1. Source: Yuan et al., Mora (arXiv:2403.13248), table for text-to-video.

By hand: 0.9, 0.9, 0.9, 0.6, 1 and 0.5: 4.8 / 6 = 0.8.
"""

from __future__ import annotations

from collections.abc import Mapping

SIX = (
    "subject consistency", "background consistency", "motion smoothness", "aesthetic quality", "dynamic degree",
    "imaging quality",
)  # fmt: skip


def video_quality(values: Mapping[str, float]) -> float | None:
    """The mean of the six by their names; None where one of them is missing."""
    if any(name not in values for name in SIX):
        return None
    return sum(values[name] for name in SIX) / len(SIX)
