"""The block that the small convolutional models are built of."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions behind group norms of eight, added to what came in (He et al., 2016, pre-activation)."""

    def __init__(self, channels: int) -> None:
        """channels: a multiple of eight."""
        super().__init__()
        self.norms = nn.ModuleList([nn.GroupNorm(8, channels), nn.GroupNorm(8, channels)])
        self.convolutions = nn.ModuleList([nn.Conv2d(channels, channels, 3, padding=1) for _ in range(2)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(b, channels, height, width), the same out."""
        inner = self.convolutions[0](F.silu(self.norms[0](x)))
        change: torch.Tensor = self.convolutions[1](F.silu(self.norms[1](inner)))
        return x + change
