"""Clips to pixels: a layout of plain numbers, and a renderer that turns many layouts into frames at once.

`layout` is light NumPy work for loader processes; `Renderer` holds the sprites and backdrops on its device and
samples them with one affine map a thing and frame, at twice the size, then averages: smooth edges everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from engine.pocket import styles
from engine.pocket.motion import Floats, camera_paths, moments, trajectories
from engine.pocket.scenery import MARGIN
from engine.pocket.scenes import backdrops
from engine.pocket.sprites import BODY, SPRITE, sprites
from engine.pocket.vocabulary import COLOURS, NOUNS, SCENES, SIZES, STYLES
from engine.pocket.world import FPS as FPS
from engine.pocket.world import MOST_THINGS, Clip

_OVERSAMPLING = 2
_LEVELS = 3
"""Sprite sizes kept for shrinking: SPRITE, a half, a quarter."""
_BYTES_AT_ONCE = {"cuda": 4e9, "cpu": 1e8}
"""Working memory that one chunk of clips may take."""
_BYTES_A_PIXEL = 80.0

_SPRITE_IDS = {(n, c): i * len(COLOURS) + j for i, n in enumerate(NOUNS) for j, c in enumerate(COLOURS)}
_MIRRORED = len(_SPRITE_IDS)
"""Added to a sprite's id for a thing that faces left."""
_SCENE_IDS = {scene: index for index, scene in enumerate(SCENES)}
_STYLE_IDS = {style: index for index, style in enumerate(STYLES)}


