"""From a detector's probabilities to things: pieces that hang together, each with its box and its score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SURE = 0.5
"""Probability from which a pixel belongs to a thing."""
SMALLEST = 0.0008
"""Share of the picture that a thing must take."""
_GAP = 2
"""Pixels that may lie between two parts of one thing."""
_CRUMB = 0.15
"""Share of the largest piece below which another is a crumb of it, not a thing."""


@dataclass(frozen=True, eq=False)
class Piece:
    """One thing that answers to a phrase."""

    mask: NDArray[np.bool_]
    """(height, width)"""
    box: tuple[int, int, int, int]
    """Left, top, right, bottom in pixels; right and bottom exclusive."""
    score: float
    """Mean probability of its pixels, SURE..1."""


def pieces(sure: NDArray[np.float32], threshold: float) -> list[Piece]:
    """The things in probabilities (height, width), the surest first; what scores below `threshold` is left out."""
    found: list[Piece] = []
    covered = sure > SURE
    if covered.mean() < SMALLEST:
        return found
    for mask in _connected(covered):
        if mask.sum() >= SMALLEST * mask.size and (score := float(sure[mask].mean())) >= threshold:
            found.append(Piece(mask, box_of(mask), score))
    largest = max((int(piece.mask.sum()) for piece in found), default=0)
    kept = [piece for piece in found if piece.mask.sum() >= _CRUMB * largest]
    return sorted(kept, key=lambda piece: -piece.score)


def box_of(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """The tight box around a mask (height, width): left, top, right, bottom, exclusive; zeros when it is empty."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return 0, 0, 0, 0
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def iou(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Intersection over union of two masks; 1 when both are empty."""
    union = int((one | other).sum())
    return int((one & other).sum()) / union if union else 1.0


def box_iou(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Intersection over union of two boxes (left, top, right, bottom)."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0, width) * max(0, height)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return shared / (areas - shared) if shared else 0.0


def _connected(covered: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """The mask's connected pieces; parts no more than _GAP pixels apart count as connected."""
    runs = _runs(_grown(covered))
    parents = list(range(len(runs)))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = run = parents[parents[run]]
        return run

    above = 0
    for number, (row, left, right) in enumerate(runs):
        while runs[above][0] < row - 1 or (runs[above][0] == row - 1 and runs[above][2] < left):
            above += 1
        touching = above
        while runs[touching][0] == row - 1 and runs[touching][1] <= right:
            parents[root(touching)] = root(number)
            touching += 1
    found: dict[int, NDArray[np.bool_]] = {}
    for number, (row, left, right) in enumerate(runs):
        mask = found.setdefault(root(number), np.zeros_like(covered))
        mask[row, left:right] = covered[row, left:right]
    return list(found.values())


def _grown(covered: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask and everything up to half of _GAP around it, rounded up."""
    reach = -(-_GAP // 2)
    padded = np.pad(covered, reach)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(windows.any((-2, -1)), bool)


def _runs(covered: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Row, left and right (exclusive) of every unbroken run of covered pixels, row by row."""
    edges = np.diff(np.pad(covered, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, lefts = np.nonzero(edges == 1)
    rights = np.nonzero(edges == -1)[1]
    return list(zip(rows.tolist(), lefts.tolist(), rights.tolist(), strict=True))
