"""Train the forward model on transitions in all modalities: in stages, or all mixes at once for as many steps."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

from engine.evaluate.foreseen import Exam, foreseen
from engine.pocket.render import Layout, Renderer
from engine.pocket.worlds.forward import MODALITIES, ForwardModel, Senses, patches
from engine.train.budget import Budget, learning_rate_factor, write_record
from engine.train.futures import FutureChunk, future_stream, futures, vocabulary
from engine.train.learner import Learner

logger = logging.getLogger(__name__)
Mix = tuple[tuple[str, ...], tuple[str, ...]]
"""What is given, and what is wanted."""


@dataclass(frozen=True)
class ForwardPreset:
    """Numbers of a run. The defaults are for one GPU."""

    batch: int = 192
    """Transitions a step."""
    learning_rate: float = 1e-3
    weight_decay: float = 0.02
    layers: int = 4
    width: int = 128
    staged: bool = True
    """Single modalities, then pairs, then up to all, a quarter of the run each, then all mixes; else these at once."""
    weighted: bool = True
    """Whether a patch counts by how much it changes."""
    noise: float = 0.05
    """Spread of the noise on given latents: so several futures can be drawn of one state."""
    size: int = 192
    """Edge that states are drawn in: the autoencoder makes an eighth of it."""
    measured: int = 400
    """Held-out transitions that it is measured on."""


def mixes(fraction: float, staged: bool) -> list[Mix]:
    """The mixes that a step is drawn from when so much of the run is done."""
    some = [each for count in (1, 2, 3) for each in combinations(MODALITIES, count)]
    every = [(given, wanted) for given in some for wanted in some]
    if not staged or fraction >= 0.75:
        return every
    if fraction < 0.25:
        return [(given, wanted) for given, wanted in every if given == wanted and len(given) == 1]
    most = 1 if fraction < 0.5 else 2
    return [(given, wanted) for given, wanted in every if len(given) <= most and len(wanted) <= most]


def change_weights(source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """How much each patch counts, (b, patches), 1 on average over a transition.

    1 + its change, as its squared distance between source and target over the transition's mean; after Qiu et al.
    (2025), who weight each token so. A transition without change counts evenly.
    """
    change = (target - source).square().mean(-1)
    weights = 1 + change / change.mean(1, keepdim=True).clamp(min=1e-6)
    return weights / weights.mean(1, keepdim=True)


def future_loss(made: Senses, before: Senses, after: Senses, weighted: bool) -> torch.Tensor:
    """Cross-entropy of words, squared distance of patches in pictures and sounds; what was not wanted costs nothing."""
    total = after.words.new_zeros((), dtype=torch.float32) if after.words is not None else torch.zeros(())
    if made.words is not None and after.words is not None:
        total = total + F.cross_entropy(made.words.float().transpose(1, 2), after.words, ignore_index=0)
    if made.picture is not None and after.picture is not None and before.picture is not None:
        mine, right, source = (patches(each, 4) for each in (made.picture.float(), after.picture, before.picture))
        distance = (mine - right).square().mean(-1)
        total = total + ((distance * change_weights(source, right)) if weighted else distance).mean()
    if made.sound is not None and after.sound is not None:
        total = total + 4 * (made.sound.float() - after.sound).square().mean()
    return total


class ForwardTrainer:
    """Holds the model, its learner, the renderer and the autoencoder; `run` trains, `finish` measures and saves."""

    def __init__(self, preset: ForwardPreset, vae: AutoencoderKL, device: torch.device, processes: int) -> None:
        torch.manual_seed(6)
        self.preset, self.device, self.processes = preset, device, processes
        self.vae = vae.to(device).eval().requires_grad_(False)
        self.model = ForwardModel(len(vocabulary()), preset.width, preset.layers).to(device)
        optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=preset.learning_rate, weight_decay=preset.weight_decay, betas=(0.9, 0.98)
        )
        self.learner = Learner(self.model.parameters(), [optimizer])
        self.renderer = Renderer(str(device), preset.size)

    @torch.no_grad()
    def latents(self, plan: Layout) -> torch.Tensor:
        """One frame of each clip as normalised latents."""
        pixels = self.renderer.render(plan)[:, 0].float().div(127.5).sub(1)
        mode = torch.cat([self.vae.encode(part).latent_dist.mode() for part in pixels.split(64)])
        latents: torch.Tensor = (mode - self.vae.config.shift_factor) * self.vae.config.scaling_factor
        return latents

    def senses(self, chunk: FutureChunk) -> tuple[Senses, torch.Tensor, Senses]:
        """All of the states before, the actions' words, and all of the states after."""
        sounds = torch.from_numpy(chunk.sounds).to(self.device)
        words, action, following = (
            torch.from_numpy(ids).to(self.device) for ids in (chunk.state, chunk.action, chunk.following)
        )
        before = Senses(self.latents(chunk.before), sounds[:, 0], words)
        return before, action, Senses(self.latents(chunk.after), sounds[:, 1], following)

    def loss(self, chunk: FutureChunk, mix: Mix) -> torch.Tensor:
        """The loss over the chunk's transitions, of which so much is given and wanted."""
        before, action, after = self.senses(chunk)
        given, wanted = mix
        noisy = Senses(before.picture, before.sound, before.words).only(given)
        if noisy.picture is not None:
            spread = self.preset.noise * torch.randn_like(noisy.picture)
            noisy = Senses(noisy.picture + spread, noisy.sound, noisy.words)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            made = self.model(noisy, action, wanted, after.words)
        return future_loss(made, before, after, self.preset.weighted)

    def run(self, budget: Budget, checkpoint: Path) -> None:
        """Train until the budget is spent; a checkpoint every two minutes and at the end."""
        chunks = iter(future_stream(self.preset.batch, budget.step, self.processes))
        saved = budget.elapsed_seconds
        while budget.fraction < 1:
            mix = random.Random(budget.step).choice(mixes(budget.fraction, self.preset.staged))
            factor = learning_rate_factor(budget.step, budget.fraction, warmup=100, decay=0.5)
            loss = self.learner.step(self.loss(next(chunks), mix), budget, factor)
            if budget.step % 100 == 0:
                rate = budget.step / budget.elapsed_seconds
                logger.info("forward step %d (%.1f/s), loss %.4f", budget.step, rate, float(loss))
            if budget.elapsed_seconds - saved > 120:
                saved = budget.elapsed_seconds
                self.learner.save(checkpoint, budget)
        self.learner.save(checkpoint, budget)

    @torch.no_grad()
    def finish(self, budget: Budget, folder: Path) -> dict[str, float]:
        """Take the averaged weights, save them in half precision with the tokenizer, measure on held-out transitions.

        Scores: see engine.evaluate.foreseen.
        """
        self.learner.settle()
        self.model.half().save_pretrained(folder)
        vocabulary().save_pretrained(folder)
        model = ForwardModel.from_pretrained(folder, dtype=torch.float32, use_safetensors=True).to(self.device)
        scores = foreseen(model, self._exams())
        write_record(folder, budget, scores)
        return scores

    def _exams(self) -> Iterator[Exam]:
        """Held-out transitions, some at a time."""
        at_once = min(50, self.preset.measured)
        for first in range(0, self.preset.measured, at_once):
            chunk = futures(range(10**6 + first, 10**6 + first + at_once), held_out=True)
            before, action, after = self.senses(chunk)
            yield Exam(before, action, after, torch.from_numpy(chunk.plain).to(self.device))
