"""Train the pocket detector on single frames of rendered clips: phrases in, the simulator's own masks out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

from engine.evaluate.detection import DetectionPlan, look
from engine.pocket.detector import GRID, DetectorModel, PocketDetector
from engine.pocket.render import Renderer
from engine.train.augment import dead_leaves, degrade, overlay_strokes
from engine.train.budget import Budget, write_record
from engine.train.learner import Learner
from engine.train.queries import Chunk, Lessons, tokenizer

_WAITING = 48
"""Lessons that wait for another visit, where pictures are visited more than once."""


@dataclass(frozen=True)
class DetectorPreset:
    """Numbers of a run. The defaults are for one GPU; scores stand in the training.json of the weights."""

    batch: int = 256
    """Frames a step, each of another clip."""
    queries: int = 24
    """Phrases for each frame: they cost next to nothing."""
    visits: int = 1
    """Steps that each frame is used for, with other phrases each time; more where drawing is slow."""
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    leaves: float = 0.1
    """Share of the frames that get a backdrop which is not of this world."""
    strokes: float = 0.1
    """Share of the frames that are painted on."""
    view: int = 192
    """Edge of the pictures, in pixels."""
    width: int = 32
    measured: int = 600
    """Held-out frames that it is measured on."""


PATIENT = DetectorPreset(batch=8, visits=3, view=96, measured=150)
"""For one CPU: small pictures, many small steps."""


@dataclass(frozen=True)
class Lesson:
    """One step's pictures and phrases, on the device."""

    pixels: torch.Tensor
    """(b, 3, view, view) in -1..1"""
    tokens: torch.Tensor
    """(b, q, PHRASE_TOKENS)"""
    masks: torch.Tensor
    """(b, q, GRID, GRID): share of each place that the phrase means, 0..1."""


def mask_loss(logits: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy and Dice (Milletari et al., 2016), smoothed so that an empty mask teaches as well.

    logits, masks: float (n, h, w); masks 0..1. Gives a scalar.
    """
    bce = F.binary_cross_entropy_with_logits(logits, masks)
    sure = logits.sigmoid()
    smooth = 0.005 * masks[0].numel()
    shared, both = (sure * masks).sum((1, 2)), sure.sum((1, 2)) + masks.sum((1, 2))
    return 2 * bce + (1 - (2 * shared + smooth) / (both + smooth)).mean()


class DetectorTrainer:
    """Holds the model, its learner and its lessons; `run` trains, `finish` measures and saves."""

    def __init__(self, preset: DetectorPreset, device: torch.device, processes: int, start: Path | None = None):
        torch.manual_seed(3)
        self.preset, self.device, self.processes = preset, device, processes
        self.tokenizer = tokenizer()
        model = DetectorModel.from_pretrained(start, dtype=torch.float32) if start else None
        self.model = (model or DetectorModel(len(self.tokenizer), preset.view, preset.width)).to(device)
        rate, decay = preset.learning_rate, preset.weight_decay
        optimizer = torch.optim.AdamW(self.model.parameters(), lr=rate, weight_decay=decay, betas=(0.9, 0.98))
        self.learner = Learner(self.model.parameters(), [optimizer])
        self.renderer = Renderer(str(device), preset.view)

    def lessons(self, first: int) -> Iterator[Lesson]:
        """Lessons from chunk `first` on, without end; where frames are visited again, not in a row."""
        source = Lessons(self.preset.batch, self.preset.queries * self.preset.visits, first)
        count = self.processes
        context, ahead = ("spawn", 4) if count else (None, None)
        chunks: DataLoader[Chunk] = DataLoader(
            source, batch_size=None, num_workers=count, multiprocessing_context=context, prefetch_factor=ahead
        )
        waiting: list[Lesson] = []
        random_order = random.Random(first)
        for chunk in chunks:
            waiting += self.draw(chunk)
            while len(waiting) > _WAITING * (self.preset.visits - 1):
                yield waiting.pop(random_order.randrange(len(waiting)))

    def draw(self, chunk: Chunk) -> list[Lesson]:
        """A chunk's frames with their phrases, once for each visit."""
        frames, things = self.renderer.render(chunk.layout), self.renderer.masks(chunk.layout)[:, 0]
        foreign = round(len(frames) * self.preset.leaves)
        if foreign:
            leaves = dead_leaves(foreign, self.preset.view, chunk.number, self.device)[:, None]
            frames[-foreign:] = torch.where(things[-foreign:].any(1)[:, None, None], frames[-foreign:], leaves)
        frames = overlay_strokes(frames, chunk.number, self.preset.strokes)
        pixels = degrade(frames.float() / 255, chunk.number)[:, 0] * 2 - 1
        cover = F.adaptive_avg_pool2d(things.float(), GRID)
        tokens = torch.from_numpy(chunk.tokens).to(self.device).split(self.preset.queries, 1)
        meant = torch.from_numpy(chunk.meant).to(self.device).float().split(self.preset.queries, 1)
        masks = [torch.einsum("bqt,bthw->bqhw", part, cover) for part in meant]
        return [Lesson(pixels, *each) for each in zip(tokens, masks, strict=True)]

    def loss(self, lesson: Lesson) -> torch.Tensor:
        """The masks' loss over all phrases of all frames."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            logits = self.model(lesson.pixels, lesson.tokens)
        return mask_loss(logits.float().flatten(0, 1), lesson.masks.flatten(0, 1))

    def run(self, budget: Budget, checkpoint: Path) -> None:
        """Train until the budget is spent; a checkpoint every minute and at the end."""
        if self.device.type == "cuda":
            self.model.compile(dynamic=False)
        lessons = self.lessons(first=budget.step // self.preset.visits)
        losses = ((self.loss(lesson), "") for lesson in lessons)
        self.learner.run(losses, budget, checkpoint, "detector", warmup=100)

    @torch.no_grad()
    def finish(self, budget: Budget, folder: Path) -> dict[str, float]:
        """Take the averaged weights, save them in half precision, and measure those on held-out frames."""
        self.learner.settle()
        PocketDetector(self.model.half(), self.tokenizer).save_pretrained(folder)
        detector = PocketDetector.from_pretrained(folder).to(self.device)
        plan = DetectionPlan(frames=self.preset.measured, seeds=(0,))
        scores: dict[str, float] = asdict(look(detector, plan, Renderer(str(self.device))))
        write_record(folder, budget, scores)
        return scores
