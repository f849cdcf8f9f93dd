"""Train the pocket generator: one transformer and its text encoder, for images and for videos.

Flow matching on latents. Every step is of one kind: single frames (cheap: here the words learn what they mean), then
more and more clips, where the first frame, or the first and the last, are given.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL

from engine.pocket import grammar
from engine.pocket.pipeline import PocketPipeline
from engine.pocket.render import Renderer
from engine.train import components
from engine.train.budget import Budget, learning_rate_factor, write_record
from engine.train.muon import BatchedMuon
from engine.train.pool import Batch, Encoder, LatentPool
from engine.train.stream import ClipStream, StreamOptions

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """One kind of training step."""

    frames: int
    """Frames in a clip; 1 is an image."""
    batch: int
    """Clips a step: the kinds hold about the same number of tokens."""
    early: float
    """Share of the steps at the beginning of the run."""
    late: float
    """Share of the steps from the middle of the run on."""


@dataclass(frozen=True)
class GeneratorPreset:
    """Numbers of a run. The shipped weights: the defaults; length and scores stand in their training.json."""

    kinds: tuple[Kind, ...] = (
        Kind(1, 768, 0.55, 0.35),
        Kind(9, 96, 0.15, 0.1),
        Kind(17, 48, 0.25, 0.45),
        Kind(25, 32, 0.05, 0.1),
    )
    learning_rate: float = 1e-3
    weight_decay: float = 0.02
    drop_text: float = 0.1
    """Share of samples trained without their caption, for guidance."""
    first_only: float = 0.6
    """Share of clips with the first frame given; the rest after `first_and_last` have none."""
    first_and_last: float = 0.3
    """Share of clips with the first and the last frame given."""
    emphasis: float = 5.0
    """How much more a place counts that shows a thing than one that shows the backdrop."""
    shift: float = 3.0
    """Timestep shift, as in the scheduler."""
    pools: tuple[tuple[int, int, int], ...] = ((1, 98304, 4096), (17, 12288, 256), (25, 3072, 102))
    """(frames, capacity, clips in a refill) of each ring."""
    refill_every: int = 120
    """Steps between refills."""
    size: int = 192
    layers: int = 10
    """Blocks of the transformer."""
    text_layers: int = 3
    """Blocks of the text encoder."""


def mask_known(batch: int, frames: int, preset: GeneratorPreset, device: torch.device) -> torch.Tensor:
    """Which frames are given: float (batch, 1, frames, 1, 1) of 0 and 1; never all of them."""
    mask = torch.zeros((batch, 1, frames, 1, 1), device=device)
    if frames > 1:
        draw = torch.rand(batch, device=device)
        both = draw < preset.first_and_last
        mask[:, 0, 0, 0, 0] = (draw < preset.first_and_last + preset.first_only).float()
        mask[:, 0, -1, 0, 0] = both.float()
    return mask


def draw_sigmas(batch: int, shift: float, device: torch.device) -> torch.Tensor:
    """Noise levels in 0..1, logit-normal and shifted towards noise (Esser et al., 2024): (batch, 1, 1, 1, 1)."""
    plain = torch.sigmoid(torch.randn(batch, device=device))
    return (shift * plain / (1 + (shift - 1) * plain)).view(-1, 1, 1, 1, 1)


class GeneratorTrainer:
    """Holds the models, optimizers and pools; `run` trains, `save`/`resume` checkpoint, `export` writes the weights."""

    def __init__(self, preset: GeneratorPreset, vae: AutoencoderKL, device: torch.device) -> None:
        torch.manual_seed(1)
        self.preset, self.device, self.vae = preset, device, vae.to(device).requires_grad_(False)
        self.tokenizer = components.tokenizer(grammar.words())
        self.transformer = components.transformer(preset.layers).to(device)
        self.text_encoder = components.text_encoder(len(self.tokenizer), preset.text_layers).to(device)
        self.parameters = [*self.transformer.parameters(), *self.text_encoder.parameters()]
        self.average = [p.detach().clone() for p in self.parameters]
        matrices = [p for p in self.transformer.blocks.parameters() if p.ndim == 2]
        matrices += [p for p in self.text_encoder.encoder.block.parameters() if p.ndim == 2 and min(p.shape) > 64]
        known = {id(p) for p in matrices}
        others = [p for p in self.parameters if id(p) not in known]
        rate, decay = preset.learning_rate, preset.weight_decay
        self.optimizers: list[torch.optim.Optimizer] = [
            BatchedMuon(matrices, lr=rate, weight_decay=decay),
            torch.optim.AdamW(others, lr=rate, weight_decay=0.0, betas=(0.9, 0.98)),
        ]
        if device.type == "cuda":
            self.transformer.compile_repeated_blocks(dynamic=False)
            self.text_encoder.compile(dynamic=False)

    def open_pools(self, processes: int) -> tuple[dict[int, LatentPool], list[ClipStream]]:
        """Rings of latents for images, clips and long clips, filled."""
        encoder = Encoder(Renderer(str(self.device), self.preset.size), self.vae, self.device)
        pools, streams = {}, []
        for number, (frames, capacity, refill) in enumerate(self.preset.pools):
            first = (number + 1) * 10**7 // refill
            stream = ClipStream(StreamOptions(refill, frames, first), -(-processes // 3))
            streams.append(stream)
            pools[frames] = LatentPool(iter(stream), encoder, capacity)
            pools[frames].fill(0.3)
            logger.info("pool of %d-frame clips filled: %d", frames, len(pools[frames]))
        return pools, streams

    def pick_kind(self, fraction: float) -> Kind:
        """The kind of the next step: shares move from early to late over the first half of the run."""
        late = min(1.0, fraction * 2.5)
        kinds = self.preset.kinds
        weights = torch.tensor([k.early * (1 - late) + k.late * late for k in kinds])
        return kinds[int(torch.multinomial(weights, 1))]

    def loss(self, drawn: Batch) -> torch.Tensor:
        """Flow-matching loss on the frames that are not given; things count `emphasis` times more."""
        latents, tokens = drawn.latents, drawn.tokens
        batch, frames = latents.shape[0], latents.shape[2]
        keep = torch.rand((batch, 1), device=self.device) >= self.preset.drop_text
        tokens = tokens * keep
        sigmas = draw_sigmas(batch, self.preset.shift, self.device)
        noise = torch.randn_like(latents)
        mask = mask_known(batch, frames, self.preset, self.device)
        wobble = torch.rand((batch, 1, 1, 1, 1), device=self.device) * 0.06
        condition = (latents + wobble * torch.randn_like(latents)) * mask
        noisy = torch.lerp(latents, noise, sigmas)
        model_input = torch.cat([noisy, condition, mask.expand(-1, -1, -1, *latents.shape[3:])], dim=1)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            attention = (tokens != 0).long()
            text = self.text_encoder(tokens, attention).last_hidden_state * attention[..., None]
            velocity = self.transformer(model_input, sigmas.flatten() * 1000, text, return_dict=False)[0]
        weight = (1 - mask) * (1 + self.preset.emphasis * drawn.things)
        error: torch.Tensor = (velocity.float() - (noise - latents)).pow(2).mean(dim=1, keepdim=True) * weight
        return error.mean() / weight.mean()

    def run(self, budget: Budget, checkpoint: Path, processes: int) -> None:
        """Train until the budget is spent; a checkpoint every two minutes and at the end."""
        pools, streams = self.open_pools(processes)
        saved = budget.elapsed_seconds
        losses: dict[int, float] = {}
        while budget.fraction < 1:
            kind = self.pick_kind(budget.fraction)
            pool = pools[kind.frames] if kind.frames in pools else pools[17]
            loss = self._step(self.loss(pool.draw(kind.batch, kind.frames)), budget)
            if budget.step % self.preset.refill_every == 0:
                for each in pools.values():
                    each.refill()
            if budget.step % 100 < 8:
                losses[kind.frames] = float(loss)
            if budget.step % 400 == 0:
                rate = budget.step / budget.elapsed_seconds
                logger.info("step %d (%.1f/s, %.0f %%) %s", budget.step, rate, budget.fraction * 100, losses)
            if budget.elapsed_seconds - saved > 120:
                saved = budget.elapsed_seconds
                self.save(checkpoint, budget)
        self.save(checkpoint, budget)
        for stream in streams:
            stream.close()

    def _step(self, loss: torch.Tensor, budget: Budget) -> torch.Tensor:
        """One optimizer step, and the running average of the weights."""
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        factor = learning_rate_factor(budget.step, budget.fraction)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = self.preset.learning_rate * factor
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        budget.step += 1
        with torch.no_grad():
            weight = min(0.999, budget.step / (budget.step + 10))
            torch._foreach_lerp_(self.average, self.parameters, 1 - weight)
        return loss.detach()

    def save(self, path: Path, budget: Budget) -> None:
        """Write everything that `resume` needs, by temporary file and rename."""
        path.parent.mkdir(parents=True, exist_ok=True)
        state: dict[str, Any] = {
            "weights": self.parameters,
            "average": self.average,
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "step": budget.step,
            "seconds": budget.elapsed_seconds,
        }
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def start_from(self, folder: Path) -> None:
        """Begin with the weights of an exported pipeline; the optimizers begin anew."""
        pipeline = PocketPipeline.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
        weights = [*pipeline.transformer.parameters(), *pipeline.text_encoder.parameters()]
        with torch.no_grad():
            for parameter, average, weight in zip(self.parameters, self.average, weights, strict=True):
                parameter.copy_(weight)
                average.copy_(weight)

    def resume(self, path: Path, budget: Budget) -> None:
        """Go on from a checkpoint of the same preset."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        with torch.no_grad():
            for parameter, weight in zip(self.parameters, state["weights"], strict=True):
                parameter.copy_(weight)
            for average, weight in zip(self.average, state["average"], strict=True):
                average.copy_(weight)
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        budget.step, budget.spent_seconds = state["step"], state["seconds"]

    @torch.no_grad()
    def export(self, folder: Path, budget: Budget) -> PocketPipeline:
        """Write the averaged weights as a pipeline folder in half precision, and return the pipeline."""
        for parameter, average in zip(self.parameters, self.average, strict=True):
            parameter.copy_(average)
        transformer = components.transformer(self.preset.layers)
        text_encoder = components.text_encoder(len(self.tokenizer), self.preset.text_layers)
        targets: Iterator[torch.nn.Parameter] = iter([*transformer.parameters(), *text_encoder.parameters()])
        for target, average in zip(targets, self.average, strict=True):
            target.copy_(average)
        pipeline = PocketPipeline(
            tokenizer=self.tokenizer,
            text_encoder=text_encoder.half(),
            transformer=transformer.half(),
            vae=self.vae.half(),
            scheduler=components.scheduler(),
        )
        pipeline.save_pretrained(folder, max_shard_size="14MB")
        write_record(folder, budget, {"weights": "running average"})
        return pipeline
