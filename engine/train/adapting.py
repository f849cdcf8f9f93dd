"""Teach a large vision-language model to be a critic: LoRA on labels (Hu et al., 2021), on one GPU or many.

Any model that transformers knows and that takes videos. Questions are worded as VideoVerse's scripts word them;
cross-entropy on what should be said, "Yes", "No" or "<output>B,A</output>". Events are listed in an order of their own
each time, so that no echo is learnt. Frames are sampled 8 to 16 a video.
"""

from __future__ import annotations

import logging
import os
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import DistributedDataParallelKwargs, broadcast
from peft import get_peft_model_state_dict, set_peft_model_state_dict

from engine.evaluate.cases import Frames
from engine.evaluate.videoverse.answers import check_question, order_question
from engine.evaluate.videoverse.asking import shown
from engine.evaluate.videoverse.benchmark import LETTERS
from engine.evaluate.videoverse.labels import Label
from engine.evaluate.videoverse.local import Local
from engine.models.witnessing import Witness
from engine.train.ahead import made_ahead
from engine.train.budget import Budget, learning_rate_factor, write_record
from engine.train.lora import ATTENTION, adapted

logger = logging.getLogger(__name__)
_IGNORED = -100


@dataclass(frozen=True)
class LoraPreset:
    """Numbers of a run."""

    rank: int = 16
    alpha: int = 32
    modules: tuple[str, ...] = ATTENTION
    """Layers that are adapted, by the ends of their names."""
    learning_rate: float = 1e-4
    gathered: int = 8
    """Labels a step, in each process."""
    frames: tuple[int, int] = (8, 16)
    """Fewest and most frames of a video."""
    warmup: int = 20


Lesson = Mapping[str, Any]
"""What the model is given: tensors by name, and how many places at the end it is to say something of."""


class Base(Protocol):
    """What is adapted: engine.evaluate.videoverse.local.Local is one."""

    @property
    def name(self) -> str:
        """Which model."""

    @property
    def processor(self) -> Any:
        """Its processor, of transformers."""

    @property
    def model(self) -> Any:
        """Its weights."""


def gathering(device: str, gathered: int) -> Accelerator:
    """This process among those that torchrun started, so many labels a step; NVLink's multicast stays off (ranks.py).

    A frozen base has no buffers that change: they are not sent around.
    """
    os.environ.setdefault("NCCL_NVLS_ENABLE", "0")
    spread = DistributedDataParallelKwargs(broadcast_buffers=False, gradient_as_bucket_view=True)
    return Accelerator(cpu=device == "cpu", gradient_accumulation_steps=gathered, kwargs_handlers=[spread])


