"""Train the pocket critic on what the simulator knows; fit its temperatures and measure it on held-out scenes.

Cross-entropy on what follows: yes or no behind a question, the letters of the events in their order and an end, and
a description word by word. A yes or a no is one bit, and says nothing of where to look: descriptions teach that, and
what is in each visual token (engine.train.patches) teaches the eye alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

from engine.evaluate.criticising import Exam, calibrated, examine
from engine.pocket import critic, critic_shape
from engine.pocket.critic import Calibration, PocketCritic
from engine.pocket.critic_shape import Shape
from engine.pocket.render import Renderer
from engine.train import patches
from engine.train.augment import degrade
from engine.train.budget import Budget, learning_rate_factor, write_record
from engine.train.gallery import Gallery, Picked, drawn
from engine.train.learner import Learner
from engine.train.muon import BatchedMuon
from engine.train.quizzes import FIELDS, PARTS, UNASKED, Quiz, QuizOptions, Quizzes, clips_of, tokenizer
from engine.train.ranks import Ranks

_ALONE = Ranks()
_DRAWN = 64
"""Clips of a lesson: what is drawn at once."""
_LESSONS = 10**6
"""Number of the first lesson: clips that no other stream has."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CriticPreset:
    """Numbers of a run."""

    batch: int = 128
    """Clips a step, in each process."""
    sheets: int = 4
    """Sheets of questions of a clip."""
    capacity: int = 24576
    """Clips in the ring: 0.8 MB each."""
    filled: int = 2048
    """Of them before the first step."""
    refill_every: int = 3
    """Steps between two lessons that are drawn."""
    drawn: int = _DRAWN
    """Clips of a lesson."""
    warmup: int = 200
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.02
    weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 0.25)
    """Of the losses: yes and no, orders, descriptions, what is in each visual token."""
    shape: Shape = field(default_factory=Shape)
    labels: int | None = None
    """So many yes-or-no answers to learn from, and nothing else; None: no end. 0: none at all, it learns to see and to
    describe, so that answers can be taught after that (`start_from`)."""
    wrong: float = 0.0
    """Share of these that are turned round."""
    fitted: int = 150
    """Held-out clips that the temperatures are fitted on."""
    measured: int = 300
    """Other held-out clips that it is measured on."""


