"""Each trainer at toy size: it learns something, saves what the app can load, and goes on from a checkpoint."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKL

from engine.evaluate.judge import JudgeModel
from engine.pocket.pipeline import PocketPipeline
from engine.train import toys
from engine.train.autoencoder import AutoencoderPreset, AutoencoderTrainer
from engine.train.budget import Budget, learning_rate_factor
from engine.train.generator import GeneratorTrainer, draw_sigmas
from engine.train.judge import JudgePreset, JudgeTrainer
from engine.train.kinds import GeneratorPreset
from engine.train.lessons import lesson
from engine.train.reading import ReadingPreset, ReadingTrainer
from engine.train.stream import StreamOptions, make_chunk

CPU = torch.device("cpu")
PRESET = replace(toys.GENERATOR, layers=1, text_layers=1)


@pytest.fixture(scope="module")
def autoencoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("autoencoder")
    trainer = AutoencoderTrainer(AutoencoderPreset(batch=8, frames=2, size=32, crop=32, measured=4), CPU, 0)
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


def test_an_autoencoder_goes_on_from_weights_and_keeps_the_latents_of_flat_clips(autoencoder: Path) -> None:
    preset = AutoencoderPreset(batch=12, frames=3, size=32, crop=32, measured=4, styled=0.5, learning_rate=1e-2)
    moved = []
    for weight in (0.0, 100.0):
        trainer = AutoencoderTrainer(replace(preset, keeping=weight), CPU, 0, autoencoder)
        pixels, flat = trainer.batch(make_chunk(StreamOptions(4, 17, styled=0.5, worded=False), 104))
        assert 0 < flat.sum() < len(flat), "some are flat and some are not"
        assert trainer.first is not None
        before = trainer.first.encode(pixels).latent_dist.mode()
        trainer.run(Budget(steps=6))
        moved.append(
            float(((trainer.model.encode(pixels).latent_dist.mode().detach() - before)[flat > 0]).pow(2).mean())
        )
    assert moved[1] < moved[0] / 2


@pytest.mark.long
def test_the_generator_resumes_and_exports_a_pipeline(autoencoder: Path, tmp_path: Path) -> None:
    checkpoint, folder = tmp_path / "checkpoint.pt", tmp_path / "pipeline"
    first = Budget(steps=2)
    trainer = GeneratorTrainer(PRESET, AutoencoderKL.from_pretrained(autoencoder), CPU)
    trainer.run(first, checkpoint, 0)
    again = GeneratorTrainer(PRESET, AutoencoderKL.from_pretrained(autoencoder), CPU)
    budget = Budget(steps=4)
    again.learner.resume(checkpoint, budget)
    assert budget.step == 2
    assert all(torch.equal(a, b) for a, b in zip(again.learner.parameters, trainer.learner.parameters, strict=True))
    again.run(budget, checkpoint, 0)
    again.export(folder, budget)
    pipeline = PocketPipeline.from_pretrained(folder)
    frames = pipeline("a red ball", height=32, width=32, num_frames=1, num_inference_steps=1).frames
    assert frames.shape == (1, 1, 32, 32, 3)
    assert json.loads((folder / "training.json").read_text())["steps"] == 4


def test_the_judge_learns_and_is_saved(tmp_path: Path) -> None:
    trainer = JudgeTrainer(JudgePreset(batch=2, size=32, measured=10), CPU, 0)
    before = [p.detach().clone() for p in trainer.model.parameters()]
    budget = Budget(steps=2)
    trainer.run(budget)
    scores = trainer.finish(budget, tmp_path)
    assert set(scores) >= {"things_1", "motion_2", "scene_1", "motion_late"}
    assert isinstance(JudgeModel.from_pretrained(tmp_path), JudgeModel)
    assert any(not torch.equal(a, b) for a, b in zip(before, trainer.learner.average, strict=True))


def test_a_judge_that_told_no_styles_learns_them_and_keeps_what_it_knew(tmp_path: Path) -> None:
    torch.manual_seed(0)
    known = JudgeModel(styles=False)
    known.save_pretrained(tmp_path)
    begun = JudgeTrainer(JudgePreset(batch=2, size=32), CPU, 0, tmp_path).model
    assert begun.style is not None
    assert torch.equal(begun.colour.weight, known.colour.weight)
    assert torch.equal(begun.queries[:, :-1], known.queries)


def test_the_learning_rate_rises_holds_and_falls() -> None:
    assert learning_rate_factor(0, 0.0) < 0.01
    assert learning_rate_factor(1000, 0.5) == 1.0
    assert learning_rate_factor(1000, 0.9) < 1.0
    assert learning_rate_factor(1000, 1.0) == pytest.approx(0.0)


def test_every_kind_of_step_can_be_taken_and_early_ones_are_images(autoencoder: Path) -> None:
    trainer = GeneratorTrainer(PRESET, AutoencoderKL.from_pretrained(autoencoder), CPU)
    pools, _ = trainer.open_pools(0)
    for kind in PRESET.kinds:
        batch = pools[kind.pool].draw(kind.batch, 17 if kind.lesson == "end" else kind.frames)
        assert torch.isfinite(trainer.loss(lesson(kind.lesson, batch, 0.1)))
    usual = GeneratorPreset()
    assert {kind.pool for kind in usual.kinds} == set(usual.pools)
    assert sum(kind.early for kind in usual.kinds) == pytest.approx(1)
    assert sum(kind.late for kind in usual.kinds) == pytest.approx(1)
    streams = [pool.stream for pool in usual.pools.values()]
    assert len({stream.first * stream.size // 10**6 for stream in streams}) == len(streams), "no clip in two rings"


def test_the_generator_begins_with_weights_and_with_an_encoder_that_was_taught(
    autoencoder: Path, tmp_path: Path
) -> None:
    vae = AutoencoderKL.from_pretrained(autoencoder)
    first = GeneratorTrainer(PRESET, vae, CPU)
    first.export(tmp_path / "pipeline", Budget(steps=1))
    reading = ReadingTrainer(ReadingPreset(layers=1, batch=4, measured=4), CPU)
    reading.finish(Budget(steps=1), tmp_path / "reading")
    again = GeneratorTrainer(PRESET, vae, CPU)
    with torch.no_grad():
        for parameter in again.learner.parameters:
            parameter.add_(1)
    again.start_from(tmp_path / "pipeline", tmp_path / "reading")
    again.read_from(tmp_path / "reading")
    wanted = [*first.transformer.half().float().parameters(), *reading.encoder.parameters()]
    assert all(torch.equal(a, b) for a, b in zip(again.learner.parameters, wanted, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(again.learner.average, wanted, strict=True))


def test_noise_levels_lie_between_zero_and_one() -> None:
    sigmas = draw_sigmas(1000, 3.0, CPU)
    assert 0 < sigmas.min() < sigmas.max() < 1
    assert sigmas.mean() > 0.6
