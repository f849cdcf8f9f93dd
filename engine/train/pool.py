"""A ring of encoded clips on the device, refilled with fresh ones while the generator trains.

Rendering and encoding cost a fraction of a training step, so the generator hardly ever sees a clip twice; the
renderer is the data set. Which clips are drawn depends on their index alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

from engine.pocket.render import Renderer
from engine.train.augment import foreign_backdrops, overlay_strokes
from engine.train.stream import Chunk
from engine.train.views import show

PICTURES_AT_ONCE = 512
"""Frames encoded in one go; always as many where the encoder is compiled: each number of them is compiled anew."""
STROKES, FOREIGN = 0.1, 0.06
"""Shares of clips with a painted stroke, and before a backdrop that no pocket scene has."""


class Encoder:
    """Chunks to latents: renders, scribbles on a few, encodes."""

    def __init__(self, renderer: Renderer, vae: AutoencoderKL, device: torch.device) -> None:
        self.device = device
        self._renderer = renderer
        self._vae = vae.to(memory_format=torch.channels_last)
        self._moments = torch.compile(self._encode, dynamic=False) if device.type == "cuda" else self._encode

    @torch.no_grad()
    def __call__(self, chunk: Chunk) -> dict[str, torch.Tensor]:
        """What a ring keeps of a chunk: tensors with a row for each clip, in half precision.

        `latents` (clips, channels, frames, h, w), about unit variance; `things` (clips, 1, frames, h, w), from 0
        (backdrop) to 1 (all thing); `foreign` (clips,), 1 where the words do not tell the backdrop. Of edits also
        `before` and `region`, what was there and where it changes.
        """
        shown = show(chunk, self._renderer)
        clips = len(shown.frames)
        foreign = torch.zeros(clips, device=self.device)
        pictures = {"latents": shown.frames}
        if shown.before is not None:
            pictures["before"] = shown.before
        else:
            pictures["latents"], foreign = foreign_backdrops(shown.frames, shown.things, chunk.start, FOREIGN)
        kept = {name: self._latents(overlay_strokes(frames, chunk.start, STROKES)) for name, frames in pictures.items()}
        kept |= {"things": _shares(shown.things), "foreign": foreign.half()}
        if shown.region is not None:
            kept["region"] = (_shares(shown.region) > 0).half()
        return kept

    def _latents(self, frames: torch.Tensor) -> torch.Tensor:
        pictures = frames.flatten(0, 1)
        count = len(pictures)
        if self.device.type == "cuda":
            pictures = torch.cat([pictures, pictures.new_zeros(-count % PICTURES_AT_ONCE, *pictures.shape[1:])])
        parts = [self._moments(part) for part in pictures.split(PICTURES_AT_ONCE)]
        latents = torch.cat(parts)[:count].unflatten(0, frames.shape[:2]).transpose(1, 2)
        normal: torch.Tensor = (latents - self._vae.config.shift_factor) * self._vae.config.scaling_factor
        return normal.half()

    def _encode(self, frames: torch.Tensor) -> torch.Tensor:
        pixels = frames.float().div(127.5).sub(1).contiguous(memory_format=torch.channels_last)
        enabled = self.device.type == "cuda"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=enabled):
            mean: torch.Tensor = self._vae.encode(pixels).latent_dist.mode()
        return mean.float()


def _shares(places: torch.Tensor) -> torch.Tensor:
    """Bool (clips, frames, height, width) -> the share of each latent's place, half (clips, 1, frames, h, w)."""
    small = F.avg_pool2d(places.half().flatten(0, 1)[:, None], 8)
    shares: torch.Tensor = small.unflatten(0, places.shape[:2]).transpose(1, 2)
    return shares


@dataclass(frozen=True)
class Batch:
    """Some clips to train on; see `Encoder` for the tensors."""

    tensors: Mapping[str, torch.Tensor]
    """Latents and what goes with them, float32."""
    tokens: Mapping[str, torch.Tensor]
    """What the words are about (`caption`, `instruction`, `end`) -> (batch, tokens), one wording each."""


class LatentPool:
    """A ring of latents and their captions; `draw` takes a random batch, `refill` replaces the oldest."""

    def __init__(self, chunks: Iterator[Chunk], encoder: Encoder, capacity: int) -> None:
        self._chunks = chunks
        self._encoder = encoder
        self._capacity = capacity
        self._position = 0
        self._filled = 0
        self._tensors: dict[str, torch.Tensor] = {}
        self._texts: dict[str, torch.Tensor] = {}

    def __len__(self) -> int:
        return self._filled

    def fill(self, share: float) -> None:
        """Refill until this share of the places is taken; the rest is taken while training goes on."""
        while self._filled < self._capacity * share:
            self.refill()

    def refill(self) -> None:
        """Encode the stream's next chunk into the oldest places."""
        chunk = next(self._chunks)
        tensors = self._encoder(chunk)
        texts = {name: torch.from_numpy(words).to(self._encoder.device) for name, words in chunk.captions.items()}
        count = min(len(chunk), self._capacity - self._position)
        for rings, fresh in ((self._tensors, tensors), (self._texts, texts)):
            for name, rows in fresh.items():
                ring = rings.setdefault(name, rows.new_empty((self._capacity, *rows.shape[1:])))
                ring[self._position : self._position + count] = rows[:count]
        self._filled = max(self._filled, self._position + count)
        self._position = (self._position + count) % self._capacity

    def draw(self, batch: int, frames: int) -> Batch:
        """A random batch of the clips' first `frames` frames. Raises ValueError while the ring is empty."""
        if not self._filled:
            raise ValueError("the pool is empty: call fill() first")
        device = self._encoder.device
        index = torch.randint(self._filled, (batch,), device=device)
        tensors = {
            name: (ring[index] if ring.ndim == 1 else ring[index, :, :frames]).float()
            for name, ring in self._tensors.items()
        }
        wordings = next(iter(self._texts.values())).shape[1]
        wording = torch.randint(wordings, (batch,), device=device)
        return Batch(tensors, {name: ring[index, wording].long() for name, ring in self._texts.items()})
