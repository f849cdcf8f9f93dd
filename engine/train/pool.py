"""A ring of encoded clips on the device, refilled with fresh ones while the generator trains.

Rendering and encoding cost a fraction of a training step, so the generator hardly ever sees a clip twice; the
renderer is the data set. Which clips are drawn depends on their index alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

from engine.pocket.render import Renderer
from engine.train.augment import overlay_strokes
from engine.train.stream import Chunk

PICTURES_AT_ONCE = 512
"""Frames encoded in one go."""


class Encoder:
    """Layouts to latents: renders, scribbles on a few, encodes."""

    def __init__(self, renderer: Renderer, vae: AutoencoderKL, device: torch.device) -> None:
        self.device = device
        self._renderer = renderer
        self._vae = vae.to(memory_format=torch.channels_last)
        self._moments = torch.compile(self._encode, dynamic=False) if device.type == "cuda" else self._encode

    @torch.no_grad()
    def __call__(self, chunk: Chunk) -> tuple[torch.Tensor, torch.Tensor]:
        """Latents of a chunk (clips, channels, frames, h, w), about unit variance, and where its things are.

        The second is (clips, 1, frames, h, w), 0 (backdrop) to 1 (all thing). Both in half precision.
        """
        frames = self._renderer.render(chunk.layout)
        empty = self._renderer.render(replace(chunk.layout, sprites=np.full_like(chunk.layout.sprites, -1)))
        clips, count = frames.shape[:2]
        changed = (frames != empty).any(dim=2).half()
        things = F.avg_pool2d(changed.flatten(0, 1)[:, None], 8).unflatten(0, (clips, count)).transpose(1, 2)
        frames = overlay_strokes(frames, seed=chunk.start, share=0.1)
        parts = [self._moments(part) for part in frames.flatten(0, 1).split(PICTURES_AT_ONCE)]
        latents = torch.cat(parts).unflatten(0, (clips, count)).transpose(1, 2)
        normal: torch.Tensor = (latents - self._vae.config.shift_factor) * self._vae.config.scaling_factor
        return normal.half(), things

    def _encode(self, frames: torch.Tensor) -> torch.Tensor:
        pixels = frames.float().div(127.5).sub(1).contiguous(memory_format=torch.channels_last)
        enabled = self.device.type == "cuda"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=enabled):
            mean: torch.Tensor = self._vae.encode(pixels).latent_dist.mode()
        return mean.float()


@dataclass(frozen=True)
class Batch:
    """Some clips to train on."""

    latents: torch.Tensor
    """(batch, channels, frames, h, w) float32."""
    things: torch.Tensor
    """(batch, 1, frames, h, w): share of each place that is thing, 0..1."""
    tokens: torch.Tensor
    """(batch, tokens): one wording each."""


class LatentPool:
    """A ring of latents and their captions; `draw` takes a random batch, `refill` replaces the oldest."""

    def __init__(self, chunks: Iterator[Chunk], encoder: Encoder, capacity: int) -> None:
        self._chunks = chunks
        self._encoder = encoder
        self._capacity = capacity
        self._position = 0
        self._filled = 0
        self._rings: tuple[torch.Tensor, torch.Tensor, torch.Tensor] | None = None

    def __len__(self) -> int:
        return self._filled

    def fill(self, share: float) -> None:
        """Refill until this share of the places is taken; the rest is taken while training goes on."""
        while self._filled < self._capacity * share:
            self.refill()

    def refill(self) -> None:
        """Encode the stream's next chunk into the oldest places."""
        chunk = next(self._chunks)
        latents, things = self._encoder(chunk)
        fresh = (latents, things, torch.from_numpy(chunk.captions).to(self._encoder.device))
        if self._rings is None:
            first, second, third = (each.new_empty((self._capacity, *each.shape[1:])) for each in fresh)
            self._rings = first, second, third
        count = min(len(latents), self._capacity - self._position)
        for ring, new in zip(self._rings, fresh, strict=True):
            ring[self._position : self._position + count] = new[:count]
        self._filled = max(self._filled, self._position + count)
        self._position = (self._position + count) % self._capacity

    def draw(self, batch: int, frames: int) -> Batch:
        """A random batch of the clips' first `frames` frames. Raises ValueError while the ring is empty."""
        if self._rings is None:
            raise ValueError("the pool is empty: call fill() first")
        latents, things, captions = self._rings
        index = torch.randint(self._filled, (batch,), device=latents.device)
        wording = torch.randint(captions.shape[1], (batch,), device=latents.device)
        return Batch(
            latents[index, :, :frames].float(), things[index, :, :frames].float(), captions[index, wording].long()
        )