@dataclass(frozen=True, slots=True)
class Layout:
    """B clips of F frames as numbers: all that the renderer needs."""

    sprites: NDArray[np.int16]
    """(B, 3) sprite ids in caption order, -1 for none."""
    transforms: Floats
    """(B, F, 3, 4): centre x, y, and diameter as fractions of the view; angle in radians, clockwise."""
    order: NDArray[np.int16]
    """(B, 3) places in `sprites` from the farthest to the nearest."""
    scenes: NDArray[np.int16]
    """(B,) scene ids."""
    cameras: Floats
    """(B, F, 3): centre x, y in the world, and zoom (1 shows exactly the view)."""
    styles: NDArray[np.int16]
    """(B,) style ids."""

    def __len__(self) -> int:
        return len(self.scenes)

    @property
    def nouns(self) -> NDArray[np.int16]:
        """(B, 3) places in NOUNS of what `sprites` shows, -1 for none."""
        return np.where(self.sprites < 0, -1, self.sprites % _MIRRORED // len(COLOURS)).astype(np.int16)

    def part(self, first: int, last: int) -> Layout:
        """The clips from `first` up to, not including, `last`."""
        rows = slice(first, last)
        return Layout(*(getattr(self, field.name)[rows] for field in fields(self)))

    @classmethod
    def joined(cls, plans: Sequence[Layout]) -> Layout:
        """Several layouts of as many frames as one."""
        return cls(*(np.concatenate([getattr(plan, field.name) for plan in plans]) for field in fields(cls)))


def layout(clips: Sequence[Clip], frames: int, start: int = 0) -> Layout:
    """The layout of clips at FPS frames a second, from frame `start` on: it may lie after the end or before 0."""
    count, times = len(clips), moments(frames, FPS, start)
    things = [thing for clip in clips for thing in clip.things]
    places = [(row, slot) for row, clip in enumerate(clips) for slot in range(len(clip.things))]
    rows, slots = np.array(places, np.intp).reshape(-1, 2).T
    ids = np.full((count, MOST_THINGS), -1, np.int16)
    ids[rows, slots] = [
        _SPRITE_IDS[thing.noun, thing.colour] + (_MIRRORED if thing.direction == "left" else 0) for thing in things
    ]
    depths = np.full((count, MOST_THINGS), np.inf, np.float32)
    depths[rows, slots] = [thing.depth for thing in things]
    transforms = np.zeros((count, frames, MOST_THINGS, 4), np.float32)
    poses = trajectories(things, times)
    poses[:, :, 2] *= np.array([SIZES[thing.size] for thing in things], np.float32)[:, None]
    transforms[rows, :, slots] = poses
    scenes = np.array([_SCENE_IDS[clip.scene] for clip in clips], np.int16)
    order = np.argsort(-depths, axis=1, kind="stable").astype(np.int16)
    cameras = camera_paths([clip.camera for clip in clips], times)
    looks = np.array([_STYLE_IDS[clip.style] for clip in clips], np.int16)
    return Layout(ids, transforms, order, scenes, cameras, looks)


def _mipmaps(pictures: NDArray[np.uint8]) -> Tensor:
    """(N, S, S, 4) sprites -> float (2N, 4, S, S * 3 / 2): each with its halvings beside it, then all mirrored."""
    levels = [torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255]
    levels[0] = torch.cat([levels[0], levels[0].flip(-1)])
    while len(levels) < _LEVELS:
        levels.append(F.avg_pool2d(levels[-1], 2))
    packed = torch.zeros(len(levels[0]), 4, SPRITE, SPRITE * 3 // 2)
    packed[..., :SPRITE] = levels[0]
    top = 0
    for level in levels[1:]:
        edge = level.shape[-1]
        packed[..., top : top + edge, SPRITE : SPRITE + edge] = level
        top += edge
    return packed


class Renderer:
    """Turns layouts into frames and masks. Holds its pictures on one device; otherwise stateless."""

    def __init__(self, device: str, size: int = 192) -> None:
        """size: edge of the square frames, in pixels."""
        self.device = torch.device(device)
        self.size = size
        self._sprites = _mipmaps(sprites()).to(self.device)
        scenes = torch.from_numpy(backdrops()).permute(0, 3, 1, 2).float() / 255
        self._scenes = scenes.contiguous().to(self.device)
        self._rim = (torch.arange(_OVERSAMPLING * size, device=self.device) + 0.5) / (_OVERSAMPLING * size) - 0.5

    def render(self, plan: Layout) -> Tensor:
        """The frames: uint8 (B, F, 3, size, size) in sRGB."""
        return torch.cat([self._frames(part) for part in self._chunks(plan)])

    def masks(self, plan: Layout) -> Tensor:
        """Which pixels show which thing: bool (B, F, 3 things, size, size); nearer things hide farther ones."""
        return torch.cat([self._visible(part) for part in self._chunks(plan)])

    def boxes(self, plan: Layout) -> Tensor:
        """Tight boxes around the visible parts: int64 (B, F, 3 things, 4) of left, top, right, bottom.

        In pixels, right and bottom exclusive; all zero for a thing that is not seen.
        """
        masks = self.masks(plan)
        across, along = masks.any(-2), masks.any(-1)
        left, top = across.int().argmax(-1), along.int().argmax(-1)
        right = self.size - across.flip(-1).int().argmax(-1)
        bottom = self.size - along.flip(-1).int().argmax(-1)
        return torch.stack([left, top, right, bottom], -1) * across.any(-1, keepdim=True)

    def _chunks(self, plan: Layout) -> Iterator[Layout]:
        """The layout in parts that fit the working memory."""
        frames = plan.cameras.shape[1]
        clip_bytes = frames * (_OVERSAMPLING * self.size) ** 2 * _BYTES_A_PIXEL
        step = max(1, int(_BYTES_AT_ONCE.get(self.device.type, 1e9) / clip_bytes))
        for first in range(0, len(plan), step):
            yield plan.part(first, first + step)

    def _tensor(self, array: NDArray[np.generic]) -> Tensor:
        tensor = torch.from_numpy(np.ascontiguousarray(array)).to(self.device)
        return tensor if tensor.is_floating_point() else tensor.long()

    def _frames(self, plan: Layout) -> Tensor:
        """`render` for one chunk: backdrop, things from the farthest to the nearest, then the style."""
        cameras = self._tensor(plan.cameras)
        canvas = self._backdrop(self._tensor(plan.scenes), cameras)
        for rows, _, layer in self._layers(plan, cameras):
            canvas[rows] = canvas[rows] * (1 - layer[:, :, 3:]) + layer[:, :, :3]
        small = F.avg_pool2d(canvas.flatten(0, 1), _OVERSAMPLING)
        frames: Tensor = (small * 255 + 0.5).clamp_(0, 255).to(torch.uint8).unflatten(0, cameras.shape[:2])
        return styles.apply(frames, torch.from_numpy(plan.styles))

    def _visible(self, plan: Layout) -> Tensor:
        """`masks` for one chunk: a pixel belongs to the nearest thing that covers more than half of it."""
        cameras = self._tensor(plan.cameras)
        count, frames = cameras.shape[:2]
        shape = (count, frames, MOST_THINGS, self.size, self.size)
        masks = torch.zeros(shape, dtype=torch.bool, device=self.device)
        for rows, slots, layer in self._layers(plan, cameras):
            alpha = F.avg_pool2d(layer[:, :, 3], _OVERSAMPLING) > 0.5
            masks[rows] &= ~alpha[:, :, None]
            masks[rows, :, slots] = alpha
        return masks

    def _layers(self, plan: Layout, cameras: Tensor) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """From back to front: rows (n,), their slots (n,), and premultiplied pictures (n, F, 4, R, R)."""
        ids, order = self._tensor(plan.sprites), self._tensor(plan.order)
        transforms = self._tensor(plan.transforms)
        for rank in range(MOST_THINGS):
            slots = order[:, rank]
            chosen = ids.gather(1, slots[:, None])[:, 0]
            rows = torch.nonzero(chosen >= 0)[:, 0]
            if len(rows):
                slots = slots[rows]
                yield rows, slots, self._thing(chosen[rows], transforms[rows, :, slots], cameras[rows])

    def _backdrop(self, scenes: Tensor, cameras: Tensor) -> Tensor:
        """(B,) ids and (B, F, 3) cameras -> (B, F, 3, R, R)."""
        x, y, zoom = cameras.unbind(-1)
        reach = 2 / (1 + 2 * MARGIN)
        across = ((x - 0.5)[..., None] + self._rim / zoom[..., None]) * reach
        down = ((y - 0.5)[..., None] + self._rim / zoom[..., None]) * reach
        return _sample(self._scenes[scenes], across[..., None, :], down[..., None])

    def _thing(self, ids: Tensor, poses: Tensor, cameras: Tensor) -> Tensor:
        """(n,) sprite ids, (n, F, 4) poses, (n, F, 3) cameras -> premultiplied (n, F, 4, R, R)."""
        x, y, diameter, angle = (value[..., None, None] for value in poses.unbind(-1))
        camera_x, camera_y, zoom = (value[..., None, None] for value in cameras.unbind(-1))
        edge = diameter / BODY
        pixels = edge * zoom * (_OVERSAMPLING * self.size)
        level = torch.floor(torch.log2(SPRITE / pixels) + 0.6).clamp(0, _LEVELS - 1)
        dx = (camera_x - x + self._rim / zoom) / edge
        dy = (camera_y - y + self._rim[:, None] / zoom) / edge
        cosine, sine = torch.cos(angle), torch.sin(angle)
        side = SPRITE * 2.0**-level
        rim = 0.5 - 0.5 / side
        u = (cosine * dx + sine * dy).clamp_(-rim, rim)
        v = (cosine * dy - sine * dx).clamp_(-rim, rim)
        left = torch.where(level > 0, float(SPRITE), 0.0)
        top = torch.where(level > 1, SPRITE / 2.0, 0.0)
        width, height = SPRITE * 1.5, float(SPRITE)
        u = u * (2 * side / width) + ((left + side / 2) * 2 / width - 1)
        v = v * (2 * side / height) + ((top + side / 2) * 2 / height - 1)
        return _sample(self._sprites[ids], u, v)


def _sample(pictures: Tensor, across: Tensor, down: Tensor) -> Tensor:
    """Pictures (n, C, h, w) at places (n, F, R, R) from -1 to 1 -> (n, F, C, R, R), bilinear."""
    shape = torch.broadcast_shapes(across.shape, down.shape)
    grid = torch.empty((*shape, 2), device=pictures.device)
    grid[..., 0], grid[..., 1] = across, down
    stacked = F.grid_sample(pictures, grid.flatten(1, 2), padding_mode="border", align_corners=False)
    sampled: Tensor = stacked.unflatten(2, shape[1:3]).transpose(1, 2)
    return sampled
