"""Train the inverse model on pairs of rendered states: what happened between them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

from engine.evaluate.happened import HappenedPlan, measure
from engine.pocket.render import Renderer
from engine.pocket.worlds.inverse import ActionReader, InverseModel, to_view
from engine.train.augment import degrade
from engine.train.budget import Budget, write_record
from engine.train.learner import Learner
from engine.train.ring import Ring
from engine.train.steps import StepChunk, draw, stream

_AT_ONCE = 128
"""Pictures that go through the autoencoder together."""
_PAINTED = 0.5
"""Share of pictures that do."""


@dataclass(frozen=True)
class InversePreset:
    """Numbers of a run. The defaults are for one GPU, some five minutes; scores stand in the weights' training.json."""

    batch: int = 256
    """Pairs a step, and in a chunk."""
    capacity: int = 49152
    """Pairs in the ring: 55 kB each."""
    filled: int = 4096
    """Of them before the first step."""
    refill_every: int = 6
    """Steps between two chunks that are drawn: each pair is seen so often, worn anew."""
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.02
    size: int = 192
    """Edge that states are drawn in."""
    view: int = 96
    """Edge that the model sees them in."""
    width: int = 96
    layers: int = 2
    measured: int = 600
    """Held-out pairs that it is measured on."""


def answer_loss(logits: dict[str, torch.Tensor], answers: torch.Tensor) -> torch.Tensor:
    """Cross-entropy over the questions that each action asks, a pair's mean; answers (batch, questions), -1: none."""
    total = torch.zeros((), device=answers.device)
    for column, values in enumerate(logits.values()):
        total = total + F.cross_entropy(values, answers[:, column], ignore_index=-1, reduction="sum")
    return total / len(answers)


class InverseTrainer:
    """Holds the model, its learner and its renderer; `run` trains, `finish` measures and saves."""

    def __init__(
        self, preset: InversePreset, device: torch.device, processes: int, vae: AutoencoderKL | None = None
    ) -> None:
        """vae: what pictures that a model painted come out of, so that it learns to look at such."""
        torch.manual_seed(5)
        self.preset, self.device, self.processes = preset, device, processes
        self.vae = None
        if vae is not None:
            self.vae = vae.to(device).to(memory_format=torch.channels_last).eval().requires_grad_(False)
        self.model = InverseModel(preset.view, preset.width, preset.layers).to(device)
        optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=preset.learning_rate, weight_decay=preset.weight_decay, betas=(0.9, 0.98)
        )
        self.learner = Learner(self.model.parameters(), [optimizer])
        self.renderer = Renderer(str(device), preset.size)

    @torch.no_grad()
    def rows(self, chunk: StepChunk) -> dict[str, torch.Tensor]:
        """What the ring keeps of a chunk: the pictures as the model sees them, uint8 (b, 2, 3, view, view), and the
        answers. With an autoencoder half of the pictures have been through it: painted ones have, too."""
        frames = draw(chunk, self.renderer).flatten(0, 1)
        if self.vae is not None:
            gone = torch.rand(len(frames), device=self.device) < _PAINTED
            frames[gone] = self._painted(frames[gone], self.vae)
        views = to_view(frames, self.preset.view).mul(255).round().clamp(0, 255).to(torch.uint8)
        return {
            "views": views.view(-1, 2, *views.shape[1:]),
            "answers": torch.from_numpy(chunk.answers).to(self.device),
        }

    def _painted(self, frames: torch.Tensor, vae: AutoencoderKL) -> torch.Tensor:
        """Frames uint8 (n, 3, h, w) as the autoencoder brings them back."""
        parts = [frames[:0].float()]
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            for part in frames.split(_AT_ONCE):
                pixels = part.float().div(127.5).sub(1).contiguous(memory_format=torch.channels_last)
                parts.append(vae.decode(vae.encode(pixels).latent_dist.mode()).sample.float())
        return torch.cat(parts).add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8)

    def pairs(self, views: torch.Tensor, seed: int) -> torch.Tensor:
        """Kept pictures as they are learnt from, (b, 2, 3, view, view) in 0..1: worn, since what it will have to look
        at was painted by a model. With every other seed both states are worn alike, else each in its own way.
        """
        pixels = views.float() / 255
        if seed % 2:
            return degrade(pixels, seed)
        return degrade(pixels.flatten(0, 1)[:, None], seed)[:, 0].view_as(pixels)

    def loss(self, rows: Mapping[str, torch.Tensor], seed: int) -> torch.Tensor:
        """The loss over a ring's rows, worn as this seed has it."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            logits = self.model(self.pairs(rows["views"], seed))
        return answer_loss({name: value.float() for name, value in logits.items()}, rows["answers"])

    def run(self, budget: Budget, checkpoint: Path) -> None:
        """Train until the budget is spent; a checkpoint every minute and at the end."""
        self.learner.run(self._losses(budget), budget, checkpoint, "inverse")

    def _losses(self, budget: Budget) -> Iterator[tuple[torch.Tensor, str]]:
        """A step's loss after the other's; between them the ring is filled up."""
        preset, ring = self.preset, Ring(self.preset.capacity)
        chunks = iter(stream(preset.batch, budget.step // preset.refill_every, self.processes))
        while len(ring) < preset.filled:
            ring.add(self.rows(next(chunks)))
        while True:
            yield self.loss(ring.pick(preset.batch), budget.step), ""
            if budget.step % preset.refill_every == 0:
                ring.add(self.rows(next(chunks)))

    @torch.no_grad()
    def finish(self, budget: Budget, folder: Path) -> dict[str, float]:
        """Take the averaged weights, save them in half precision, and measure those on held-out pairs."""
        self.learner.settle()
        self.model.half().save_pretrained(folder)
        reader = ActionReader.from_pretrained(folder).to(self.device)
        plan = HappenedPlan(pairs=self.preset.measured, seeds=(0,))
        scores: dict[str, float] = asdict(measure(reader, plan, self.renderer))
        write_record(folder, budget, scores)
        return scores