class CriticTrainer:
    """Holds the model, its learner and its ring; `run` trains, `finish` calibrates, measures and saves."""

    def __init__(self, preset: CriticPreset, device: torch.device, ranks: Ranks = _ALONE) -> None:
        """ranks: the processes that train it together, each with clips of its own."""
        torch.manual_seed(4)
        self.preset, self.device, self.ranks = preset, device, ranks
        self.tokenizer = tokenizer()
        image = self.tokenizer.convert_tokens_to_ids(critic.IMAGE)
        self.model = critic_shape.build(len(self.tokenizer), image, preset.shape).to(device)
        self.where = patches.layer(preset.shape.width).to(device)
        self.learner = Learner([*self.model.parameters(), *self.where.parameters()], self._optimizers(), 0.999, ranks)
        self.renderer = Renderer(str(device), critic.VIEW)
        self.packing = critic.packing(FIELDS, device)
        self.weights = torch.tensor(self._weights(), device=device)
        torch.manual_seed(4 + ranks.rank)

    def _weights(self) -> tuple[float, float, float, float]:
        """The losses' weights; few answers come without descriptions and patches, which would tell more."""
        answers, orders, described, shown = self.preset.weights
        match self.preset.labels:
            case None:
                return self.preset.weights
            case 0:
                return 0.0, 0.0, described, shown
            case _:
                return answers, orders, 0.0, 0.0

    def _optimizers(self) -> list[torch.optim.Optimizer]:
        """Muon for the matrices of the layers, AdamW for the rest; the rate as in engine.train.generator."""
        named = list(self.model.named_parameters())
        matrices = [weight for name, weight in named if weight.ndim == 2 and ".layer" in name]
        known = {id(weight) for weight in matrices}
        others = [weight for _, weight in named if id(weight) not in known] + [*self.where.parameters()]
        rate = self.preset.learning_rate * self.ranks.count**0.5
        return [
            BatchedMuon(matrices, lr=rate, weight_decay=self.preset.weight_decay),
            torch.optim.AdamW(others, lr=rate, weight_decay=0.0, betas=(0.9, 0.98)),
        ]

    def start_from(self, folder: Path) -> None:
        """Begin with the weights of a saved critic of this shape; the optimizers begin anew."""
        begun = PocketCritic.from_pretrained(folder).model
        with torch.no_grad():
            for place, weight in enumerate(begun.parameters()):
                self.learner.parameters[place].copy_(weight)
                self.learner.average[place].copy_(weight)

    def losses(self, asked: Picked) -> torch.Tensor:
        """Mean cross-entropy over yes and no, over orders and over descriptions, 0 of what is not asked; and of what
        is in each visual token: (4,).
        """
        seed = int(torch.randint(2**31, ()))
        pixels = critic.to_pixels(degrade(asked.frames.float() / 255, seed))
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            found, where = self._tell(pixels, asked.tokens)
        each = F.cross_entropy(found.float().mT, asked.targets, ignore_index=UNASKED, reduction="none")
        parts = zip(each.split(PARTS, 1), (asked.targets != UNASKED).split(PARTS, 1), strict=True)
        said = [loss.sum() / counted.sum().clamp(min=1) for loss, counted in parts]
        return torch.stack([*said, patches.loss(where, asked.where)])

    def _tell(self, pixels: torch.Tensor, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """What comes after each token, and what is in each visual token: logits."""
        seen = critic.visual(self.model, pixels)
        return critic.logits(self.model, seen, tokens, self.packing), self.where(seen)

    def lessons(self, first: int, processes: int) -> Iterator[Quiz]:
        """Lessons from number `first` on, without end, made ahead in `processes` processes."""
        preset, ranks = self.preset, self.ranks
        beginning = 0 if preset.labels else _LESSONS
        options = QuizOptions(
            preset.drawn, preset.sheets, first=beginning + first * ranks.count + ranks.rank, stride=ranks.count,
            labels=preset.labels or None, wrong=preset.wrong,
        )  # fmt: skip
        context, ahead = ("spawn", 4) if processes else (None, None)
        loader: DataLoader[Quiz] = DataLoader(
            Quizzes(options), batch_size=None, num_workers=processes, multiprocessing_context=context,
            prefetch_factor=ahead,
        )  # fmt: skip
        yield from loader

    def run(self, budget: Budget, checkpoint: Path, processes: int) -> None:
        """Train until the budget is spent; a checkpoint every two minutes and at the end.

        The first process decides how much of the budget is spent; it alone saves.
        """
        preset = self.preset
        sheets = 1 if preset.labels else preset.sheets
        capacity = min(preset.capacity, clips_of(preset.labels)) if preset.labels else preset.capacity
        gallery = Gallery(capacity, sheets, self.device)
        lessons = self.lessons(budget.step // preset.refill_every, processes)
        saved = budget.elapsed_seconds
        while len(gallery) < min(preset.filled, capacity):
            self._hang(gallery, next(lessons))
        while (fraction := self.ranks.agree(budget.fraction)) < 1:
            factor = learning_rate_factor(budget.step, fraction, preset.warmup, 0.5)
            losses = self.losses(gallery.pick(preset.batch))
            self.learner.step((losses * self.weights).sum(), budget, factor)
            if budget.step % preset.refill_every == 0 and not (preset.labels and len(gallery) == capacity):
                self._hang(gallery, next(lessons))
            if budget.step % 100 == 0:
                rate = budget.step / budget.elapsed_seconds
                told = ", ".join(f"{loss:.4f}" for loss in losses.tolist())
                logger.info("critic step %d (%.1f/s, %.0f %%), losses %s", budget.step, rate, fraction * 100, told)
            if self.ranks.leads and budget.elapsed_seconds - saved > 120:
                saved = budget.elapsed_seconds
                self.learner.save(checkpoint, budget)
        if self.ranks.leads:
            self.learner.save(checkpoint, budget)

    def _hang(self, gallery: Gallery, quiz: Quiz) -> None:
        gallery.add(drawn(self.renderer, quiz), patches.shown(self.renderer, quiz), quiz)

    def finish(self, budget: Budget, folder: Path) -> dict[str, float]:
        """Take the averaged weights, save them in half precision, fit the temperatures, and measure what was saved."""
        self.learner.settle()
        found = PocketCritic(self.model.half(), self.tokenizer, Calibration())
        found.save_pretrained(folder)
        loaded = PocketCritic.from_pretrained(folder).to(self.device)
        loaded.calibration = calibrated(loaded, Exam(0, self.preset.fitted), self.renderer)
        found.calibration = loaded.calibration
        found.save_pretrained(folder)
        scores = examine(loaded, Exam(self.preset.fitted, self.preset.measured), self.renderer)
        write_record(folder, budget, scores)
        return scores
