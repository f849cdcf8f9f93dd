"""Measure many actions in a row, many worlds at a time: what is right at the end, with earlier steps in mind or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from engine.pocket.worlds.forward import ForwardModel, Senses
from engine.pocket.worlds.reflector import Triple

Step = Callable[[torch.Tensor, torch.Tensor, Triple | None], torch.Tensor]
"""Latents of states, the actions' ids, and what comes to mind, to the latents of the states that follow."""


@torch.no_grad()
def stride(
    model: ForwardModel, step: Step, start: torch.Tensor, actions: Sequence[torch.Tensor], remembers: bool
) -> torch.Tensor:
    """Latents after the actions (each (worlds, WORDS)), one after the other, from `start` (worlds, channels, h, w).

    remembers: of each world's own earlier steps the most alike comes to mind; its own present one is none of them.
    """
    seen: list[tuple[torch.Tensor, Triple]] = []
    for action in actions:
        mine = model.embed(Senses(start), action)
        after = step(start, action, _recalled(mine, seen) if remembers and seen else None)
        seen.append((mine, Triple(start, action, after)))
        start = after
    return start


def _recalled(mine: torch.Tensor, seen: Sequence[tuple[torch.Tensor, Triple]]) -> Triple:
    """Of each world's earlier steps the most alike."""
    best = torch.stack([(mine * other).sum(-1) for other, _ in seen]).argmax(0)
    worlds = torch.arange(len(mine), device=mine.device)
    sides = [
        torch.stack([getattr(one, name) for _, one in seen])[best, worlds] for name in ("before", "action", "after")
    ]
    return Triple(*sides)
