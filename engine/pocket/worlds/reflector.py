"""Reflection: what came to mind of an earlier transition, as a few tokens that the forward model reads before the rest.

After WorldGPT (Ge et al., 2024): learned queries attend to the retrieved triple of state, action and next state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import nn

QUERIES: Final = 8
"""Tokens that a triple becomes."""


@dataclass(frozen=True)
class Triple:
    """One earlier transition for each state: what was, what was done, what followed."""

    before: torch.Tensor
    """Normalised latents (b, CHANNELS, EDGE, EDGE)."""
    action: torch.Tensor
    """Token ids (b, WORDS)."""
    after: torch.Tensor
    """Latents as `before`."""


class Reflector(nn.Module):
    """Queries that look at a triple's tokens."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(QUERIES, width) * 0.02)
        self.sides = nn.Parameter(torch.randn(3, width) * 0.02)
        self.norm = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)

    def forward(self, sides: tuple[torch.Tensor, torch.Tensor, torch.Tensor], there: torch.Tensor) -> torch.Tensor:
        """sides: tokens of state, action and next state, each (b, tokens, width); there: which of all of them are no
        padding, (b, tokens). Returns (b, QUERIES, width)."""
        tokens = self.norm(torch.cat([part + side for part, side in zip(sides, self.sides, strict=True)], 1))
        queries = self.queries.expand(len(tokens), -1, -1)
        seen: torch.Tensor = self.attention(queries, tokens, tokens, key_padding_mask=~there, need_weights=False)[0]
        return queries + seen
