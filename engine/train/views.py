"""Chunks to pixels: what the renderer draws of each kind, and where what matters is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from engine.pocket import transitions
from engine.pocket.region import regions
from engine.pocket.render import Layout, Renderer, layout
from engine.train.conditions import JOINED_CONTEXT
from engine.train.stream import Chunk


@dataclass(frozen=True)
class Shown:
    """Some clips as pixels."""

    frames: torch.Tensor
    """uint8 (clips, frames, 3, size, size): what is to be made."""
    things: torch.Tensor
    """bool (clips, frames, size, size): what is no backdrop."""
    before: torch.Tensor | None = None
    """Of edits: what was there, like `frames`."""
    region: torch.Tensor | None = None
    """Of edits: where something may change, like `things`."""


def show(chunk: Chunk, renderer: Renderer) -> Shown:
    """The chunk's clips, drawn."""
    frames = chunk.layout.cameras.shape[1]
    if chunk.joined:
        ways = [one.way for one in chunk.joined]
        pair = transitions.layouts(chunk.joined, frames, JOINED_CONTEXT)
        things = occupied(pair[0], renderer) | occupied(pair[1], renderer)
        return Shown(transitions.render(renderer, pair, ways, JOINED_CONTEXT), things)
    shown = Shown(renderer.render(chunk.layout), occupied(chunk.layout, renderer))
    if chunk.edited is None:
        return shown
    before = renderer.render(layout(chunk.edited.clips, frames))
    region = regions(renderer, chunk.edited.clips, chunk.edited.edits, frames)
    return replace(shown, before=before, region=region)


def occupied(plan: Layout, renderer: Renderer) -> torch.Tensor:
    """Where things are, with their soft edges: bool (clips, frames, size, size)."""
    plain = replace(plan, styles=np.zeros_like(plan.styles))
    empty = replace(plain, sprites=np.full_like(plan.sprites, -1))
    return (renderer.render(plain) != renderer.render(empty)).any(dim=2)
