"""What a generation is told of the clip it makes: frames and places that stay, and those that it may change.

The mask channel speaks of roles: KEPT places come out as they are, SHOWN places are seen and may change (editing),
HIDDEN places are not seen (text to image, and filling in).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

KEPT, SHOWN, HIDDEN = 1.0, -1.0, 0.0
_SEAM = 2
"""Pixels over which what was made and what was kept are blended, outside of what may change."""


@dataclass(frozen=True)
class Source:
    """A clip that is there already, and where it may change."""

    frames: NDArray[np.uint8]
    """(frames, height, width, 3); one frame is a picture."""
    change: NDArray[np.floating[Any]] | None = None
    """(frames, height, width) from 0 (stays) to 1 (may change); `None`: all of it may."""
    shown: bool = True
    """Whether the model sees the source where it may change: True to edit, False to fill in something else."""


@dataclass(frozen=True)
class Given:
    """What goes into the transformer beside the noisy latents."""

    latents: torch.Tensor
    """(clips, channels, frames, h, w), zero where nothing is given."""
    roles: torch.Tensor
    """(clips, 1, frames, h, w): KEPT, SHOWN or HIDDEN."""


def roles(source: Source, size: tuple[int, int]) -> torch.Tensor:
    """(frames, h, w) of roles, one for each latent of `size` (h, w): a place may change where any of its pixels may."""
    free = SHOWN if source.shown else HIDDEN
    if source.change is None:
        return torch.full((len(source.frames), *size), free)
    change = torch.from_numpy(np.ascontiguousarray(source.change, dtype=np.float32))
    may = F.adaptive_max_pool2d(F.max_pool2d(change[:, None], 2 * _SEAM + 1, 1, _SEAM), size)[:, 0] > 0
    return torch.where(may, free, KEPT)


def paste_back(made: NDArray[np.uint8], source: Source) -> NDArray[np.uint8]:
    """What was made where the source may change, the source itself elsewhere, blended over a seam of a few pixels."""
    if source.change is None:
        return made
    change = torch.from_numpy(np.ascontiguousarray(source.change, dtype=np.float32))[:, None]
    reach = 2 * _SEAM + 1
    share = F.avg_pool2d(F.max_pool2d(change, reach, 1, _SEAM), reach, 1, _SEAM, count_include_pad=False)
    alpha = torch.maximum(share, change)[:, 0, :, :, None].numpy()
    blended = source.frames + (made.astype(np.float32) - source.frames) * alpha
    pasted: NDArray[np.uint8] = np.where(alpha > 0, np.rint(blended), source.frames).astype(np.uint8)
    return pasted
