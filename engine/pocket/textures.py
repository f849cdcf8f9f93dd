"""What the styles lay over a picture: light on blocks, a mesh of facets, grain, hatching, paper.

Each is worked out once for a frame of S x S pixels and a device, and is the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

_SQUARES = 15
"""Squares of the mesh across a frame; each is cut into two facets."""
_SUBPIXELS = 4
_SCRATCHES = ((0.13, 0.1), (0.36, -0.06), (0.71, 0.12), (0.88, -0.07))
"""A film's scratches: where (x, 0..1), and how bright."""


@cache
def block_light(size: int, count: int, device: torch.device) -> Tensor:
    """Light on `count` blocks across: bright rims above and left, dark ones below and right; (S, S), -1..1."""
    place = (np.arange(size) + 0.5) * count / size % 1
    across, down = np.meshgrid(place, place)
    rim = 1.05 * count / size
    bright, dark = np.minimum(across, down) < rim, np.maximum(across, down) > 1 - rim
    light = 0.06 * (1 - across - down) + 0.18 * bright - 0.22 * dark
    return torch.from_numpy(light.astype(np.float32)).to(device)


@dataclass(frozen=True, slots=True)
class Facets:
    """A mesh of T triangles over S x S pixels."""

    samples: Tensor
    """(T, 10): numbers of pixels spread over each triangle."""
    owner: Tensor
    """(S, S): which triangle covers the middle of each pixel."""
    light: Tensor
    """(S, S): how much light falls there, -1..1, smooth along the triangles' sides."""


@cache
def facets(size: int, device: torch.device) -> Facets:
    """The mesh: a grid of squares with shaken corners, each cut along one of its diagonals."""
    rng = np.random.default_rng(20)
    triangles = _triangles(rng) * size
    fine = _owners(triangles * _SUBPIXELS, size * _SUBPIXELS)
    shards = fine.reshape(size, _SUBPIXELS, size, _SUBPIXELS).swapaxes(1, 2).reshape(size, size, -1)
    light = rng.uniform(-0.12, 0.12, len(triangles)).astype(np.float32)[shards].mean(-1)
    middle = _SUBPIXELS * (_SUBPIXELS + 1) // 2
    arrays = (_spread(triangles, size), shards[..., middle].copy(), light)
    return Facets(*(torch.from_numpy(array).to(device) for array in arrays))


def _triangles(rng: np.random.Generator) -> NDArray[np.float64]:
    """Corners of the triangles, (T, 3, 2) as x, y; together they cover 0..1."""
    count = _SQUARES + 1
    grid = np.stack(np.meshgrid(np.arange(count), np.arange(count)), -1).astype(np.float64)
    shaken = grid + rng.uniform(-0.3, 0.3, grid.shape)
    shaken[grid == 0] = -0.01
    shaken[grid == _SQUARES] = _SQUARES + 0.01
    triangles: list[tuple[int, int, int]] = []
    for corner in (row * count + column for row in range(_SQUARES) for column in range(_SQUARES)):
        a, b, c, d = corner, corner + 1, corner + count, corner + count + 1
        triangles += ((a, b, d), (a, d, c)) if rng.random() < 0.5 else ((a, b, c), (b, d, c))
    corners: NDArray[np.float64] = shaken.reshape(-1, 2)[np.array(triangles)] / _SQUARES
    return corners


def _owners(triangles: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    """Which triangle (T, 3, 2) covers each of size x size pixels."""
    owner = np.zeros((size, size), np.int64)
    for number, corners in enumerate(triangles):
        left, top = np.clip(np.floor(corners.min(0)).astype(int), 0, size)
        right, bottom = np.clip(np.ceil(corners.max(0)).astype(int), 0, size)
        x, y = np.meshgrid(np.arange(left, right) + 0.5, np.arange(top, bottom) + 0.5)
        away = np.roll(corners, -1, 0) - corners
        sides = [(dx * (y - cy) - dy * (x - cx)) for (cx, cy), (dx, dy) in zip(corners, away, strict=True)]
        owner[top:bottom, left:right][np.min(sides, 0) >= 0] = number
    return owner


def _spread(triangles: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    """Numbers (T, 10) of pixels spread evenly over each triangle (T, 3, 2)."""
    shares = np.array([(2 * i + 1, 2 * j + 1) for i in range(4) for j in range(4 - i)]) * 0.94 / 8
    weights = np.concatenate([1 - shares.sum(1, keepdims=True), shares], 1)
    x, y = np.clip(np.floor(weights @ triangles), 0, size - 1).astype(np.int64).transpose(2, 0, 1)
    numbers: NDArray[np.int64] = y * size + x
    return numbers


@cache
def vignette(size: int, device: torch.device) -> Tensor:
    """How bright a film is: 1 in the middle, darker towards the corners; (S, S)."""
    rim = (torch.arange(size) + 0.5) / size * 2 - 1
    away = (rim[None].square() + rim[:, None].square()) / 2
    return (1 - 0.42 * away**1.3).to(device)


@cache
def grain(size: int, device: torch.device) -> Tensor:
    """A film's grain and scratches, (S, S) around zero."""
    columns = torch.zeros(size)
    for place, strength in _SCRATCHES:
        columns[int(place * size)] = strength
    return (0.035 * _soft_noise(size, 1) + columns).to(device)


@cache
def paper(size: int, device: torch.device) -> Tensor:
    """Warm white paper with a tooth, (3, S, S), 0..1."""
    white = torch.tensor([0.985, 0.97, 0.93])[:, None, None]
    return (white + 0.02 * _soft_noise(size, 2)).clamp(0, 1).to(device)


@cache
def hatching(size: int, device: torch.device) -> Tensor:
    """How much of a pencil slanted strokes leave, (S, S), 0..1."""
    x, y = torch.meshgrid(torch.arange(size) * (192 / size), torch.arange(size) * (192 / size), indexing="xy")
    wobble = 1.4 * torch.sin(x / 17 - y / 23) + 0.8 * torch.sin(x / 7 + y / 31)
    return (0.775 + 0.225 * torch.cos((0.8 * x + y + wobble) * (2 * torch.pi / 5.2))).to(device)


def _soft_noise(size: int, seed: int) -> Tensor:
    """Noise of about a third around zero, a little blurred, (S, S)."""
    noise = torch.from_numpy(np.random.default_rng(seed).standard_normal((1, size, size)).astype(np.float32))
    return F.avg_pool2d(F.pad(noise, (1, 1, 1, 1), mode="circular"), 3, 1)[0]
