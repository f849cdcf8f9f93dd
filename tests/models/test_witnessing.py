"""A model that sees says how likely words are, by what it would say itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.models import loader, witnessing
from engine.models.memory.estimate import estimate
from engine.models.memory.modes import DEVICE
from tests.evaluate.videoverse.large_twin import qwen

SAYINGS = ("the ball falls", "the red car drives to the left", "nothing happens")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a tiny model that sees lies, in the folder `tiny/seer`."""
    folder = tmp_path_factory.mktemp("seeing")
    qwen(folder / "tiny" / "seer")
    return folder


def test_a_saying_is_as_likely_as_its_words_are_for_the_model(root: Path) -> None:
    witness, revision = loader.load(witnessing.row("tiny/seer"), root, torch.device("cpu"))
    assert revision
    assert witness.to(torch.device("cpu")) is witness
    assert list(estimate(witnessing.row("tiny/seer"), root).needs) == [DEVICE]
    pictures = np.random.default_rng(0).integers(0, 255, (2, 56, 56, 3), np.uint8)
    found = witness.likelihoods(*pictures, SAYINGS)
    assert sum(found) == pytest.approx(1)
    assert found == witness.likelihoods(*pictures, SAYINGS)
    losses = []
    for saying in SAYINGS:
        prompt = witness.asked(witnessing.QUESTION)
        given = witness.given(pictures[[0, 0, 1, 1]], 1.0, prompt + saying)
        labels = given["input_ids"].clone()
        labels[:, : given["input_ids"].shape[1] - len(saying.split())] = -100
        with torch.no_grad():
            losses.append(-witness.model(**given, labels=labels).loss)
    assert found == pytest.approx(torch.stack(losses).double().softmax(0).tolist(), rel=1e-4)
    assert found != pytest.approx(witness.likelihoods(pictures[1], pictures[0], SAYINGS), rel=1e-6)
