"""The inverse model's trainer learns, goes on from a checkpoint, and saves what is released."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.models.manifest import verify
from engine.train import toys
from engine.train.budget import Budget
from engine.train.components import autoencoder
from engine.train.inverse import InverseTrainer, answer_loss
from engine.train.release import release
from engine.train.steps import Steps

CPU = torch.device("cpu")
TINY = replace(toys.INVERSE, size=32, view=32, width=16, layers=1, measured=4)


def test_only_what_an_action_asks_for_counts() -> None:
    logits = {"kind": torch.zeros(1, 4), "noun": torch.randn(1, 3)}
    unasked = answer_loss(logits, torch.tensor([[2, -1]]))
    assert float(unasked) == pytest.approx(1.3863, abs=1e-3)
    assert answer_loss(logits, torch.tensor([[2, 1]])) > unasked


@pytest.mark.parametrize("number", [0, 1])
def test_pairs_are_worn_and_stay_within_range(number: int) -> None:
    trainer = InverseTrainer(TINY, CPU, 0)
    rows = trainer.rows(Steps(4)[number])
    pairs = trainer.pairs(rows["views"], number)
    assert pairs.shape == (4, 2, 3, 32, 32)
    assert 0 <= pairs.min() < pairs.max() <= 1
    assert torch.isfinite(trainer.loss(rows, number))


def test_it_learns_from_painted_pictures_too() -> None:
    torch.manual_seed(1)
    plain, painting = InverseTrainer(TINY, CPU, 0), InverseTrainer(TINY, CPU, 0, autoencoder())
    views = [trainer.rows(Steps(4)[0])["views"].float().flatten(2) for trainer in (plain, painting)]
    changed = (views[0] != views[1]).any(-1)
    assert changed.any()
    assert not changed.all()


def test_it_learns_resumes_and_is_released(tmp_path: Path) -> None:
    checkpoint = tmp_path / "run" / "checkpoint.pt"
    trainer = InverseTrainer(TINY, CPU, 0)
    before = [p.detach().clone() for p in trainer.learner.parameters]
    trainer.run(Budget(steps=2), checkpoint)
    assert any(not torch.equal(a, b) for a, b in zip(before, trainer.learner.parameters, strict=True))
    again, budget = InverseTrainer(TINY, CPU, 0), Budget(steps=3)
    again.learner.resume(checkpoint, budget)
    assert budget.step == 2
    again.run(budget, checkpoint)
    scores = again.finish(budget, tmp_path / "run")
    assert set(scores) >= {"action_right", "in_three", "kind_right", "sure", "backwards"}
    assert json.loads((tmp_path / "run" / "training.json").read_text())["steps"] == 3
    assert release({"inverse": tmp_path / "run"}, tmp_path / "assets")["inverse"] < 1
    assert verify(tmp_path / "assets" / "inverse")
    assert not (tmp_path / "assets" / "inverse" / "checkpoint.pt").exists()
