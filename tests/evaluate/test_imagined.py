"""Truth passes, copying never does; what was asked and what should stay are told apart; the measure runs whole."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from engine.evaluate.happened import pictures
from engine.evaluate.imagined import ImaginedPlan, measure, rehearsed, verdict
from engine.models import worlds
from engine.models.profiles import FORWARD
from engine.pocket.render import Renderer
from engine.pocket.worlds.imagining import Imagination
from engine.pocket.worlds.steps import sample_step, walk
from tests.tiny_worlds import tiny_worlds


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer("cpu", 192)


@pytest.fixture(scope="module")
def imagination(tmp_path_factory: pytest.TempPathFactory) -> Imagination:
    root = tmp_path_factory.mktemp("worlds")
    tiny_worlds(root)
    loaded: Imagination = worlds.load(FORWARD, root, torch.device("cpu"))[0]
    loaded.wanted = ("picture", "sound")
    return loaded


def test_truth_passes_and_copying_does_not(renderer: Renderer) -> None:
    steps = [step for step in map(sample_step, range(40)) if step.action.kind != "wait"]
    before, after = pictures(steps, renderer)
    for one, other in zip(before, after, strict=True):
        assert verdict(other, one, other) == (True, True)
        assert verdict(one, one, other) == (False, True)


def test_a_change_elsewhere_is_seen() -> None:
    before = np.full((20, 20, 3), 90, np.uint8)
    after, made = before.copy(), before.copy()
    after[:5], made[:5], made[15:] = 200, 190, 10
    assert verdict(made, before, after) == (True, False)
    made[15:], made[:5] = 90, 120
    assert verdict(made, before, after) == (False, True)


def test_both_models_are_measured_together(imagination: Imagination, renderer: Renderer) -> None:
    report = measure(imagination, ImaginedPlan(pairs=2, seeds=(0,), most=2), renderer)
    assert {"right_of_1", "right_of_2", "gain_of_2", "told", "told_true", "seconds"} <= report.keys()
    assert "right_of_4" not in report
    assert all(0 <= report[name] <= 1 for name in ("right_of_1", "right_of_2", "told", "told_true"))


def test_a_walk_is_rehearsed_with_and_without_memory(imagination: Imagination, renderer: Renderer) -> None:
    way = walk(sample_step(3).before, 3, random.Random(0))
    shares = [rehearsed(imagination, way, remembers, renderer) for remembers in (True, False)]
    assert all(0 <= share <= 1 for share in shares)
