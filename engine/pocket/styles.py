"""The styles in which a clip can be drawn, as filters on finished frames: voxel, low-poly, neon and the rest.

What a style lays over the picture (blocks, mesh, paper, grain) stands still on the screen, and nothing is drawn by
lot, so a styled clip moves as calmly as the plain one. All lengths follow the frame's edge. A filter takes pixels
0..1, float (n, 3, S, S), and gives the same.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.pocket.textures import block_light, facets, grain, hatching, paper, vignette

_AT_ONCE = 64
"""Frames filtered together: a filter holds some ten copies of them."""
_VOXELS, _LARGE_PIXELS = 32, 48
"""How many of them go across a frame."""
_LEVELS = 12
"""Shades of each primary colour in pixel art."""
_LIKENESS = 3.5
"""How much less a facet mixes colours that differ: at 0 things lose their shapes, at 10 the facets do not show."""


def apply(frames: Tensor, styles: Tensor) -> Tensor:
    """Frames uint8 (B, F, 3, S, S) in the styles (B,), ids along STYLES: uint8 of the same shape.

    A clip comes out the same alone or among others; flat ones come back untouched. S is 32 or more.
    """
    wanted = styles.cpu()
    styled = frames.clone() if wanted.any() else frames
    for style, look in enumerate(_FILTERS):
        rows = torch.nonzero(wanted == style)[:, 0].to(frames.device)
        if look is not None and len(rows):
            parts = [_levels(look(part.float() / 255)) for part in frames[rows].flatten(0, 1).split(_AT_ONCE)]
            styled[rows] = torch.cat(parts).unflatten(0, (len(rows), -1))
    return styled


def _levels(pixels: Tensor) -> Tensor:
    return (pixels * 255 + 0.5).clamp_(0, 255).to(torch.uint8)


def _voxel(pixels: Tensor) -> Tensor:
    """Blocks with lit and shaded rims; a trace of the drawing stays, so that small things are still told apart."""
    size = pixels.shape[-1]
    vivid = _vivid(pixels, 1.12)
    blocks = _enlarged(F.adaptive_avg_pool2d(vivid, _VOXELS), size)
    return _lit(torch.lerp(blocks, vivid, 0.22), block_light(size, _VOXELS, pixels.device))


def _low_poly(pixels: Tensor) -> Tensor:
    """Triangles that catch the light differently, each of one colour but for what differs much from it."""
    mesh = facets(pixels.shape[-1], pixels.device)
    vivid = _vivid(pixels, 1.1)
    mixed, total = 1e-4 * vivid, torch.full_like(vivid[:, :1], 1e-4)
    for sample in vivid.flatten(-2)[..., mesh.samples].unbind(-1):
        colour = sample[..., mesh.owner]
        likeness = torch.exp(-_LIKENESS * (colour - vivid).square().sum(1, keepdim=True))
        mixed += likeness * colour
        total += likeness
    return _lit(mixed / total, mesh.light)


def _neon(pixels: Tensor) -> Tensor:
    """Glowing edges in their own colours on a dark ground; what is colourful stays dimly filled."""
    unit = pixels.shape[-1] / 192
    value = pixels.amax(1, keepdim=True)
    chroma = value - pixels.amin(1, keepdim=True)
    weight = value**4 * (chroma.square() + 0.02) + 1e-4
    near = _blurred(torch.cat([pixels * weight, weight], 1), 2 * unit)
    colour = near[:, :3] / near[:, 3:]
    hue = (colour / colour.amax(1, keepdim=True).clamp_min(1e-3)).square()
    edges = (_contrast(pixels) * 2.4).clamp(0, 1)
    tubes = F.max_pool2d(edges, 3, 1, 1) * hue
    glow = (0.7 * _blurred(tubes, 4 * unit) + 0.6 * _blurred(tubes, 12 * unit)).clamp(0, 1)
    ground = 0.09 * pixels + pixels.new_tensor([0.02, 0.015, 0.055])[:, None, None]
    fill = ground + (0.75 * chroma.square() + 0.08 * value**8) * pixels
    return 1 - (1 - fill.clamp(0, 1)) * (1 - 0.92 * tubes) * (1 - 0.7 * glow)


def _pixel_art(pixels: Tensor) -> Tensor:
    """Large pixels of few colours, with dark outlines. Whole numbers till the end: any device rounds alike."""
    colours = (_vivid(pixels, 1.1) * 255).round()
    cells = F.adaptive_avg_pool2d(colours, _LARGE_PIXELS)
    darkest = 255 - F.adaptive_max_pool2d(255 - colours, _LARGE_PIXELS)
    outline = ((_luma(cells - darkest) / 255 - 0.14) * 2.6).clamp(0, 0.8)
    steps = torch.lerp(cells, 0.55 * darkest, outline) * ((_LEVELS - 1) / 255)
    return _enlarged(steps.round() / (_LEVELS - 1), pixels.shape[-1])


def _film(pixels: Tensor) -> Tensor:
    """An old film: soft, sepia, darker towards the corners, with grain and scratches."""
    size, device = pixels.shape[-1], pixels.device
    grey = _luma(_blurred(pixels, size / 260))
    grey = 0.6 * grey * grey * (3 - 2 * grey) + 0.4 * grey
    exposed = (grey * vignette(size, device) + grain(size, device)).clamp(0, 1)
    black, white = (pixels.new_tensor(tone)[:, None, None] for tone in ((0.06, 0.045, 0.03), (0.98, 0.92, 0.79)))
    return torch.lerp(black, white, exposed)


def _pencil(pixels: Tensor) -> Tensor:
    """Coloured pencils on paper: dark outlines, and hatching in the things' own colours."""
    size, device = pixels.shape[-1], pixels.device
    soft = _blurred(_luma(pixels), size / 320)
    outline = ((F.max_pool2d(soft, 5, 1, 2) - soft - 0.02) * 2.6).clamp(0, 1)
    chroma = pixels.amax(1, keepdim=True) - pixels.amin(1, keepdim=True)
    pressure = (0.25 + 0.75 * chroma + 0.375 * (1 - _luma(pixels))).clamp(0, 1)
    crayon = 1 - (1 - _vivid(pixels, 1.3)) * pressure * hatching(size, device)
    return crayon * (1 - 0.74 * outline) * paper(size, device)


