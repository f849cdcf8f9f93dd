"""What a foreseen state costs, and how much of the state before is hidden by noise."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from engine.pocket.worlds.forward import Senses, patches


def change_weights(source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """How much each patch counts, (b, patches), 1 on average over a transition.

    1 + its change, as its squared distance between source and target over the transition's mean; after Qiu et al.
    (2025), who weight each token so. A transition without change counts evenly.
    """
    change = (target - source).square().mean(-1)
    weights = 1 + change / change.mean(1, keepdim=True).clamp(min=1e-6)
    return weights / weights.mean(1, keepdim=True)


def future_loss(made: Senses, before: Senses, after: Senses, weighted: bool) -> torch.Tensor:
    """Cross-entropy of words, squared distance of patches in pictures and sounds; what was not wanted costs nothing."""
    total = after.words.new_zeros((), dtype=torch.float32) if after.words is not None else torch.zeros(())
    if made.words is not None and after.words is not None:
        total = total + F.cross_entropy(made.words.float().transpose(1, 2), after.words, ignore_index=0)
    if made.picture is not None and after.picture is not None and before.picture is not None:
        mine, right, source = (patches(each, 4) for each in (made.picture.float(), after.picture, before.picture))
        distance = (mine - right).square().mean(-1)
        total = total + ((distance * change_weights(source, right)) if weighted else distance).mean()
    if made.sound is not None and after.sound is not None:
        total = total + 4 * (made.sound.float() - after.sound).square().mean()
    return total


def spread(latents: torch.Tensor, most: float) -> torch.Tensor:
    """The latents with noise, on each state as much as falls to it."""
    amount = most * torch.rand(len(latents), 1, 1, 1, device=latents.device)
    return latents + amount * torch.randn_like(latents)
