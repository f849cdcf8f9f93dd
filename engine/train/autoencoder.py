"""Train the pocket autoencoder on single frames of the pocket world, and on dead leaves."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from diffusers import AutoencoderKL

from engine.pocket.render import Renderer
from engine.train import components
from engine.train.augment import dead_leaves, overlay_strokes
from engine.train.budget import Budget, learning_rate_factor, write_record
from engine.train.learner import Learner
from engine.train.stream import Chunk, ClipStream, StreamOptions, make_chunk

FRAMES = 17
"""Length of the clips that frames are taken from."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class AutoencoderPreset:
    """Numbers of a run. The shipped weights are older than styles; length and scores: their training.json."""

    batch: int = 128
    """Images a step."""
    frames: int = 3
    """Frames taken of each clip, spread over its length."""
    learning_rate: float = 1.2e-3
    leaves: float = 0.03
    """Share of dead-leaves images in a batch."""
    styled: float = 0.3
    """Share of clips in another style than flat."""
    measured: int = 32
    """Held-out clips that it is measured on; as many styled ones beside them."""
    divergence: float = 1e-4
    """Weight of the KL term: keeps the latents tame, costs little sharpness."""
    size: int = 192
    crop: int = 128
    """Edge of the random crop that is trained on: the network is convolutional, and a crop is cheaper."""


def reconstruction_loss(made: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """L1 on pixels and on their horizontal and vertical differences; (batch, 3, h, w) in -1..1, to a scalar."""
    difference = made - true
    edges = difference.diff(dim=-1).abs().mean() + difference.diff(dim=-2).abs().mean()
    return difference.abs().mean() + edges


@torch.no_grad()
def measure(model: AutoencoderKL, pixels: torch.Tensor) -> float:
    """Mean PSNR of reconstructions, dB; pixels (images, 3, h, w) in -1..1."""
    made = torch.cat([model.decode(model.encode(p).latent_dist.mode()).sample for p in pixels.split(64)])
    error = ((made.float() - pixels) / 2).pow(2).mean(dim=(1, 2, 3))
    return float((-10 * error.log10()).mean())


class AutoencoderTrainer:
    """Holds the model, its learner and its stream; `run` trains, `finish` normalises, measures and saves."""

    def __init__(self, preset: AutoencoderPreset, device: torch.device, processes: int, start: Path | None = None):
        torch.manual_seed(0)
        self.preset, self.device = preset, device
        model = AutoencoderKL.from_pretrained(start, dtype=torch.float32) if start else components.autoencoder()
        model.register_to_config(scaling_factor=1.0, shift_factor=0.0)
        self.model = model.to(device, memory_format=torch.channels_last)
        optimizer = torch.optim.AdamW(self.model.parameters(), lr=preset.learning_rate, betas=(0.9, 0.99))
        self.learner = Learner(self.model.parameters(), [optimizer])
        clips = -(-preset.batch // preset.frames)
        self.stream = ClipStream(StreamOptions(clips, FRAMES, styled=preset.styled, worded=False), processes)
        self.renderer = Renderer(str(device), preset.size)

    def pixels(self, chunk: Chunk) -> torch.Tensor:
        """A batch in -1..1: rendered frames, some with strokes, and a share of dead leaves."""
        moments = [(chunk.start + part * FRAMES // self.preset.frames) % FRAMES for part in range(self.preset.frames)]
        plan = chunk.layout
        plan = replace(plan, transforms=plan.transforms[:, moments], cameras=plan.cameras[:, moments])
        frames = overlay_strokes(self.renderer.render(plan), chunk.start, 0.2)
        leaves = dead_leaves(round(self.preset.batch * self.preset.leaves), self.preset.size, chunk.start, self.device)
        images = torch.cat([leaves, frames.flatten(0, 1)])[: self.preset.batch]
        top, left = torch.randint(self.preset.size - self.preset.crop + 1, (2,)).tolist()
        images = images[:, :, top : top + self.preset.crop, left : left + self.preset.crop]
        return images.float().div(127.5).sub(1).contiguous(memory_format=torch.channels_last)

    def loss(self, pixels: torch.Tensor) -> torch.Tensor:
        """Reconstruction from slightly noised latents, and the KL term."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            posterior = self.model.encode(pixels).latent_dist
            latents = posterior.sample()
            made = self.model.decode(latents).sample
        divergence: torch.Tensor = posterior.kl().mean() / latents[0].numel()
        return reconstruction_loss(made.float(), pixels) + self.preset.divergence * divergence

    def run(self, budget: Budget) -> None:
        """Train until the budget is spent."""
        loss_of = torch.compile(self.loss) if self.device.type == "cuda" else self.loss
        while budget.fraction < 1:
            factor = learning_rate_factor(budget.step, budget.fraction, decay=0.5)
            loss = self.learner.step(loss_of(self.pixels(next(self.stream))), budget, factor)
            if budget.step % 200 == 0:
                logger.info("autoencoder step %d, loss %.4f", budget.step, float(loss))
        self.stream.close()

    @torch.no_grad()
    def finish(self, budget: Budget, folder: Path) -> dict[str, float]:
        """Take the averaged weights, set the latents to unit variance, measure on held-out clips, save as fp16."""
        self.learner.settle()
        chunk = make_chunk(StreamOptions(self.preset.measured, FRAMES, held_out=True, worded=False), 0)
        pixels = self.renderer.render(chunk.layout)[:, ::4].flatten(0, 1).float().div(127.5).sub(1)
        latents = torch.cat([self.model.encode(p).latent_dist.mode() for p in pixels.split(64)])
        self.model.register_to_config(scaling_factor=1 / float(latents.std()), shift_factor=float(latents.mean()))
        leaves = dead_leaves(2 * self.preset.measured, self.preset.size, 10**6, self.device).float().div(127.5).sub(1)
        styled = make_chunk(StreamOptions(self.preset.measured, FRAMES, held_out=True, styled=1.0, worded=False), 1)
        looks = self.renderer.render(styled.layout)[:, ::4].flatten(0, 1).float().div(127.5).sub(1)
        scores = {
            "psnr_held_out": measure(self.model, pixels),
            "psnr_styled": measure(self.model, looks),
            "psnr_dead_leaves": measure(self.model, leaves),
        }
        self.model.half().save_pretrained(folder)
        write_record(folder, budget, scores)
        return scores
