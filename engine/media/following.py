"""A mask on one frame follows what it covers through the clip: no training, no model, whatever the footage shows.

From frame to frame, two questions. Where did it go: the covered patch, turned and scaled a little, is matched to all
places nearby by its colours. Which pixels are it: those whose colours speak for the patch rather than for what is
around it, where the moved mask leaves room for doubt. Frames are uint8 (frames, height, width, 3), masks bool
(height, width).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.media.masks import grown

Frames = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]

_TURNS: Final = (-36.0, -24.0, -12.0, 0.0, 12.0, 24.0, 36.0)
"""Degrees by which a thing may have turned since the frame before."""
_SCALES: Final = (0.93, 1.0, 1.07)
_REACH: Final = 0.24
"""How far a thing may have moved since the frame before, as a share of the picture's longer side."""
_BINS: Final = 16
"""Levels of each colour channel in a histogram."""
_EVIDENCE: Final = 3.0
"""The most that a colour can say for or against a pixel (log likelihood ratio)."""
_WIDEST: Final = 12
"""The widest margin, in pixels, that is taken for one that a mask maker left around a thing."""
_ALIKE: Final = 0.85
"""Overlap from which a mask counts as a thing with a margin around it."""
_LEAST: Final = 0.25
"""Share of the matched patch that must be confirmed by its colours; below it, the thing is hidden or has left."""


@dataclass(frozen=True, eq=False)
class _Colours:
    """Log likelihood ratio of every colour: the thing's against its surroundings'."""

    table: Floats
    """(_BINS ** 3,)"""

    def evidence(self, frame: Frames) -> Floats:
        """What each pixel's colour says, (height, width), smoothed over 3x3 pixels."""
        return _blurred(self.table[_bins(frame)], 1)


@dataclass(frozen=True, eq=False)
class _Patch:
    """What is looked for: a cut-out of a frame around the mask, at half resolution."""

    pixels: Floats
    """(h, w, 3), 0..1"""
    mask: Floats
    """(h, w), 0..1"""
    centre: tuple[float, float]
    """Row and column of its middle in the frame, at half resolution."""


