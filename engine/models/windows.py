"""A vision tower's windows attended to together: the pictures of a video in one call, and not in one for each window.

Towers such as Qwen2.5-VL's see a video as one row of patches and attend within windows of it. Without the packages for
flash attention transformers asks for one window after the other: some thousand small calls a video, which the host
takes longer to make than the GPU to answer. Here the windows are padded to one length and form a batch.
"""

from __future__ import annotations

from typing import Any, Final

import torch
import torch.nn.functional as F

_NAME: Final = "flash_windows"
"""What the way is called; transformers hands boundaries only to those with "flash" in their names."""


def look_together(model: Any) -> None:
    """Let the model's vision tower attend so, where it has one that is told its windows' boundaries."""
    from transformers import AttentionInterface

    tower = getattr(getattr(model, "model", None), "visual", None)
    if tower is not None:
        AttentionInterface.register(_NAME, attend)
        tower.config._attn_implementation = _NAME


def attend(
    module: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, *_: Any, **told: Any
) -> tuple[torch.Tensor, None]:
    """Attention within each window: (1, heads, patches, size) three times to (1, patches, heads, size).

    told: `cu_seq_lens_q`, where windows begin and the last one ends, (windows + 1,); `max_length_q`, the longest.
    """
    edges = told["cu_seq_lens_q"].long()
    begins, ends = edges[:-1], edges[1:]
    patches = torch.arange(query.shape[2], device=query.device)
    steps = torch.arange(int(told["max_length_q"]), device=query.device)
    places = (begins[:, None] + steps).clamp(max=len(patches) - 1)
    there = steps < (ends - begins)[:, None]
    first, second, third = (each[0].transpose(0, 1)[places].transpose(1, 2) for each in (query, key, value))
    made = F.scaled_dot_product_attention(
        first, second, third, attn_mask=there[:, None, None], scale=told.get("scaling")
    )
    window = torch.bucketize(patches, ends.contiguous(), right=True)
    return made.transpose(1, 2)[window, patches - begins[window]][None], None
