"""Teach a large vision-language model to be a critic: LoRA on labels (Hu et al., 2021), on one GPU or many.

Any model that transformers knows and that takes videos. Questions are worded as VideoVerse's scripts word them;
cross-entropy on what should be said, "Yes", "No" or "<output>B,A</output>". Events are listed in an order of their own
each time, so that no echo is learnt. Frames are sampled 8 to 16 a video.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import broadcast
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict

from engine.evaluate.cases import Frames
from engine.evaluate.videoverse.answers import check_question, order_question
from engine.evaluate.videoverse.asking import shown
from engine.evaluate.videoverse.benchmark import LETTERS
from engine.evaluate.videoverse.labels import Label
from engine.evaluate.videoverse.local import Local
from engine.evaluate.watching import watch
from engine.train.budget import Budget, learning_rate_factor, write_record

logger = logging.getLogger(__name__)
_IGNORED = -100


@dataclass(frozen=True)
class LoraPreset:
    """Numbers of a run."""

    rank: int = 16
    alpha: int = 32
    modules: tuple[str, ...] = ("q_proj", "k_proj", "v_proj", "o_proj")
    """Layers that are adapted, by the ends of their names."""
    learning_rate: float = 1e-4
    gathered: int = 8
    """Labels a step, in each process."""
    frames: tuple[int, int] = (8, 16)
    """Fewest and most frames of a video."""
    warmup: int = 20


class Adapter:
    """A base model with LoRA matrices, and how they learn; every method is called in all processes."""

    def __init__(self, base: str, root: Path, preset: LoraPreset, device: str) -> None:
        """base: a model that was fetched, or a folder. Raises as engine.evaluate.videoverse.local.Local."""
        torch.manual_seed(5)
        self.preset = preset
        self.accelerator = Accelerator(cpu=device == "cpu", gradient_accumulation_steps=preset.gathered)
        judge = Local(base, root, str(self.accelerator.device))
        self.name, self.processor = judge.name, judge.processor
        adapted = LoraConfig(r=preset.rank, lora_alpha=preset.alpha, target_modules=list(preset.modules))
        inner = get_peft_model(judge.model.train(), adapted)
        for weight in inner.parameters():
            if weight.requires_grad:
                weight.data = weight.data.float()
        learned = [weight for weight in inner.parameters() if weight.requires_grad]
        optimizer = torch.optim.AdamW(learned, lr=preset.learning_rate, weight_decay=0.0)
        self.model, self.optimizer = self.accelerator.prepare(inner, optimizer)
        self.seen = 0

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
            loss = self._step(lessons, factor)
            budget.step += 1
            if budget.step % 10 == 0:
                logger.info("critic step %d, loss %.4f", budget.step, loss)
            if budget.elapsed_seconds - saved > 120:
                saved = budget.elapsed_seconds
                self._save(checkpoint, budget)
        self._save(checkpoint, budget)

    def finish(self, budget: Budget, folder: Path) -> dict[str, float]:
        """Write the LoRA and its record: samples a second of this process's life, of all processes, and memory."""
        device = self.accelerator.device
        memory = torch.cuda.max_memory_allocated(device) / 2**30 if device.type == "cuda" else 0.0
        seconds = max(1e-9, time.monotonic() - budget.started)
        scores = {"samples a second": self.seen * self.accelerator.num_processes / seconds, "GiB": memory}
        if self.accelerator.is_main_process:
            self.inner.save_pretrained(folder, safe_serialization=True)
            write_record(folder, budget, scores)
        return scores

    def lesson(self, label: Label, rng: random.Random) -> dict[str, torch.Tensor]:
        """What the model is given for a label, `labels` marking the answer alone. Raises VideoError, OSError."""
        question, answer = asked(label, rng)
        turn = [{"role": "user", "content": [{"type": "video"}, {"type": "text", "text": question}]}]
        prompt = self.processor.apply_chat_template(turn, add_generation_prompt=True, tokenize=False)
        frames, fps = _sampled(label.video, self.preset.frames)
        end = self.processor.tokenizer.eos_token or ""
        whole, before = (self._read(text, frames, fps) for text in (prompt + answer + end, prompt))
        targets = whole["input_ids"].clone()
        targets[:, : before["input_ids"].shape[1]] = _IGNORED
        return {**whole, "labels": targets}

    def _read(self, text: str, frames: Frames, fps: float) -> dict[str, torch.Tensor]:
        count, height, width = frames.shape[:3]
        told = {"fps": fps, "total_num_frames": count, "duration": count / fps, "height": height, "width": width}
        given = self.processor(
            text=[text], videos=[frames], video_metadata=[{**told, "frames_indices": list(range(count))}],
            do_sample_frames=False, return_tensors="pt",
        )  # fmt: skip
        return dict(given)

    def _lessons(self, labels: Sequence[Label], step: int) -> Iterator[dict[str, torch.Tensor]]:
        """This process's share, in an order that follows from the number of the round; from a step on."""
        mine, all_of_them = self.accelerator.process_index, self.accelerator.num_processes
        place = step * self.preset.gathered * all_of_them + mine
        while True:
            turn, index = divmod(place, len(labels))
            order = list(range(len(labels)))
            random.Random(f"round {turn}").shuffle(order)
            yield self.lesson(labels[order[index]], random.Random(f"label {place}"))
            place += all_of_them

    def _step(self, lessons: Iterator[dict[str, torch.Tensor]], factor: float) -> float:
        total = 0.0
        for _ in range(self.preset.gathered):
            with self.accelerator.accumulate(self.model):
                given = {name: value.to(self.accelerator.device) for name, value in next(lessons).items()}
                loss = self.model(**given).loss
                self.accelerator.backward(loss)
                if self.accelerator.sync_gradients:
                    self.accelerator.clip_grad_norm_(self.model.parameters(), 1.0)
                for group in self.optimizer.param_groups:
                    group["lr"] = self.preset.learning_rate * factor
                self.optimizer.step()
                self.optimizer.zero_grad()
            total += float(loss.detach()) / self.preset.gathered
            self.seen += 1
        return total

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
    showing = shown(*watch(video))
    count = max(frames[0], min(frames[1], len(showing.frames)))
    places = np.linspace(0, len(showing.frames) - 1, count).round().astype(int)
    return showing.frames[places], showing.fps * count / len(showing.frames)
