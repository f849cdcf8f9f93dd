"""Good transitions, as the simulator knows them: both clips go on moving while one goes softly over into the other."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.pocket.render import Layout, Renderer, layout
from engine.pocket.vocabulary import WAYS
from engine.pocket.world import Clip, sample_clip

_SECONDS = 10**9
"""Added to an index for the clip that follows."""
_LATEST = 13
"""The latest frame of the first clip that a transition begins with."""
_SOFT = 0.4
"""Width of a wipe's edge, in view widths."""


@dataclass(frozen=True, slots=True)
class Transition:
    """From one clip to another."""

    first: Clip
    """The clip that ends."""
    second: Clip
    """The clip that follows."""
    way: str
    """One of WAYS."""
    start: int
    """Frame of the first clip with which the transition's frames begin."""


def sample_transition(index: int, held_out: bool, styled: float = 0.0) -> Transition:
    """The transition of this index between two clips of their own; see `sample_clip` for the rest."""
    rng = random.Random(f"{index}/transition")
    first, second = (sample_clip(number, held_out, styled=styled) for number in (index, index + _SECONDS))
    way = WAYS[0] if rng.random() < 0.6 else rng.choice(WAYS[1:])
    return Transition(first, second, way, rng.randint(0, _LATEST))


def layouts(transitions: Sequence[Transition], frames: int, context: int) -> tuple[Layout, Layout]:
    """The first clips and the second ones, each over all `frames` frames.

    The first go on after their end; the second begin before their frame 0, which is frame `frames - context`.
    """
    firsts = [layout([one.first], frames, one.start) for one in transitions]
    return Layout.joined(firsts), layout([one.second for one in transitions], frames, context - frames)


def render(renderer: Renderer, pair: tuple[Layout, Layout], ways: Sequence[str], context: int) -> Tensor:
    """The transitions' frames, uint8 (B, F, 3, S, S); `context` at either end are one clip alone."""
    first, second = (renderer.render(plan).float() for plan in pair)
    share = weights(ways, first.shape[1], context, renderer.size).to(first.device)[:, :, None]
    frames: Tensor = (torch.lerp(first, second, share) + 0.5).to(torch.uint8)
    return frames


def weights(ways: Sequence[str], frames: int, context: int, size: int) -> Tensor:
    """How much of each pixel is the second clip, (B, F, S, S): 0 in the first `context` frames, 1 in the last.

    Both ends have neither speed nor acceleration (Perlin, 2002): the step across a seam is hardly more than the clip's.
    """
    done = (torch.arange(frames) - context + 1) / (frames - 2 * context + 1)
    across = ((torch.arange(size) + 0.5) / size).expand(len(ways), 1, 1, size)
    places = torch.stack(
        [place.flip(-1) if way == "wipe left" else place for way, place in zip(ways, across, strict=True)]
    )
    dissolve = torch.tensor([way == "dissolve" for way in ways])[:, None, None, None]
    edge = (done.clamp(0, 1)[:, None, None] * (1 + _SOFT) - places) / _SOFT
    share = torch.where(dissolve, done[:, None, None], edge).clamp(0, 1)
    return (share**3 * (share * (6 * share - 15) + 10)).expand(-1, -1, size, -1)
