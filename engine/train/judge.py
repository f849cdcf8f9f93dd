"""Train the judge on rendered clips, degraded; measure it on held-out ones."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

import torch
import torch.nn.functional as F

from engine.evaluate.judge import FRAMES, VIEW, JudgeModel, to_view
from engine.pocket.render import Renderer
from engine.pocket.vocabulary import NOUNS
from engine.train.augment import degrade
from engine.train.budget import Budget, learning_rate_factor, write_record
from engine.train.learner import Learner
from engine.train.stream import Chunk, ClipStream, StreamOptions, make_chunk
from engine.train.truths import WHOLE

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class JudgePreset:
    """Numbers of a run. The shipped weights: the defaults; length and scores stand in its training.json."""

    batch: int = 64
    learning_rate: float = 1.5e-3
    size: int = VIEW
    styled: float = 0.4
    """Share of clips in another style than flat."""
    late_every: int = 4
    """Of so many steps one looks at clips that begin in the middle of a motion, as those do that are extended."""
    measured: int = 1000
    """Held-out clips that it is measured on, half with one thing and half with two; and half as many late ones."""


def losses(logits: dict[str, torch.Tensor], truth: torch.Tensor) -> torch.Tensor:
    """Sum of the cross-entropies; `truth` as engine.train.truths.truth has it, (batch, NOUNS + 3, 4)."""
    things = truth[:, : len(NOUNS)]
    there = things[..., 3] == 1
    total = F.binary_cross_entropy_with_logits(logits["present"], there.float()) * 4
    for column, name in enumerate(("colour", "motion", "speed")):
        answers = logits[name].flatten(0, 1)
        total = total + F.cross_entropy(answers, things[..., column].flatten(), ignore_index=-1)
    for row, name in enumerate(WHOLE, start=len(NOUNS)):
        total = total + F.cross_entropy(logits[name], truth[:, row, 0])
    return total


def hits(logits: dict[str, torch.Tensor], truth: torch.Tensor) -> dict[str, torch.Tensor]:
    """Which answers are right: per clip for things, scene, camera, style; per thing for colour, motion, speed."""
    things = truth[:, : len(NOUNS)]
    there = things[..., 3] == 1
    right = {"things": ((logits["present"] > 0) == there).all(1)}
    for row, name in enumerate(WHOLE, start=len(NOUNS)):
        right[name] = logits[name].argmax(-1) == truth[:, row, 0]
    for column, name in enumerate(("colour", "motion", "speed")):
        asked = things[..., column] >= 0
        right[name] = (logits[name].argmax(-1) == things[..., column])[asked]
    return right


@torch.no_grad()
def _begin(model: JudgeModel, start: Path) -> None:
    """Take over the weights in `start`; what those lack, a head for styles say, begins anew."""
    begun = model.state_dict()
    for name, weight in JudgeModel.from_pretrained(start, dtype=torch.float32).state_dict().items():
        begun[name][tuple(slice(edge) for edge in weight.shape)] = weight


class JudgeTrainer:
    """Holds the model, its learner and its stream."""

    def __init__(self, preset: JudgePreset, device: torch.device, processes: int, start: Path | None = None):
        torch.manual_seed(2)
        self.preset, self.device = preset, device
        self.model = JudgeModel(styles=True).to(device)
        if start:
            _begin(self.model, start)
        optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=preset.learning_rate, weight_decay=0.02, betas=(0.9, 0.99)
        )
        self.learner = Learner(self.model.parameters(), [optimizer])
        clips = StreamOptions(preset.batch, FRAMES, first=10**6, styled=preset.styled, worded=False)
        late = replace(clips, first=2 * 10**6, late=True)
        each = -(-processes // 2)
        self.streams = (ClipStream(clips, each), ClipStream(late, each))
        self.renderer = Renderer(str(device), preset.size)

    def _logits(self, frames: torch.Tensor) -> dict[str, torch.Tensor]:
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            logits = self.model(frames)
        return {name: value.float() for name, value in logits.items()}

    def _batch(self, chunk: Chunk) -> tuple[torch.Tensor, torch.Tensor]:
        frames = to_view(self.renderer.render(chunk.layout))
        return frames, torch.from_numpy(chunk.truth).to(self.device)

    def run(self, budget: Budget) -> None:
        """Train until the budget is spent."""
        logits_of = torch.compile(self._logits) if self.device.type == "cuda" else self._logits
        chunks = self._chunks()
        while budget.fraction < 1:
            chunk = next(chunks)
            frames, truth = self._batch(chunk)
            loss = losses(logits_of(degrade(frames, chunk.start)), truth)
            factor = learning_rate_factor(budget.step, budget.fraction, decay=0.5)
            loss = self.learner.step(loss, budget, factor)
            if budget.step % 200 == 0:
                logger.info("judge step %d, loss %.4f", budget.step, float(loss))
        for stream in self.streams:
            stream.close()

    def _chunks(self) -> Iterator[Chunk]:
        usual, late = self.streams
        for turn in cycle(range(self.preset.late_every)):
            yield next(usual if turn else late)

    @torch.no_grad()
    def finish(self, budget: Budget, folder: Path) -> dict[str, float]:
        """Take the averaged weights, measure on held-out clips, save in half precision."""
        self.learner.settle()
        self.model.eval()
        usual = StreamOptions(
            self.preset.measured // 10, FRAMES, held_out=True, styled=self.preset.styled, worded=False
        )
        asked = {"1": replace(usual, things=1), "2": replace(usual, things=2), "late": replace(usual, late=True)}
        scores: dict[str, float] = {}
        for kind, options in asked.items():
            found: dict[str, list[torch.Tensor]] = {}
            for number in range(5):
                frames, truth = self._batch(make_chunk(options, number))
                for name, right in hits(self._logits(frames), truth).items():
                    found.setdefault(name, []).append(right)
            scores |= {f"{name}_{kind}": float(torch.cat(rows).float().mean()) for name, rows in found.items()}
        self.model.half().save_pretrained(folder)
        write_record(folder, budget, scores)
        return scores
