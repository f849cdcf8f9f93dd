"""Train the pocket autoencoder on single frames of the pocket world, and on dead leaves."""

from __future__ import annotations

import copy
import logging
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from diffusers import AutoencoderKL

from engine.pocket.render import Renderer
from engine.pocket.vocabulary import STYLES
from engine.train import components
from engine.train.augment import dead_leaves, overlay_strokes
from engine.train.budget import Budget, learning_rate_factor, write_record
from engine.train.learner import Learner
from engine.train.ranks import Ranks
from engine.train.stream import Chunk, ClipStream, StreamOptions, make_chunk

FRAMES = 17
"""Length of the clips that frames are taken from."""
_ALONE = Ranks()
_PLAIN = STYLES.index("flat")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class AutoencoderPreset:
    """Numbers of a run. The shipped weights: the defaults; length and scores stand in their training.json."""

    batch: int = 128
    """Images a step, for each process."""
    frames: int = 3
    """Frames taken of each clip, spread over its length."""
    learning_rate: float = 1.2e-3
    leaves: float = 0.03
    """Share of dead-leaves images in a batch."""
    styled: float = 0.4
    """Share of clips in another style than flat."""
    keeping: float = 0.02
    """Weight of how far a flat clip's latents move from those that the weights it began with gave: a generator that
    learnt from those then has little to learn anew. Other styles may take the room they need."""
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

    def __init__(
        self,
        preset: AutoencoderPreset,
        device: torch.device,
        processes: int,
        start: Path | None = None,
        ranks: Ranks = _ALONE,
    ) -> None:
        """start: the weights that it begins with, and whose latents it keeps; ranks: who trains it together."""
        torch.manual_seed(0)
        self.preset, self.device, self.ranks = preset, device, ranks
        model = AutoencoderKL.from_pretrained(start, dtype=torch.float32) if start else components.autoencoder()
        model.register_to_config(scaling_factor=1.0, shift_factor=0.0)
        self.model = model.to(device, memory_format=torch.channels_last)
        self.first = copy.deepcopy(self.model).requires_grad_(False) if start else None
        optimizer = torch.optim.AdamW(self.model.parameters(), lr=preset.learning_rate, betas=(0.9, 0.99))
        self.learner = Learner(self.model.parameters(), [optimizer], ranks=ranks)
        clips = -(-preset.batch // preset.frames)
        own = StreamOptions(clips, FRAMES, ranks.rank, styled=preset.styled, worded=False, stride=ranks.count)
        self.stream = ClipStream(own, processes)
        self.renderer = Renderer(str(device), preset.size)
        torch.manual_seed(ranks.rank)

    def batch(self, chunk: Chunk) -> tuple[torch.Tensor, torch.Tensor]:
        """Pixels in -1..1: rendered frames, some with strokes, and dead leaves; and 1 for each of a flat clip."""
        moments = [(chunk.start + part * FRAMES // self.preset.frames) % FRAMES for part in range(self.preset.frames)]
        plan = chunk.layout
        plan = replace(plan, transforms=plan.transforms[:, moments], cameras=plan.cameras[:, moments])
        frames = overlay_strokes(self.renderer.render(plan), chunk.start, 0.2)
        leaves = dead_leaves(round(self.preset.batch * self.preset.leaves), self.preset.size, chunk.start, self.device)
        images = torch.cat([leaves, frames.flatten(0, 1)])[: self.preset.batch]
        top, left = torch.randint(self.preset.size - self.preset.crop + 1, (2,)).tolist()
        images = images[:, :, top : top + self.preset.crop, left : left + self.preset.crop]
        looks = torch.from_numpy(chunk.truth[:, -1, 0]).to(self.device).repeat_interleave(frames.shape[1])
        flat = torch.cat([looks.new_zeros(len(leaves)), (looks == _PLAIN).long()])[: self.preset.batch]
        return images.float().div(127.5).sub(1).contiguous(memory_format=torch.channels_last), flat.float()

    def loss(self, pixels: torch.Tensor, flat: torch.Tensor) -> torch.Tensor:
        """Reconstruction from slightly noised latents, the KL term, and what the latents of flat clips have moved."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            posterior = self.model.encode(pixels).latent_dist
            latents = posterior.sample()
            made = self.model.decode(latents).sample
            first = posterior.mode() if self.first is None else self.first.encode(pixels).latent_dist.mode()
        divergence: torch.Tensor = posterior.kl().mean() / latents[0].numel()
        moved = (posterior.mode().float() - first.float()).pow(2).mean(dim=(1, 2, 3)) * flat
        held: torch.Tensor = self.preset.divergence * divergence + self.preset.keeping * moved.mean()
        return reconstruction_loss(made.float(), pixels) + held

    def run(self, budget: Budget) -> None:
        """Train until the budget is spent; the first process decides when that is."""
        loss_of = torch.compile(self.loss) if self.device.type == "cuda" else self.loss
        while (fraction := self.ranks.agree(budget.fraction)) < 1:
            factor = learning_rate_factor(budget.step, fraction, decay=0.5)
            loss = self.learner.step(loss_of(*self.batch(next(self.stream))), budget, factor)
            if budget.step % 200 == 0:
                logger.info("autoencoder step %d, loss %.4f", budget.step, float(loss))
        self.stream.close()

    @torch.no_grad()
    def finish(self, budget: Budget, folder: Path) -> dict[str, float]:
        """Take the averaged weights, set the latents to unit variance, measure on held-out clips, save as fp16."""
        self.learner.settle()
        pixels = self._held_out(0.0)[0]
        latents = torch.cat([self.model.encode(p).latent_dist.mode() for p in pixels.split(64)])
        self.model.register_to_config(scaling_factor=1 / float(latents.std()), shift_factor=float(latents.mean()))
        leaves = dead_leaves(2 * self.preset.measured, self.preset.size, 10**6, self.device).float().div(127.5).sub(1)
        scores = {"psnr_held_out": measure(self.model, pixels), "psnr_dead_leaves": measure(self.model, leaves)}
        pixels, looks = self._held_out(1.0)
        for style in looks.unique().tolist():
            scores[f"psnr_{STYLES[style].replace(' ', '_')}"] = measure(self.model, pixels[looks == style])
        self.model.half().save_pretrained(folder)
        write_record(folder, budget, scores)
        return scores

    def _held_out(self, styled: float) -> tuple[torch.Tensor, torch.Tensor]:
        """Frames of clips that were kept from training, in -1..1, and each frame's style."""
        options = StreamOptions(self.preset.measured, FRAMES, held_out=True, styled=styled, worded=False)
        chunk = make_chunk(options, 0)
        frames = self.renderer.render(chunk.layout)[:, ::4]
        looks = torch.from_numpy(chunk.truth[:, -1, 0]).to(self.device).repeat_interleave(frames.shape[1])
        return frames.flatten(0, 1).float().div(127.5).sub(1), looks
