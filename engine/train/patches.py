"""What each visual token of the critic shows of every thing, and what is hidden in it behind another: the eye's lesson.

A yes or a no says nothing of where to look, and which of two things is in front shows in a few patches of a clip. So
the eye is told patch by patch what is there and what is covered, as amodal segmentation does (Zhu et al., 2017): a
linear layer reads it off the visual tokens. Training alone has that layer; the critic that is saved does not.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.pocket.critic import chosen
from engine.pocket.critic_shape import TUBELET, VISUAL
from engine.pocket.render import Layout, Renderer
from engine.pocket.vocabulary import NOUNS
from engine.pocket.world import MOST_THINGS
from engine.train.quizzes import Quiz

KINDS = 2
"""Seen, and hidden behind another thing."""
_SHARE = 0.05
"""Of a visual token's pixels, from which on a thing is in it."""
_SELDOM = -4.0
"""Where the layer begins: a noun is in few of the visual tokens."""


def layer(width: int) -> nn.Linear:
    """From a visual token to what is in it: logits (…, KINDS * nouns)."""
    made = nn.Linear(width, KINDS * len(NOUNS))
    nn.init.constant_(made.bias, _SELDOM)
    return made


def shown(renderer: Renderer, quiz: Quiz) -> Tensor:
    """Which thing of each clip is in which visual token: bool (clips, VISUAL, KINDS, MOST_THINGS), by place."""
    frames = chosen(quiz.layout.cameras.shape[1])
    plan = replace(quiz.layout, transforms=quiz.layout.transforms[:, frames], cameras=quiz.layout.cameras[:, frames])
    seen = renderer.masks(plan)
    hidden = torch.stack([_whole(renderer, plan, place) for place in range(MOST_THINGS)], 2) & ~seen
    both = torch.stack([_in_tokens(masks) for masks in (seen, hidden)], 2)
    both[torch.from_numpy(quiz.nothing).to(both.device)] = False
    return both


def targets(found: Tensor, nouns: Tensor) -> Tensor:
    """Of each noun whether it is in a visual token: float (clips, VISUAL, KINDS * nouns).

    found: as `shown` gives it; nouns: int64 (clips, MOST_THINGS), any where there is no thing.
    """
    named = F.one_hot(nouns.clamp(min=0), len(NOUNS)).to(torch.float32)
    return (found.float() @ named[:, None]).flatten(2).clamp(max=1)


def loss(told: Tensor, wanted: Tensor) -> Tensor:
    """Nats for each noun that is in a visual token, the mean of seen and hidden ones: whatever else is there is
    counted in, so few and many are alike. told: logits, wanted: `targets`, both (clips, VISUAL, KINDS * nouns).
    """
    each = F.binary_cross_entropy_with_logits(told.float(), wanted, reduction="none").unflatten(-1, (KINDS, -1))
    there = wanted.unflatten(-1, (KINDS, -1)).sum((0, 1, 3))
    mean: Tensor = (each.sum((0, 1, 3)) / there.clamp(min=1)).mean()
    return mean


def _whole(renderer: Renderer, plan: Layout, place: int) -> Tensor:
    """One thing of each clip as if it were alone: bool (clips, frames, size, size)."""
    others = np.arange(MOST_THINGS) != place
    return renderer.masks(replace(plan, sprites=np.where(others, -1, plan.sprites).astype(np.int16)))[:, :, place]


def _in_tokens(masks: Tensor) -> Tensor:
    """Bool (clips, frames, things, size, size) -> bool (clips, VISUAL, things)."""
    shares = F.avg_pool3d(masks.transpose(1, 2).float(), TUBELET)
    tokens: Tensor = (shares >= _SHARE).flatten(2).transpose(1, 2)
    return tokens.reshape(len(masks), VISUAL, MOST_THINGS)