class Adapter:
    """A base model with LoRA matrices, and how they learn; every method is called in all processes."""

    def __init__(self, base: Base, preset: LoraPreset, accelerator: Accelerator) -> None:
        """base: its model lies on the accelerator's device."""
        torch.manual_seed(5)
        self.preset, self.accelerator = preset, accelerator
        self.name, self.processor = base.name, base.processor
        self._reading = Witness(base.processor, base.model)
        inner = adapted(base.model.train(), preset.rank, preset.alpha, preset.modules)
        learned = [weight for weight in inner.parameters() if weight.requires_grad]
        optimizer = torch.optim.AdamW(learned, lr=preset.learning_rate, weight_decay=0.0)
        self.model, self.optimizer = self.accelerator.prepare(inner, optimizer)
        self.seen = 0

    @classmethod
    def of(cls, base: str, root: Path, preset: LoraPreset, device: str) -> Adapter:
        """base: a model that was fetched, or a folder. Raises as engine.evaluate.videoverse.local.Local."""
        accelerator = gathering(device, preset.gathered)
        return cls(Local(base, root, str(accelerator.device)), preset, accelerator)

    @property
    def inner(self) -> Any:
        """The model without what spreads it over processes."""
        return self.accelerator.unwrap_model(self.model)

    def run(self, labels: Sequence[Label], budget: Budget, checkpoint: Path) -> None:
        """Train until the budget is spent; goes on from the checkpoint where there is one, and leaves one."""
        if checkpoint.exists():
            self._resume(checkpoint, budget)
        lessons = self._lessons(labels, budget.step)
        saved = budget.elapsed_seconds
        while self._fraction(budget) < 1:
            factor = learning_rate_factor(budget.step, budget.fraction, self.preset.warmup)
            loss = self.step(lessons, factor)
            budget.step += 1
            if budget.step % 10 == 0:
                logger.info("critic step %d, loss %.4f", budget.step, float(loss))
            if budget.elapsed_seconds - saved > 120:
                saved = budget.elapsed_seconds
                self._save(checkpoint, budget)
        self._save(checkpoint, budget)

    def finish(self, budget: Budget, folder: Path) -> dict[str, float]:
        """Write the LoRA, the processor and the record: a folder that engine.evaluate.videoverse.local can ask.

        Scores: samples a second of this process's life, of all processes, and memory.
        """
        device = self.accelerator.device
        memory = torch.cuda.max_memory_allocated(device) / 2**30 if device.type == "cuda" else 0.0
        seconds = max(1e-9, time.monotonic() - budget.started)
        scores = {"samples a second": self.seen * self.accelerator.num_processes / seconds, "GiB": memory}
        if self.accelerator.is_main_process:
            self.inner.save_pretrained(folder, safe_serialization=True)
            self.processor.save_pretrained(folder)
            write_record(folder, budget, scores)
        return scores

    def lesson(self, label: Label, rng: random.Random) -> Lesson:
        """What the model is given for a label. Raises VideoError, OSError."""
        question, answer = asked(label, rng)
        return self.told(*_sampled(label.video, self.preset.frames), question, answer)

    def told(self, frames: Frames, fps: float, question: str, answer: str) -> Lesson:
        """A video, a question and its answer as the model is given them; `labels` are of the answer alone.

        They and the logits are those of the last places: there are a thousand of the video's before them, each as long
        as the vocabulary.
        """
        prompt = self._reading.asked(question)
        whole = prompt + answer + (self.processor.tokenizer.eos_token or "")
        kept = self._reading.length(whole) - self._reading.length(prompt) + 1
        given = self._reading.given(frames, fps, whole)
        targets = given["input_ids"][:, -kept:].clone()
        targets[:, 0] = _IGNORED
        return {**given, "labels": targets, "logits_to_keep": kept}

    def _lessons(self, labels: Sequence[Label], step: int) -> Iterator[Lesson]:
        """This process's share, in an order that follows from the number of the round; from a step on."""
        mine, all_of_them = self.accelerator.process_index, self.accelerator.num_processes

        def made(place: int) -> Lesson:
            turn, index = divmod(place, len(labels))
            order = list(range(len(labels)))
            random.Random(f"round {turn}").shuffle(order)
            return self.lesson(labels[order[index]], random.Random(f"label {place}"))

        return made_ahead(made, count(step * self.preset.gathered * all_of_them + mine, all_of_them))

    def step(self, lessons: Iterator[Lesson], factor: float) -> torch.Tensor:
        """One step of the optimizer at `factor` times its rate; the mean loss of this process's lessons, on the device.

        Gradients meet once, with the last of the lessons.
        """
        total = torch.zeros((), device=self.accelerator.device)
        for group in self.optimizer.param_groups:
            group["lr"] = self.preset.learning_rate * factor
        for _ in range(self.preset.gathered):
            with self.accelerator.accumulate(self.model):
                loss = self.model(**self._here(next(lessons))).loss
                self.accelerator.backward(loss)
                if self.accelerator.sync_gradients:
                    self.accelerator.clip_grad_norm_(self.model.parameters(), 1.0)
                self.optimizer.step()
                self.optimizer.zero_grad()
            total += loss.detach() / self.preset.gathered
            self.seen += 1
        return total

    def _here(self, lesson: Lesson) -> dict[str, Any]:
        """The lesson on this process's device."""
        device = self.accelerator.device
        return {name: one.to(device) if isinstance(one, torch.Tensor) else one for name, one in lesson.items()}

    def _fraction(self, budget: Budget) -> float:
        """What the first process says."""
        said = torch.tensor([budget.fraction], device=self.accelerator.device)
        return float(broadcast(said)[0])

    def _save(self, path: Path, budget: Budget) -> None:
        if self.accelerator.is_main_process:
            path.parent.mkdir(parents=True, exist_ok=True)
            state = {
                "lora": get_peft_model_state_dict(self.inner), "optimizer": self.optimizer.state_dict(),
                "step": budget.step, "seconds": budget.elapsed_seconds,
            }  # fmt: skip
            torch.save(state, path.with_suffix(".part"))
            path.with_suffix(".part").replace(path)
        self.accelerator.wait_for_everyone()

    def _resume(self, path: Path, budget: Budget) -> None:
        state = torch.load(path, map_location="cpu", weights_only=True)
        set_peft_model_state_dict(self.inner, state["lora"])
        self.optimizer.load_state_dict(state["optimizer"])
        budget.step, budget.spent_seconds = state["step"], state["seconds"]


def asked(label: Label, rng: random.Random) -> tuple[str, str]:
    """A label's question as VideoVerse words it, and what should be said."""
    if not label.events:
        return check_question(label.question, rng.random() < 0.5), label.target.capitalize()
    listed = list(range(len(label.events)))
    rng.shuffle(listed)
    letters = [LETTERS[listed.index(LETTERS.index(letter))] for letter in label.target]
    return order_question([label.events[place] for place in listed]), f"<output>{','.join(letters)}</output>"


def _sampled(video: Path, frames: tuple[int, int]) -> tuple[Frames, float]:
    """A video as a judge is shown it, at most so many frames of it; fewer than the fewest are repeated."""
    from engine.evaluate.watching import watch  # who trains from frames needs no codec

    showing = shown(*watch(video))
    count = max(frames[0], min(frames[1], len(showing.frames)))
    places = np.linspace(0, len(showing.frames) - 1, count).round().astype(int)
    return showing.frames[places], showing.fps * count / len(showing.frames)
