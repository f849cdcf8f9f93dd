"""Twins of the critic: one with tiny random weights in the very same files, and a lease that lends it."""

from __future__ import annotations

from pathlib import Path

import torch

from engine.models.lease import Lease
from engine.models.manifest import write_manifest
from engine.models.profiles import CRITIC
from engine.pocket import critic
from engine.pocket.critic import Calibration, PocketCritic
from engine.pocket.critic_shape import Shape, build
from engine.train.quizzes import tokenizer


def tiny_critic() -> PocketCritic:
    """Random weights, always the same."""
    torch.manual_seed(0)
    words = tokenizer()
    model = build(len(words), words.convert_tokens_to_ids(critic.IMAGE), Shape(48, 1, 96, 2, 96, 2))
    return PocketCritic(model, words, Calibration(1.5, 2.0))


def critic_lease(root: Path) -> Lease:
    """A lease whose critic is the random twin, saved below `root` as assets/critic would be."""
    folder = root / CRITIC.repository
    tiny_critic().save_pretrained(folder)
    write_manifest(folder)
    return Lease(torch.device("cpu"), root=root)