def _luma(pixels: Tensor) -> Tensor:
    """How bright the pixels look, (n, 1, S, S)."""
    red, green, blue = pixels.unbind(1)
    return (0.299 * red + 0.587 * green + 0.114 * blue)[:, None]


def _vivid(pixels: Tensor, by: float) -> Tensor:
    """The pixels `by` times as far from grey."""
    return torch.lerp(_luma(pixels), pixels, by).clamp(0, 1)


def _lit(pixels: Tensor, light: Tensor) -> Tensor:
    """Lighter where the light is above zero, darker where below (-1..1)."""
    return pixels + light.clamp_min(0) * (1 - pixels) + light.clamp_max(0) * pixels


def _contrast(pixels: Tensor) -> Tensor:
    """By how much some channel differs among a pixel and its neighbours: (n, 1, S, S), 0..1."""
    high, low = F.max_pool2d(pixels, 3, 1, 1), F.max_pool2d(-pixels, 3, 1, 1)
    contrast: Tensor = (high + low).amax(1, keepdim=True)
    return contrast


def _enlarged(cells: Tensor, size: int) -> Tensor:
    """Square cells (n, 3, c, c) as large as the frame."""
    return F.interpolate(cells, (size, size), mode="nearest")


def _blurred(pixels: Tensor, radius: float) -> Tensor:
    """Blurred with a standard deviation of `radius` pixels; wide blurs are worked out on a smaller picture."""
    shrunk = 4 if radius > 6 else 2 if radius > 1.5 else 1
    radius /= shrunk
    reach = max(1, round(2.5 * radius))
    at = torch.arange(-reach, reach + 1, device=pixels.device) / radius
    kernel = torch.softmax(-0.5 * at * at, 0).expand(pixels.shape[1], 1, 1, -1)
    padded = F.pad(F.avg_pool2d(pixels, shrunk), (reach,) * 4, mode="replicate")
    across = F.conv2d(padded, kernel, groups=pixels.shape[1])
    blurred = F.conv2d(across, kernel.transpose(2, 3), groups=pixels.shape[1])
    wide: Tensor = F.interpolate(blurred, pixels.shape[-2:], mode="bilinear") if shrunk > 1 else blurred
    return wide


_FILTERS: tuple[Callable[[Tensor], Tensor] | None, ...] = (
    None, _voxel, _low_poly, _neon, _pixel_art, _film, _pencil,
)  # fmt: skip
"""The filters in the order of STYLES; flat has none."""
