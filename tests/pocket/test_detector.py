"""The detector's model and its loading, with tiny random weights in the very same files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import WeightsAlteredError, WeightsMissingError
from engine.models.profiles import DETECTOR
from engine.pocket.detector import GRID, PHRASE_TOKENS, DetectorModel, PocketDetector, encode_phrases
from tests.tiny_detector import detector_lease, tiny_detector

FRAMES = np.random.default_rng(0).integers(0, 256, (2, 60, 80, 3), np.uint8)


@pytest.mark.parametrize("view", [96, 192])
def test_every_phrase_gets_a_mask(view: int) -> None:
    model = DetectorModel(50, view=view, width=8, text_width=8)
    logits = model(torch.zeros(2, 3, view, view), torch.ones(2, 5, PHRASE_TOKENS, dtype=torch.int64))
    assert logits.shape == (2, 5, GRID, GRID)
    assert float(logits.detach().mean()) < -1, "before any training, nothing is found"


def test_frames_of_any_size_are_looked_at() -> None:
    sure = tiny_detector().look(FRAMES, ["the red ball", "car", "a zebra"])
    assert sure.shape == (2, 3, 60, 80)
    assert 0 <= sure.min() <= sure.max() <= 1
    assert tiny_detector().look(FRAMES, []).shape == (2, 0, 60, 80)


def test_a_phrase_means_the_same_alone_and_among_others() -> None:
    detector = tiny_detector()
    among = detector.look(FRAMES, ["everything red", "the blue car on the left over there"])
    np.testing.assert_allclose(detector.look(FRAMES[:1], ["everything red"])[0, 0], among[0, 0], atol=1e-5)


def test_phrases_are_padded_and_cut() -> None:
    ids = encode_phrases(tiny_detector().tokenizer, ["ball", "the " * 20])
    assert ids.shape == (2, PHRASE_TOKENS)
    assert (ids[0] != 0).sum() == 1
    assert (ids[1] != 0).all()


def test_it_is_saved_and_loaded(tmp_path: Path) -> None:
    lease = detector_lease(tmp_path)
    with lease.borrow(DETECTOR) as loaded:
        assert isinstance(loaded.pipeline, PocketDetector)
        again = loaded.pipeline.look(FRAMES, ["ball"])
        assert len(loaded.revision) == 64
    np.testing.assert_allclose(again, tiny_detector().look(FRAMES, ["ball"]), atol=1e-6)


def test_altered_and_missing_weights_are_refused(tmp_path: Path) -> None:
    lease = detector_lease(tmp_path)
    (tmp_path / DETECTOR.repository / "config.json").write_text("{}")
    with pytest.raises(WeightsAlteredError), lease.borrow(DETECTOR):
        pass
    (tmp_path / DETECTOR.repository / "config.json").unlink()
    with pytest.raises(WeightsMissingError), lease.borrow(DETECTOR):
        pass
