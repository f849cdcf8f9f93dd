"""A ring of encoded clips on the device, refilled with fresh ones while the generator trains.

Rendering and encoding cost a fraction of a training step, so the generator hardly ever sees a clip twice; the
renderer is the data set. Which clips are drawn depends on their index alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from diffusers import AutoencoderKL

from engine.pocket.render import Renderer
from engine.train.augment import overlay_strokes
from engine.train.stream import Chunk


@dataclass(frozen=True)
class Encoder:
    """Layouts to latents: renders, scribbles on a few, encodes."""

    renderer: Renderer
    vae: AutoencoderKL
    device: torch.device

    @torch.no_grad()
    def __call__(self, chunk: Chunk) -> torch.Tensor:
        """Latents of a chunk, half precision: (clips, channels, frames, h, w), about unit variance."""
        frames = self.renderer.render(chunk.layout)
        frames = overlay_strokes(frames, seed=chunk.start, share=0.1)
        clips, count = frames.shape[:2]
        parts = [self._encode(part) for part in frames.flatten(0, 1).split(512)]
        latents = torch.cat(parts).unflatten(0, (clips, count)).transpose(1, 2)
        normal: torch.Tensor = (latents - self.vae.config.shift_factor) * self.vae.config.scaling_factor
        return normal.half()

    def _encode(self, frames: torch.Tensor) -> torch.Tensor:
        pixels = frames.float().div(127.5).sub(1).contiguous(memory_format=torch.channels_last)
        enabled = self.device.type == "cuda"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=enabled):
            mean: torch.Tensor = self.vae.encode(pixels).latent_dist.mode()
        return mean.float()


class LatentPool:
    """A ring of latents and their captions; `draw` takes a random batch, `refill` replaces the oldest."""

    def __init__(self, chunks: Iterator[Chunk], encoder: Encoder, capacity: int) -> None:
        self._chunks = chunks
        self._encoder = encoder
        self._capacity = capacity
        self._position = 0
        self._filled = 0
        self._latents: torch.Tensor | None = None
        self._captions: torch.Tensor | None = None

    def __len__(self) -> int:
        return self._filled

    def fill(self) -> None:
        """Refill until every place is taken once."""
        while self._filled < self._capacity:
            self.refill()

    def refill(self) -> None:
        """Encode the stream's next chunk into the oldest places."""
        chunk = next(self._chunks)
        latents = self._encoder(chunk)
        captions = torch.from_numpy(chunk.captions)
        if self._latents is None or self._captions is None:
            self._latents = latents.new_empty((self._capacity, *latents.shape[1:]))
            self._captions = captions.new_empty((self._capacity, *captions.shape[1:])).to(self._encoder.device)
        count = min(len(latents), self._capacity - self._position)
        places = slice(self._position, self._position + count)
        self._latents[places] = latents[:count]
        self._captions[places] = captions[:count].to(self._encoder.device)
        self._filled = max(self._filled, self._position + count)
        self._position = (self._position + count) % self._capacity

    def draw(self, batch: int, frames: int) -> tuple[torch.Tensor, torch.Tensor]:
        """A random batch: latents (batch, c, frames, h, w) float32 and token ids (batch, tokens), one wording each."""
        if self._latents is None or self._captions is None:
            raise ValueError("the pool is empty: call fill() first")
        index = torch.randint(self._filled, (batch,), device=self._latents.device)
        wording = torch.randint(self._captions.shape[1], (batch,), device=self._latents.device)
        return self._latents[index, :, :frames].float(), self._captions[index, wording].long()
