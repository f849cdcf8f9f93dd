"""Train the pocket generator: one transformer and its text encoder, for images and for videos.

Flow matching on latents. Every step is of one kind: single frames (cheap: here the words learn what they mean), then
more and more clips, of which some frames are given; clips that are edited or filled in; ways from one clip to another.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL
from transformers import T5EncoderModel

from engine.pocket import grammar
from engine.pocket.given import KEPT
from engine.pocket.pipeline import PocketPipeline
from engine.pocket.render import Renderer
from engine.train import components
from engine.train.budget import Budget, learning_rate_factor, write_record
from engine.train.lessons import Lesson, lesson
from engine.train.muon import BatchedMuon
from engine.train.pool import Encoder, LatentPool
from engine.train.stream import ClipStream, StreamOptions, Subject

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """One kind of training step."""

    pool: str
    """Where its clips come from: a name in `GeneratorPreset.pools`."""
    lesson: str
    """What is learnt from them: `make`, `edit`, `join`, or `end` (see engine.train.lessons)."""
    frames: int
    """Frames in a clip; 1 is an image."""
    batch: int
    """Clips a step: the kinds hold about the same number of tokens."""
    early: float
    """Share of the steps at the beginning of the run."""
    late: float
    """Share of the steps from the middle of the run on."""


@dataclass(frozen=True)
class Pool:
    """One ring of latents."""

    stream: StreamOptions
    """What is in it; the size is that of one refill."""
    capacity: int
    """Clips that it holds."""


def _pool(what: Subject, frames: int, refill: int, capacity: int, number: int) -> Pool:
    """A ring whose clips no other ring has."""
    styled = 0.15 if what == "clips" else 0.0
    return Pool(StreamOptions(refill, frames, number * 10**7 // refill, what=what, styled=styled), capacity)


@dataclass(frozen=True)
class GeneratorPreset:
    """Numbers of a run. The shipped weights: the defaults; length and scores stand in their training.json."""

    kinds: tuple[Kind, ...] = (
        Kind("images", "make", 1, 768, 0.5, 0.24),
        Kind("image edits", "edit", 1, 768, 0.1, 0.12),
        Kind("clips", "end", 1, 256, 0.02, 0.04),
        Kind("clips", "make", 9, 96, 0.1, 0.07),
        Kind("clips", "make", 17, 48, 0.22, 0.31),
        Kind("long clips", "make", 25, 32, 0.02, 0.06),
        Kind("edits", "edit", 17, 48, 0.04, 0.12),
        Kind("joins", "join", 17, 48, 0.0, 0.04),
    )
    pools: Mapping[str, Pool] = field(
        default_factory=lambda: {
            "images": _pool("clips", 1, 3072, 98304, 1),
            "image edits": _pool("edits", 1, 1024, 32768, 2),
            "clips": _pool("clips", 17, 192, 12288, 3),
            "long clips": _pool("clips", 25, 64, 3072, 4),
            "edits": _pool("edits", 17, 96, 4096, 5),
            "joins": _pool("joins", 17, 48, 2048, 6),
        }
    )
    learning_rate: float = 1e-3
    weight_decay: float = 0.02
    drop_text: float = 0.1
    """Share of samples trained without their words, for guidance."""
    emphasis: float = 5.0
    """How much more a place counts that shows a thing than one that shows the backdrop."""
    shift: float = 3.0
    """Timestep shift, as in the scheduler."""
    refill_every: int = 120
    """Steps between refills."""
    size: int = 192
    layers: int = 10
    """Blocks of the transformer."""
    text_layers: int = 3
    """Blocks of the text encoder."""


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

    def open_pools(self, processes: int) -> tuple[dict[str, LatentPool], list[ClipStream]]:
        """Every ring of latents, partly filled, and the streams behind them."""
        encoder = Encoder(Renderer(str(self.device), self.preset.size), self.vae, self.device)
        pools, streams = {}, []
        for name, pool in self.preset.pools.items():
            stream = ClipStream(pool.stream, -(-processes // len(self.preset.pools)))
            streams.append(stream)
            pools[name] = LatentPool(iter(stream), encoder, pool.capacity)
            pools[name].fill(0.2)
            logger.info("%s filled: %d", name, len(pools[name]))
        return pools, streams

    def pick_kind(self, fraction: float) -> Kind:
        """The kind of the next step: shares move from early to late over the first part of the run."""
        late = min(1.0, fraction * 2.5)
        kinds = self.preset.kinds
        weights = torch.tensor([k.early * (1 - late) + k.late * late for k in kinds])
        return kinds[int(torch.multinomial(weights, 1))]

    def loss(self, lesson: Lesson) -> torch.Tensor:
        """Flow-matching loss where nothing is kept; things count `emphasis` times more."""
        batch, target = len(lesson.target), lesson.target
        sigmas = draw_sigmas(batch, self.preset.shift, self.device)
        noise = torch.randn_like(target)
        model_input = torch.cat([torch.lerp(target, noise, sigmas), lesson.given.latents, lesson.given.roles], dim=1)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            attention = (lesson.tokens != 0).long()
            text = self.text_encoder(lesson.tokens, attention).last_hidden_state * attention[..., None]
            velocity = self.transformer(model_input, sigmas.flatten() * 1000, text, return_dict=False)[0]
        weight = (lesson.given.roles != KEPT) * (1 + self.preset.emphasis * lesson.things)
        error: torch.Tensor = (velocity.float() - (noise - target)).pow(2).mean(dim=1, keepdim=True) * weight
        return error.mean() / weight.mean().clamp(min=1e-3)

    def run(self, budget: Budget, checkpoint: Path, processes: int) -> None:
        """Train until the budget is spent; a checkpoint every two minutes and at the end."""
        pools, streams = self.open_pools(processes)
        saved = budget.elapsed_seconds
        losses: dict[str, float] = {}
        while budget.fraction < 1:
            kind = self.pick_kind(budget.fraction)
            batch = pools[kind.pool].draw(kind.batch, 17 if kind.lesson == "end" else kind.frames)
            loss = self._step(self.loss(lesson(kind.lesson, batch, self.preset.drop_text)), budget)
            if budget.step % self.preset.refill_every == 0:
                for each in pools.values():
                    each.refill()
            if budget.step % 100 < 8:
                losses[f"{kind.lesson} {kind.frames}"] = round(float(loss), 3)
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

    def start_from(self, folder: Path, taught: Path | None) -> None:
        """Begin with the weights of an exported pipeline; the optimizers begin anew.

        Its text encoder is left out when there is one that was taught to read (engine.train.reading).
        """
        pipeline = PocketPipeline.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
        self._begin(self.transformer, pipeline.transformer)
        if taught is None:
            self._begin(self.text_encoder, pipeline.text_encoder)

    def read_from(self, taught: Path) -> None:
        """Begin with a text encoder that was taught to read."""
        model = T5EncoderModel.from_pretrained(taught, dtype=torch.float32, local_files_only=True)
        self._begin(self.text_encoder, model)

    @torch.no_grad()
    def _begin(self, model: torch.nn.Module, trained: torch.nn.Module) -> None:
        """Copy trained weights into a model of ours and into its running average."""
        places = {id(parameter): place for place, parameter in enumerate(self.parameters)}
        for parameter, weight in zip(model.parameters(), trained.parameters(), strict=True):
            parameter.copy_(weight)
            self.average[places[id(parameter)]].copy_(weight)

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
