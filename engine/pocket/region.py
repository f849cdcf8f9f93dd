"""Where an edit may change a clip: the truth for masks, and for what must stay as it was."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.pocket.changes import Edit, apply
from engine.pocket.render import Renderer, layout
from engine.pocket.world import Clip

_GROWN = {"flat": 1 / 32, "film 1920s": 1 / 32, "pencil": 1 / 32}
"""By how much the masks are grown, in frame widths: outlines and halos reach beyond them."""
_GROWN_BLOCKS = 1 / 12
"""The same for styles whose blocks, facets or glow reach farther."""


def regions(renderer: Renderer, clips: Sequence[Clip], edits: Sequence[Edit], frames: int) -> Tensor:
    """Where each edit may change its clip: bool (B, F, S, S).

    The thing's place before and after, grown by some pixels; everything for another scene or style. Raises
    SettingError where an edit does not fit its clip.
    """
    after = [apply(edit, clip) for edit, clip in zip(edits, clips, strict=True)]
    old = [_slot(clip, edit.noun) for edit, clip in zip(edits, clips, strict=True)]
    new = [_slot(clip, edit.other or edit.noun) for edit, clip in zip(edits, after, strict=True)]
    places = _seen(renderer, clips, old, frames) | _seen(renderer, after, new, frames)
    whole = torch.tensor([edit.kind in ("scene", "style") for edit in edits], device=places.device)
    grown = [
        F.max_pool2d(place.float()[:, None], 2 * reach + 1, 1, reach)[:, 0] > 0
        for place, clip in zip(places, clips, strict=True)
        for reach in (round(_GROWN.get(clip.style, _GROWN_BLOCKS) * renderer.size),)
    ]
    return torch.stack(grown) | whole[:, None, None, None]


def _slot(clip: Clip, noun: str | None) -> int:
    """Which of the clip's things it is; -1 for none."""
    return next((slot for slot, thing in enumerate(clip.things) if thing.noun == noun), -1)


def _seen(renderer: Renderer, clips: Sequence[Clip], slots: Sequence[int], frames: int) -> Tensor:
    """Where one thing of each clip is seen, (B, F, S, S); nowhere for the slot -1."""
    masks = renderer.masks(layout(clips, frames))
    chosen = torch.from_numpy(np.array(slots)).to(masks.device)
    rows = torch.arange(len(clips), device=masks.device)
    return masks[rows, :, chosen.clamp_min(0)] & (chosen >= 0)[:, None, None, None]
