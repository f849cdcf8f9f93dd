"""Train the inverse model on pairs of rendered states: what happened between them?"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F

from engine.evaluate.happened import HappenedPlan, measure
from engine.pocket.render import Renderer
from engine.pocket.worlds.inverse import ActionReader, InverseModel, to_view
from engine.train.augment import degrade
from engine.train.budget import Budget, learning_rate_factor, write_record
from engine.train.learner import Learner
from engine.train.steps import StepChunk, draw, stream

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class InversePreset:
    """Numbers of a run. The defaults are for one GPU, some five minutes; scores stand in the weights' training.json."""

    batch: int = 256
    """Pairs a step."""
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

    def __init__(self, preset: InversePreset, device: torch.device, processes: int, start: Path | None = None):
        torch.manual_seed(5)
        self.preset, self.device, self.processes = preset, device, processes
        model = InverseModel.from_pretrained(start, dtype=torch.float32) if start else None
        self.model = (model or InverseModel(preset.view, preset.width, preset.layers)).to(device)
        optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=preset.learning_rate, weight_decay=preset.weight_decay, betas=(0.9, 0.98)
        )
        self.learner = Learner(self.model.parameters(), [optimizer])
        self.renderer = Renderer(str(device), preset.size)

    def pairs(self, chunk: StepChunk) -> torch.Tensor:
        """The chunk's pictures as the model sees them, (b, 2, 3, view, view) in 0..1: worn, since what it will have to
        look at was painted by a model. Every other chunk's two states are worn alike, the others' each in its own way.
        """
        frames = draw(chunk, self.renderer)
        views = to_view(frames.flatten(0, 1), self.preset.view)
        if chunk.number % 2:
            return degrade(views.view(-1, 2, *views.shape[1:]), chunk.number)
        worn = degrade(views[:, None], chunk.number)[:, 0]
        return worn.view(-1, 2, *worn.shape[1:])

    def loss(self, chunk: StepChunk) -> torch.Tensor:
        """The loss over the chunk's pairs."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            logits = self.model(self.pairs(chunk))
        answers = torch.from_numpy(chunk.answers).to(self.device)
        return answer_loss({name: value.float() for name, value in logits.items()}, answers)

    def run(self, budget: Budget, checkpoint: Path) -> None:
        """Train until the budget is spent; a checkpoint every two minutes and at the end."""
        if self.device.type == "cuda":
            self.model.compile(dynamic=False)
        chunks = iter(stream(self.preset.batch, budget.step, self.processes))
        saved = budget.elapsed_seconds
        while budget.fraction < 1:
            factor = learning_rate_factor(budget.step, budget.fraction, warmup=100, decay=0.5)
            loss = self.learner.step(self.loss(next(chunks)), budget, factor)
            if budget.step % 100 == 0:
                rate = budget.step / budget.elapsed_seconds
                logger.info("inverse step %d (%.1f/s), loss %.4f", budget.step, rate, float(loss))
            if budget.elapsed_seconds - saved > 120:
                saved = budget.elapsed_seconds
                self.learner.save(checkpoint, budget)
        self.learner.save(checkpoint, budget)

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
