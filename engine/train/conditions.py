"""What the generator is told of a clip while it trains: the ways in which the studio will ask it later.

Nothing (text to video), the first frame (image to video), first and last, several frames before (extending) or after
(extending backwards), both (connecting), and a source that is edited or filled in. Roles: see engine.pocket.given.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from engine.pocket.given import HIDDEN, KEPT, SHOWN, Given

LONGEST_CONTEXT = 6
"""Frames at one end that may be known."""
JOINED_CONTEXT = 4
"""Frames at either end of a way from one clip to another that are one of them alone; as many may be known."""
_WOBBLE = 0.06
"""Most noise on what is given, in the latents' own deviation: generated frames are not perfect either."""


@dataclass(frozen=True)
class Ways:
    """How often which frames of a clip are known; the rest has none."""

    first: float = 0.4
    first_and_last: float = 0.17
    before: float = 0.16
    after: float = 0.07
    around: float = 0.1
    longest: int = LONGEST_CONTEXT
    """Most frames known at one end."""


def frame_roles(batch: int, frames: int, ways: Ways, device: torch.device) -> torch.Tensor:
    """Which frames are known, (batch, 1, frames, 1, 1), KEPT or HIDDEN; none of an image, never all of a clip.

    A clip has 5 frames or more.
    """
    shares = torch.tensor([ways.first, ways.first_and_last, ways.before, ways.after, ways.around], device=device)
    way = torch.bucketize(torch.rand(batch, device=device), shares.cumsum(0), right=True)
    longest = max(2, min(ways.longest, (frames - 1) // 2))
    before = torch.randint(2, longest + 1, (batch,), device=device)
    after = torch.randint(2, longest + 1, (batch,), device=device)
    head = torch.zeros_like(way)
    head = torch.where(way <= 1, 1, head)
    head = torch.where((way == 2) | (way == 4), before, head)
    tail = torch.where(way == 1, 1, torch.zeros_like(way))
    tail = torch.where((way == 3) | (way == 4), after, tail)
    place = torch.arange(frames, device=device)
    kept = (place < head[:, None]) | (place >= frames - tail[:, None])
    if frames == 1:
        kept = torch.zeros_like(kept)
    return torch.where(kept, KEPT, HIDDEN)[:, None, :, None, None]


def known(target: torch.Tensor, ways: Ways) -> Given:
    """Some frames of a clip (batch, channels, frames, h, w)."""
    roles = frame_roles(target.shape[0], target.shape[2], ways, target.device)
    return _given(target, roles.expand(-1, -1, -1, *target.shape[3:]))


def loosen(region: torch.Tensor) -> torch.Tensor:
    """The places that may change, marked as loosely as a person or a detector would: grown, and sometimes boxed.

    region: (batch, 1, frames, h, w) of 0 and 1; returns the same shape.
    """
    reach = int(torch.randint(0, 4, ()))
    grown = F.max_pool3d(region, (1, 2 * reach + 1, 2 * reach + 1), 1, (0, reach, reach))
    boxed = grown.amax(-1, keepdim=True) * grown.amax(-2, keepdim=True)
    still = grown.amax(2, keepdim=True).expand_as(grown)
    draw = torch.rand((len(region), 1, 1, 1, 1), device=region.device)
    return torch.where(draw < 0.3, boxed, torch.where(draw < 0.45, still, grown))


def changed(before: torch.Tensor, after: torch.Tensor, region: torch.Tensor, shown: torch.Tensor) -> Given:
    """What is told of `after`, made from `before` where `region` lets it; `shown` (batch,): who sees what is there.

    Half of the edited clips have their first frame done already, as the studio has it approved first.
    """
    batch, _, frames = after.shape[:3]
    free = torch.where(shown.view(-1, 1, 1, 1, 1), SHOWN, HIDDEN)
    roles = torch.where(loosen(region) > 0, free, KEPT)
    given = _given(before, roles)
    done = (torch.rand((batch, 1, 1, 1, 1), device=after.device) < 0.5) & (frames > 1)
    first = done & (torch.arange(frames, device=after.device) == 0).view(1, 1, -1, 1, 1)
    done_already = _given(after, torch.full_like(roles, KEPT))
    latents = torch.where(first, done_already.latents, given.latents)
    return Given(latents, torch.where(first, KEPT, given.roles))


def _given(latents: torch.Tensor, roles: torch.Tensor) -> Given:
    """The latents where they are told at all, a little noisy."""
    wobble = torch.rand((len(latents), 1, 1, 1, 1), device=latents.device) * _WOBBLE
    noisy = latents + wobble * torch.randn_like(latents)
    return Given(noisy * (roles != HIDDEN), roles)
