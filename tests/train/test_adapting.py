"""LoRA on a tiny twin of a large model: it learns its labels, only answers count, it goes on where it stopped."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.evaluate.videoverse.dimensions import EVENTS
from engine.evaluate.videoverse.labels import Label
from engine.evaluate.videoverse.local import Local
from engine.media.videos import encode_video
from engine.train.adapting import Adapter, LoraPreset, asked
from engine.train.budget import Budget
from tests.evaluate.videoverse.large_twin import qwen

# peft asks transformers by a name that will go
pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")
QUICK = LoraPreset(rank=2, alpha=4, learning_rate=1e-2, gathered=2, frames=(4, 4), warmup=1)


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return qwen(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> tuple[Label, ...]:
    video = tmp_path_factory.mktemp("videos") / "a.mp4"
    frames = np.random.default_rng(0).integers(0, 255, (8, 64, 64, 3), np.uint8)
    video.write_bytes(encode_video(frames, 8))
    order = Label(video, "a ball", EVENTS, "", "BA", ("the ball lands", "the car stops"))
    return Label(video, "a ball", "Mechanics", "is the ball red", "yes"), order


def test_a_question_is_worded_as_videoverse_does_and_events_are_listed_anew(some: tuple[Label, ...]) -> None:
    assert asked(some[0], random.Random(0))[1] == "Yes"
    said = {asked(some[1], random.Random(seed)) for seed in range(8)}
    assert {answer for _, answer in said} == {"<output>A,B</output>", "<output>B,A</output>"}
    for question, answer in said:
        first = "B" if "A: the ball lands" in question else "A"
        assert answer.startswith(f"<output>{first}"), "the car stops first"


def test_the_loss_is_that_of_the_answer_at_every_place(twin: Path, some: tuple[Label, ...]) -> None:
    adapter = Adapter.of(str(twin), twin, QUICK, "cpu")
    lesson = dict(adapter.lesson(some[1], random.Random(0)))
    kept, labels = lesson.pop("logits_to_keep"), lesson.pop("labels")
    answer = asked(some[1], random.Random(0))[1] + adapter.processor.tokenizer.eos_token
    assert lesson["input_ids"][0, 1 - kept :].tolist() == adapter.processor.tokenizer(answer)["input_ids"]
    whole = torch.full_like(lesson["input_ids"], -100)
    whole[:, -kept:] = labels
    with torch.no_grad():
        cut = adapter.model(**lesson, labels=labels, logits_to_keep=kept)
        assert cut.logits.shape[1] == kept
        assert float(cut.loss) == pytest.approx(float(adapter.model(**lesson, labels=whole).loss), rel=1e-5)


def test_it_learns_saves_and_goes_on(twin: Path, some: tuple[Label, ...], tmp_path: Path) -> None:
    adapter = Adapter.of(str(twin), twin, QUICK, "cpu")
    lesson = adapter.lesson(some[0], random.Random(0))
    counted = lesson["labels"][0][lesson["labels"][0] != -100]
    assert 0 < len(counted) < 5
    learned = [name for name, weight in adapter.inner.named_parameters() if weight.requires_grad]
    assert learned
    assert all("lora_" in name for name in learned)
    with torch.no_grad():
        before = float(adapter.model(**lesson).loss)
    budget = Budget(steps=3)
    adapter.run(some, budget, tmp_path / "checkpoint.pt")
    with torch.no_grad():
        assert float(adapter.model(**lesson).loss) < before
    again, longer = Adapter.of(str(twin), twin, replace(QUICK), "cpu"), Budget(steps=4)
    again.run(some, longer, tmp_path / "checkpoint.pt")
    assert longer.step == 4
    assert again.seen == QUICK.gathered, "one step was left to do"
    again.finish(longer, tmp_path / "lora")
    judge = Local(str(tmp_path / "lora"), tmp_path, "cpu")
    with torch.no_grad():
        taught = float(again.inner.eval()(**lesson).loss)
        assert float(judge.model(**lesson).loss) == pytest.approx(taught, rel=1e-5)
        assert taught != pytest.approx(float(Local(str(twin), twin, "cpu").model(**lesson).loss), rel=1e-3)
    assert json.loads((tmp_path / "lora" / "training.json").read_text())["scores"]["samples a second"] > 0