def follow(frames: Frames, known: Mapping[int, Mask]) -> NDArray[np.bool_]:
    """Masks for all frames (frames, height, width) from masks on one or more of them.

    Each frame follows the nearest known one, before or after. `known` must not be empty (ValueError).
    """
    if not known:
        raise ValueError("no mask is given on any frame")
    anchors = sorted(known)
    borders = [0, *((one + other + 1) // 2 for one, other in pairwise(anchors)), len(frames)]
    masks = np.zeros(frames.shape[:3], bool)
    for anchor, first, last in zip(anchors, borders, borders[1:], strict=False):
        masks[anchor] = known[anchor]
        for way in (range(anchor, last), range(anchor, first - 1, -1)):
            for index, mask in zip(way[1:], _followed(frames, way, known[anchor]), strict=True):
                masks[index] = mask
    return masks


def _followed(frames: Frames, way: Sequence[int], mask: Mask) -> Iterator[Mask]:
    """The mask on every frame of the way after its first."""
    if not mask.any() or mask.all():
        yield from (mask for _ in way[1:])
        return
    colours = _learnt(frames[way[0]], mask)
    tight, margin = _without_margin(mask, colours.evidence(frames[way[0]]))
    patch = _cut(frames[way[0]], tight)
    for index in way[1:]:
        evidence = colours.evidence(frames[index])
        moved = _matched(frames[index], evidence, patch)
        prior = _blurred(moved, max(2, round(0.03 * max(moved.shape)))).clip(0.02, 0.98)
        found = evidence + np.log(prior / (1 - prior)) > 0
        if found.sum() < _LEAST * moved.sum():
            yield np.zeros_like(mask)
            continue
        patch = _cut(frames[index], found)
        yield grown(found, margin)


def _without_margin(mask: Mask, evidence: Floats) -> tuple[Mask, int]:
    """What a mask is a grown version of, and by how many pixels; the mask itself and 0 where it is of none."""
    tight = mask & (evidence > 0)
    if not tight.any():
        return mask, 0
    fits = [_overlap(grown(tight, margin), mask) for margin in range(_WIDEST + 1)]
    margin = int(np.argmax(fits))
    return (tight, margin) if margin and fits[margin] > _ALIKE else (mask, 0)


def _overlap(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / (one | other).sum())


def _learnt(frame: Frames, mask: Mask) -> _Colours:
    """The colours under the mask, against all others; those close by count three times.

    Where the surroundings have the same colours, as on a face or in foliage, they say little, and count for little.
    """
    bins = _bins(frame)
    near = _blurred(mask.astype(np.float32), max(4, round(0.1 * max(mask.shape)))) > 0
    inside = _histogram(bins[mask], None)
    outside = _histogram(bins[~mask], 1.0 + 2.0 * near[~mask])
    ratio = np.log((inside + 1e-4) / (outside + 1e-4)).clip(-_EVIDENCE, _EVIDENCE)
    around = near & ~mask
    apart = ratio[bins[mask]].mean() - ratio[bins[around]].mean() if around.any() else _EVIDENCE
    return _Colours((ratio * np.clip(apart / _EVIDENCE, 0, 1)).astype(np.float32))


def _histogram(bins: NDArray[np.int64], weights: NDArray[np.floating] | None) -> Floats:
    """Share of each colour, a little spread to its neighbours."""
    counts = np.bincount(bins, weights, _BINS**3).reshape(_BINS, _BINS, _BINS).astype(np.float32)
    for axis in range(3):
        counts = 0.5 * counts + 0.25 * (np.roll(counts, 1, axis) + np.roll(counts, -1, axis))
    return np.asarray(counts / counts.sum(), np.float32).ravel()


def _bins(frame: Frames) -> NDArray[np.int64]:
    levels = (frame // (256 // _BINS)).astype(np.int64)
    return (levels[..., 0] * _BINS + levels[..., 1]) * _BINS + levels[..., 2]


def _cut(frame: Frames, mask: Mask) -> _Patch:
    """The square around a mask, large enough to be turned."""
    small, cover = _halved(_light(frame)), _halved(mask.astype(np.float32))
    rows, columns = np.flatnonzero(cover.any(1)), np.flatnonzero(cover.any(0))
    middle = ((rows[0] + rows[-1]) // 2, (columns[0] + columns[-1]) // 2)
    half = 3 + int(0.75 * max(rows[-1] - rows[0], columns[-1] - columns[0]))
    at = [np.arange(m - half, m + half + 1) for m in middle]
    inside = np.logical_and.outer((at[0] >= 0) & (at[0] < cover.shape[0]), (at[1] >= 0) & (at[1] < cover.shape[1]))
    grid = np.ix_(at[0].clip(0, cover.shape[0] - 1), at[1].clip(0, cover.shape[1] - 1))
    return _Patch(small[grid], cover[grid] * inside, (float(middle[0]), float(middle[1])))


def _matched(frame: Frames, evidence: Floats, patch: _Patch) -> Floats:
    """The patch's mask where, and turned as, it fits the frame best: (height, width), 0..1."""
    search = _Search.of(_halved(_light(frame)), _halved(evidence), patch)
    best = (np.inf, 0, 0, patch.mask)
    for turn, scale in product(_TURNS, _SCALES):
        pixels, mask = _turned(patch, turn, scale)
        cost, row, column = search.best(pixels, mask)
        cost += 0.0004 * abs(turn) + 0.1 * abs(scale - 1)
        if cost < best[0]:
            best = (cost, row, column, mask)
    _, row, column, mask = best
    half = mask.shape[0] // 2
    canvas = np.pad(np.zeros(search.shape, np.float32), half)
    canvas[row : row + mask.shape[0], column : column + mask.shape[1]] = mask
    placed = canvas[half : half + search.shape[0], half : half + search.shape[1]]
    doubled = placed.repeat(2, 0).repeat(2, 1)
    height, width = frame.shape[:2]
    return np.pad(doubled, ((0, 1), (0, 1)), mode="edge")[:height, :width]


@dataclass(frozen=True, eq=False)
class _Search:
    """A frame, ready to be searched for a patch."""

    spectra: NDArray[np.complex64]
    """Of the three channels, of their squares' sum, and of the evidence: (5, H, W)."""
    shape: tuple[int, int]
    padded: tuple[int, int]
    penalty: Floats
    """What it costs to be at each place, (height, width): infinite beyond reach."""

    @staticmethod
    def of(small: Floats, evidence: Floats, patch: _Patch) -> _Search:
        """Prepare a frame (h, w, 3) and its evidence (h, w)."""
        height, width = evidence.shape
        edge = patch.mask.shape[0]
        padded = (-(-(height + edge) // 16) * 16, -(-(width + edge) // 16) * 16)
        planes = np.stack([*np.moveaxis(small, -1, 0), (small**2).sum(-1), evidence])
        far = np.hypot(
            (np.arange(height) - patch.centre[0])[:, None], (np.arange(width) - patch.centre[1])[None]
        ) / max(height, width)
        penalty = np.where(far <= _REACH, 0.1 * far, np.inf).astype(np.float32)
        return _Search(np.fft.rfft2(planes, padded).astype(np.complex64), (height, width), padded, penalty)

    def best(self, pixels: Floats, mask: Floats) -> tuple[float, int, int]:
        """Least cost, and row and column of the patch's middle."""
        area = float(mask.sum()) + 1e-6
        near = (_blurred(mask, 2) > 0.02) * (1 - mask)
        weighed = pixels * mask[..., None]
        speaks = -0.05 * (mask / area - near / (near.sum() + 1e-6))
        kernels = np.stack([*np.moveaxis(-2 * weighed / area, -1, 0), mask / area, speaks])
        spectrum = (self.spectra * np.conj(np.fft.rfft2(kernels, self.padded))).sum(0)
        cost = np.fft.irfft2(spectrum, self.padded) + float((pixels * weighed).sum()) / area
        half = mask.shape[0] // 2
        cost = np.roll(cost, (half, half), (0, 1))[: self.shape[0], : self.shape[1]] + self.penalty
        row, column = np.unravel_index(int(cost.argmin()), cost.shape)
        return float(cost[row, column]), int(row), int(column)


def _turned(patch: _Patch, degrees: float, scale: float) -> tuple[Floats, Floats]:
    """Pixels and mask of the patch, turned and scaled about its middle, to the nearest pixel."""
    edge = patch.mask.shape[0]
    angle, half = np.deg2rad(degrees), edge // 2
    axis = (np.arange(edge) - half) / scale
    rows = np.rint(np.cos(angle) * axis[:, None] - np.sin(angle) * axis[None] + half).astype(int)
    columns = np.rint(np.sin(angle) * axis[:, None] + np.cos(angle) * axis[None] + half).astype(int)
    inside = (rows >= 0) & (rows < edge) & (columns >= 0) & (columns < edge)
    place = rows.clip(0, edge - 1), columns.clip(0, edge - 1)
    return patch.pixels[place], patch.mask[place] * inside


def _light(frame: Frames) -> Floats:
    """Pixels as 0..1."""
    return frame.astype(np.float32) / np.float32(255)


def _halved(plane: Floats) -> Floats:
    """Means of 2x2 pixels; an odd last row or column is left out."""
    height, width = plane.shape[0] // 2 * 2, plane.shape[1] // 2 * 2
    cells = plane[:height, :width].reshape(height // 2, 2, width // 2, 2, *plane.shape[2:])
    halved: Floats = cells.mean((1, 3), dtype=np.float32)
    return halved


def _blurred(plane: Floats, reach: int) -> Floats:
    """Mean over a square of 2 reach + 1 pixels, (height, width)."""
    edge = 2 * reach + 1
    sums = np.pad(plane, ((reach + 1, reach), (reach + 1, reach)), mode="edge").astype(np.float64)
    sums[0], sums[:, 0] = 0, 0
    sums = sums.cumsum(0).cumsum(1)
    total = sums[edge:, edge:] - sums[:-edge, edge:] - sums[edge:, :-edge] + sums[:-edge, :-edge]
    return (total / edge**2).astype(np.float32)
