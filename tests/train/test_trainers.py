"""Each trainer at toy size: it learns something, saves what the app can load, and goes on from a checkpoint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKL

from engine.evaluate.judge import JudgeModel
from engine.pocket.pipeline import PocketPipeline
from engine.train.autoencoder import AutoencoderPreset, AutoencoderTrainer
from engine.train.budget import Budget, learning_rate_factor
from engine.train.generator import GeneratorPreset, GeneratorTrainer, Kind, draw_sigmas, mask_known
from engine.train.judge import JudgePreset, JudgeTrainer

CPU = torch.device("cpu")
PRESET = GeneratorPreset(
    kinds=(Kind(1, 4, 0.5, 0.5), Kind(9, 1, 0.5, 0.5)),
    pools=((1, 8, 4), (17, 2, 1)),
    refill_every=2,
    size=32,
    layers=1,
    text_layers=1,
)


@pytest.fixture(scope="module")
def autoencoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("autoencoder")
    trainer = AutoencoderTrainer(AutoencoderPreset(batch=8, frames=2, size=32, crop=32), CPU, 0)
    budget = Budget(steps=12)
    trainer.run(budget)
    trainer.finish(budget, folder)
    return folder


def test_the_autoencoder_is_saved_with_unit_latents_and_its_record(autoencoder: Path) -> None:
    model = AutoencoderKL.from_pretrained(autoencoder)
    record = json.loads((autoencoder / "training.json").read_text())
    assert model.config.scaling_factor != 1.0
    assert record["steps"] == 12
    assert record["scores"]["psnr_held_out"] > 8
    assert record["commit"]


@pytest.mark.long
def test_the_generator_resumes_and_exports_a_pipeline(autoencoder: Path, tmp_path: Path) -> None:
    checkpoint, folder = tmp_path / "checkpoint.pt", tmp_path / "pipeline"
    first = Budget(steps=2)
    trainer = GeneratorTrainer(PRESET, AutoencoderKL.from_pretrained(autoencoder), CPU)
    trainer.run(first, checkpoint, 0)
    again = GeneratorTrainer(PRESET, AutoencoderKL.from_pretrained(autoencoder), CPU)
    budget = Budget(steps=4)
    again.resume(checkpoint, budget)
    assert budget.step == 2
    assert all(torch.equal(a, b) for a, b in zip(again.parameters, trainer.parameters, strict=True))
    again.run(budget, checkpoint, 0)
    again.export(folder, budget)
    pipeline = PocketPipeline.from_pretrained(folder)
    frames = pipeline("a red ball", height=32, width=32, num_frames=1, num_inference_steps=1).frames
    assert frames.shape == (1, 1, 32, 32, 3)
    assert json.loads((folder / "training.json").read_text())["steps"] == 4


def test_the_judge_learns_and_is_saved(tmp_path: Path) -> None:
    trainer = JudgeTrainer(JudgePreset(batch=2, size=32, measured=20), CPU, 0)
    before = [p.detach().clone() for p in trainer.model.parameters()]
    budget = Budget(steps=2)
    trainer.run(budget)
    scores = trainer.finish(budget, tmp_path)
    assert set(scores) >= {"things_1", "motion_2", "scene_1"}
    assert isinstance(JudgeModel.from_pretrained(tmp_path), JudgeModel)
    assert any(not torch.equal(a, b) for a, b in zip(before, trainer.average, strict=True))


def test_the_learning_rate_rises_holds_and_falls() -> None:
    assert learning_rate_factor(0, 0.0) < 0.01
    assert learning_rate_factor(1000, 0.5) == 1.0
    assert learning_rate_factor(1000, 0.9) < 1.0
    assert learning_rate_factor(1000, 1.0) == pytest.approx(0.0)


def test_known_frames_are_the_first_or_the_first_and_the_last() -> None:
    mask = mask_known(500, 5, GeneratorPreset(), CPU)[:, 0, :, 0, 0]
    assert torch.all(mask[:, 1:-1] == 0)
    assert torch.all(mask[:, 0] >= mask[:, -1])
    assert 0.2 < mask[:, -1].mean() < 0.4
    assert 0.8 < mask[:, 0].mean() < 0.98
    assert not mask_known(3, 1, GeneratorPreset(), CPU).any()


def test_noise_levels_lie_between_zero_and_one() -> None:
    sigmas = draw_sigmas(1000, 3.0, CPU)
    assert 0 < sigmas.min() < sigmas.max() < 1
    assert sigmas.mean() > 0.6
