"""Pictures that the pocket world does not draw: strokes on top, and dead leaves.

A person paints on key frames and uploads photographs. Clips with static strokes teach the generator to carry along
what it does not know; dead-leaves images (occluding discs of power-law sizes, whose statistics are those of natural
images: Lee, Mumford and Huang, 2001) teach the autoencoder to keep it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F


def _generator(device: torch.device, seed: int) -> torch.Generator:
    return torch.Generator(device).manual_seed(seed)


def dead_leaves(count: int, size: int, seed: int, device: torch.device) -> torch.Tensor:
    """Random images of occluding soft-edged discs with shading: uint8 (count, 3, size, size)."""
    random = _generator(device, seed)
    axis = torch.arange(size, device=device, dtype=torch.float32)
    image = torch.rand((count, 3, 1, 1), generator=random, device=device).expand(-1, -1, size, size).clone()
    for _ in range(48):
        centre = torch.rand((count, 2, 1, 1), generator=random, device=device) * size * 1.2 - size * 0.1
        radius = size * 0.03 / torch.rand((count, 1, 1), generator=random, device=device).clamp(0.06).pow(0.9)
        stretch = torch.rand((count, 1, 1), generator=random, device=device) * 1.5 + 0.5
        distance = torch.hypot((axis[None, :, None] - centre[:, 0]) * stretch, axis[None, None, :] - centre[:, 1])
        alpha = (radius - distance + 0.5).clamp(0, 1)[:, None]
        colour = torch.rand((count, 3, 1, 1), generator=random, device=device)
        slope = torch.randn((count, 2, 1, 1), generator=random, device=device) * 0.3
        shade = slope[:, :1] * (axis[:, None] / size - 0.5) + slope[:, 1:] * (axis[None, :] / size - 0.5)
        image = image * (1 - alpha) + (colour + shade).clamp(0, 1) * alpha
    return (image * 255).round().to(torch.uint8)


def overlay_strokes(frames: torch.Tensor, seed: int, share: float) -> torch.Tensor:
    """Lay a painted stroke over a share of the clips, the same in every frame.

    frames: uint8 (clips, frames, 3, height, width); returns the same shape. The first `share` of the clips get one.
    """
    clips = round(len(frames) * share)
    if not clips:
        return frames
    random = _generator(frames.device, seed)
    height, width = frames.shape[-2:]
    ends = torch.rand((clips, 2, 2, 1, 1), generator=random, device=frames.device) * height
    rows = torch.arange(height, device=frames.device, dtype=torch.float32)[None, :, None]
    columns = torch.arange(width, device=frames.device, dtype=torch.float32)[None, None, :]
    way = ends[:, 1] - ends[:, 0]
    along = (rows - ends[:, 0, 0]) * way[:, 0] + (columns - ends[:, 0, 1]) * way[:, 1]
    along = (along / way.pow(2).sum(1).clamp(1.0)).clamp(0, 1)
    distance = torch.hypot(rows - ends[:, 0, 0] - along * way[:, 0], columns - ends[:, 0, 1] - along * way[:, 1])
    thickness = torch.rand((clips, 1, 1), generator=random, device=frames.device) * 6 + 3
    alpha = (thickness - distance + 0.5).clamp(0, 1)[:, None, None]
    colour = torch.rand((clips, 1, 3, 1, 1), generator=random, device=frames.device) * 255
    painted = frames[:clips].float() * (1 - alpha) + colour * alpha
    return torch.cat([painted.round().to(torch.uint8), frames[clips:]])


def foreign_backdrops(
    frames: torch.Tensor, things: torch.Tensor, seed: int, share: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Put the things of a share of the clips before dead leaves that stand still, as things in a photograph do.

    frames: uint8 (clips, frames, 3, height, width); things: bool (clips, frames, height, width), what is no backdrop.
    Returns the frames, and which clips were changed, float (clips,) of 0 and 1. An image is left as it is: nothing of
    it would be given, and the words do not tell such a backdrop.
    """
    clips = 0 if frames.shape[1] == 1 else round(len(frames) * share)
    changed = torch.zeros(len(frames), device=frames.device)
    if not clips:
        return frames, changed
    changed[:clips] = 1
    leaves = dead_leaves(clips, frames.shape[-1], seed, frames.device)[:, None]
    mixed = torch.where(things[:clips, :, None], frames[:clips], leaves)
    return torch.cat([mixed, frames[clips:]]), changed


def degrade(frames: torch.Tensor, seed: int) -> torch.Tensor:
    """Blur, noise and a colour cast, different for each clip: what a judge must see through.

    frames: float 0..1 (clips, frames, 3, height, width); returns the same shape and range.
    """
    random = _generator(frames.device, seed)
    clips = len(frames)
    strength = torch.rand((clips, 1, 1, 1, 1), generator=random, device=frames.device)
    small = F.interpolate(frames.flatten(0, 1), scale_factor=0.5, mode="area")
    blurred = F.interpolate(small, size=frames.shape[-2:], mode="bilinear").view_as(frames)
    frames = frames + (blurred - frames) * (strength * 2 - 1).clamp(0)
    cast = torch.randn((clips, 1, 3, 1, 1), generator=random, device=frames.device) * 0.02
    gain = 1 + torch.randn((clips, 1, 1, 1, 1), generator=random, device=frames.device) * 0.05
    noise = torch.randn(frames.shape, generator=random, device=frames.device) * 0.04
    amount = torch.rand((clips, 1, 1, 1, 1), generator=random, device=frames.device)
    return (frames * gain + cast + noise * amount).clamp(0, 1)
