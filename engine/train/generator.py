"""Train the pocket generator: one transformer and its text encoder, for images and for videos.

Flow matching on latents. Every step is of one kind: single frames (cheap: here the words learn what they mean), then
more and more clips, of which some frames are given; clips that are edited or filled in; ways from one clip to another.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from transformers import T5EncoderModel

from engine.pocket import grammar
from engine.pocket.given import KEPT
from engine.pocket.pipeline import PocketPipeline
from engine.pocket.render import Renderer
from engine.train import components
from engine.train.budget import Budget, learning_rate_factor, write_record
from engine.train.kinds import GeneratorPreset, Kind
from engine.train.learner import Learner
from engine.train.lessons import Lesson, lesson
from engine.train.muon import BatchedMuon
from engine.train.pool import Encoder, LatentPool
from engine.train.ranks import Ranks
from engine.train.stream import ClipStream, StreamOptions

_ALONE = Ranks()
logger = logging.getLogger(__name__)


def draw_sigmas(batch: int, shift: float, device: torch.device) -> torch.Tensor:
    """Noise levels in 0..1, logit-normal and shifted towards noise (Esser et al., 2024): (batch, 1, 1, 1, 1)."""
    plain = torch.sigmoid(torch.randn(batch, device=device))
    return (shift * plain / (1 + (shift - 1) * plain)).view(-1, 1, 1, 1, 1)


class GeneratorTrainer:
    """Holds the models and their learner; `run` trains and keeps checkpoints, `export` writes the weights."""

    def __init__(
        self, preset: GeneratorPreset, vae: AutoencoderKL, device: torch.device, ranks: Ranks = _ALONE
    ) -> None:
        """ranks: the processes that train it together, each with clips and noise of its own."""
        torch.manual_seed(1)
        self.preset, self.device, self.ranks = preset, device, ranks
        self.vae = vae.to(device).requires_grad_(False)
        self.tokenizer = components.tokenizer(grammar.words())
        self.transformer = components.transformer(preset.layers).to(device)
        self.text_encoder = components.text_encoder(len(self.tokenizer), preset.text_layers).to(device)
        parameters = [*self.transformer.parameters(), *self.text_encoder.parameters()]
        self.learner = Learner(parameters, self._optimizers(parameters), 0.999, ranks)
        self._draws = torch.Generator().manual_seed(1)
        if ranks.count > 1:
            torch.manual_seed(1 + ranks.rank)
        if device.type == "cuda":
            torch._dynamo.config.recompile_limit = 32
            self.transformer.compile_repeated_blocks(dynamic=False)
            self.text_encoder.compile(dynamic=False)

    def _optimizers(self, parameters: Sequence[torch.nn.Parameter]) -> list[torch.optim.Optimizer]:
        """Muon for the matrices of the blocks, AdamW for the rest.

        Every process takes a batch as large as one alone would, so n of them have n times the clips a step. Steps of
        both optimizers are as long as the rate says, however clear the gradient is; its noise falls with the root of
        the batch, so the rate may grow with it (Malladi et al., 2022).
        """
        matrices = [p for p in self.transformer.blocks.parameters() if p.ndim == 2]
        matrices += [p for p in self.text_encoder.encoder.block.parameters() if p.ndim == 2 and min(p.shape) > 64]
        known = {id(p) for p in matrices}
        others = [p for p in parameters if id(p) not in known]
        rate = self.preset.learning_rate * self.ranks.count**0.5
        return [
            BatchedMuon(matrices, lr=rate, weight_decay=self.preset.weight_decay),
            torch.optim.AdamW(others, lr=rate, weight_decay=0.0, betas=(0.9, 0.98)),
        ]

    def open_pools(self, processes: int) -> tuple[dict[str, LatentPool], list[ClipStream]]:
        """Every ring of latents, partly filled, and the streams behind them."""
        encoder = Encoder(Renderer(str(self.device), self.preset.size), self.vae, self.device)
        each = -(-processes // len(self.preset.pools))
        streams = [ClipStream(self._own(pool.stream), each) for pool in self.preset.pools.values()]
        pools = {}
        for (name, pool), stream in zip(self.preset.pools.items(), streams, strict=True):
            pools[name] = LatentPool(stream, encoder, pool.capacity)
            pools[name].fill(self.preset.filled)
            logger.info("%s filled: %d", name, len(pools[name]))
        return pools, streams

    def _own(self, options: StreamOptions) -> StreamOptions:
        """Every `count`-th chunk: clips that no other process has."""
        return replace(options, first=options.first + self.ranks.rank, stride=self.ranks.count)

    def pick_kind(self, fraction: float) -> Kind:
        """The kind of the next step, the same in all processes: shares move from early to late as the run goes on."""
        begins, ends = self.preset.turning
        late = min(1.0, max(0.0, (fraction - begins) / (ends - begins)))
        kinds = self.preset.kinds
        weights = torch.tensor([k.early * (1 - late) + k.late * late for k in kinds])
        return kinds[int(torch.multinomial(weights, 1, generator=self._draws))]

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
        """Train until the budget is spent; a checkpoint every two minutes and at the end.

        The first process decides how much of the budget is spent; it alone saves.
        """
        pools, streams = self.open_pools(processes)
        saved = budget.elapsed_seconds
        losses: dict[str, float] = {}
        while (fraction := self.ranks.agree(budget.fraction)) < 1:
            kind = self.pick_kind(fraction)
            batch = pools[kind.pool].draw(kind.batch, 17 if kind.lesson == "end" else kind.frames)
            loss = self.loss(lesson(kind.lesson, batch, self.preset.drop_text))
            loss = self.learner.step(loss, budget, learning_rate_factor(budget.step, fraction, self.preset.warmup))
            if budget.step % self.preset.refill_every == 0:
                for each in pools.values():
                    each.refill()
            if budget.step % 100 < 8:
                losses[f"{kind.lesson} {kind.frames}"] = round(float(loss), 3)
            if budget.step % 400 == 0:
                rate = budget.step / budget.elapsed_seconds
                logger.info("step %d (%.1f/s, %.0f %%) %s", budget.step, rate, fraction * 100, losses)
            if self.ranks.leads and budget.elapsed_seconds - saved > 120:
                saved = budget.elapsed_seconds
                self.learner.save(checkpoint, budget)
        if self.ranks.leads:
            self.learner.save(checkpoint, budget)
        for stream in streams:
            stream.close()

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
        learner = self.learner
        places = {id(parameter): place for place, parameter in enumerate(learner.parameters)}
        for parameter, weight in zip(model.parameters(), trained.parameters(), strict=True):
            parameter.copy_(weight)
            learner.average[places[id(parameter)]].copy_(weight)

    @torch.no_grad()
    def export(self, folder: Path, budget: Budget) -> PocketPipeline:
        """Write the averaged weights as a pipeline folder in half precision, and return the pipeline."""
        transformer = components.transformer(self.preset.layers)
        text_encoder = components.text_encoder(len(self.tokenizer), self.preset.text_layers)
        targets = [*transformer.parameters(), *text_encoder.parameters()]
        for target, average in zip(targets, self.learner.average, strict=True):
            target.copy_(average)
        pipeline = PocketPipeline(
            tokenizer=self.tokenizer,
            text_encoder=text_encoder.half(),
            transformer=transformer.half(),
            vae=self.vae.half(),
            scheduler=components.scheduler(),
        )
        pipeline.save_pretrained(folder, max_shard_size="14MB")
        write_record(folder, budget, {"weights": "running average", "gpus": self.ranks.count})
        return pipeline
