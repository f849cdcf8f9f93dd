"""Grounding DINO behind the detector's agent: two packages, the same weights, the same boxes."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine import boxes
from engine.agents.detector import Detector
from engine.boxes import Boxes
from engine.errors import ModelError, SettingError, WeightsMissingError, WeightsRefusedError
from engine.media.masks import from_run_lengths
from engine.models.finding import original
from engine.models.finding.caption import caption
from engine.models.finding.grounded import GroundedFinder, seen
from engine.types import Settings
from tests.agents.test_detector import SIZE, picture
from tests.fakes import FakeReporter
from tests.models.finding import twins
from tests.models.finding.conftest import ORIGINAL, Detectors

NATIVE, BOXES = "grounding-dino-tiny", "boxes-only"
needs_package = pytest.mark.skipif(
    importlib.util.find_spec("groundingdino") is None, reason="groundingdino-py is not installed"
)


def found(detectors: Detectors, name: str, words: str = "red ball, blue car", **settings: float) -> Boxes:
    asked: Settings = {"profile": name, "threshold": 0.1, **settings}
    draft = Detector(detectors.lease).run({"image": picture(), "words": words}, 0, asked, FakeReporter())
    assert draft.model == name
    return boxes.decode(draft.data)


@needs_package
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::UserWarning")
def test_both_packages_give_the_same_boxes_from_the_same_weights(detectors: Detectors) -> None:
    ours, theirs = found(detectors, BOXES), found(detectors, ORIGINAL)
    assert len(ours.things) >= 4
    assert [(one.word, one.box, one.mask) for one in ours.things] == [
        (one.word, one.box, one.mask) for one in theirs.things
    ]
    assert [one.score for one in ours.things] == pytest.approx([one.score for one in theirs.things], abs=2e-3)
    pixels = seen(np.asarray(np.random.default_rng(1).integers(0, 255, (150, 200, 3)), np.uint8), (96, 64))
    with torch.inference_mode(), detectors.lease.borrow(detectors.lease.detector({"profile": BOXES})) as loaded:
        logits, places = loaded.pipeline.network.answer(pixels, "red ball. dragon.")
    with torch.inference_mode(), detectors.lease.borrow(detectors.lease.detector({"profile": ORIGINAL})) as loaded:
        others, elsewhere = loaded.pipeline.network.answer(pixels, "red ball. dragon.")
    assert torch.allclose(logits.sigmoid(), others.sigmoid(), atol=1e-5)
    assert torch.allclose(places, elsewhere, atol=1e-5)


def test_things_are_named_scored_and_shaped(detectors: Detectors) -> None:
    whole, shaped = found(detectors, BOXES), found(detectors, NATIVE)
    assert {one.word for one in whole.things} <= {"red ball", "blue car"}
    assert [one.score for one in whole.things] == sorted((one.score for one in whole.things), reverse=True)
    assert [one.box for one in whole.things] == [one.box for one in shaped.things]
    left, top, right, bottom = (int(side) for side in whole.things[0].box)
    inside = from_run_lengths(whole.things[0].mask, SIZE)
    assert inside.sum() == inside[top:bottom, left:right].sum() == (right - left) * (bottom - top)
    assert whole.things[0].mask != shaped.things[0].mask, "SAM 2 has drawn it"


def test_the_threshold_and_the_words_count(detectors: Detectors) -> None:
    scores = [one.score for one in found(detectors, BOXES).things]
    middle = sorted(scores)[len(scores) // 2]
    assert 0 < len(found(detectors, BOXES, threshold=middle).things) < len(scores)
    assert found(detectors, BOXES, "make it night").things == ()
    assert found(detectors, BOXES, "red ball") != found(detectors, BOXES, "blue ball")
    with pytest.raises(SettingError, match="threshold"):
        found(detectors, BOXES, threshold=0.05)


def test_a_detector_of_no_name_is_refused_with_those_that_there_are(detectors: Detectors) -> None:
    with pytest.raises(SettingError, match=f"pocket-detector, {NATIVE}, {BOXES}, {ORIGINAL}"):
        found(detectors, "owl")


def test_a_caption_tells_whose_tokens_are_whose(tmp_path: Path) -> None:
    asked = caption(twins.tokenizer(tmp_path), ("Red ball", "dragon?", "car"))
    assert asked.text == "red ball. dragon. car."
    assert asked.tokens == ((1, 2), (4, 5), (7,))
    many = caption(twins.tokenizer(tmp_path), ["red ball"] * 90)
    assert many.tokens[0] == (1, 2)
    assert many.tokens[-1] == (), "what falls off the end is not found, and does not hurt"


class Fixed:
    """Says the same of every picture: two boxes that are almost one, and one that lies half outside."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = twins.tokenizer(folder)

    def to(self, device: torch.device) -> Any:
        return self

    def answer(self, pixels: torch.Tensor, text: str) -> tuple[torch.Tensor, torch.Tensor]:
        logits = torch.full((3, 256), -9.0)
        logits[0, 1], logits[1, 2], logits[2, 4] = 1.0, 2.0, 0.5
        return logits, torch.tensor([[0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.52, 0.5], [1.0, 0.5, 0.5, 1.0]])


def test_boxes_that_are_one_thing_are_one(tmp_path: Path) -> None:
    image: NDArray[np.uint8] = np.zeros((40, 80, 3), np.uint8)
    things = GroundedFinder(Fixed(tmp_path)).find(image, ("red ball", "car"), 0.3)
    assert [(one.box, round(one.score, 2)) for one in things["red ball"]] == [((19, 10, 61, 30), 0.88)]
    assert [one.box for one in things["car"]] == [(60, 0, 80, 40)]


def test_what_is_missing_is_said_in_one_line(detectors: Detectors, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "groundingdino.models.GroundingDINO", None)
    with pytest.raises(ModelError, match="groundingdino-py is not installed") as caught:
        original.OriginalGroundingDino.from_checkpoint(detectors.original)
    assert "pip install groundingdino-py" in caught.value.remedy


def test_a_checkpoint_is_tensors_and_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissingError, match="0 files"):
        original.read_checkpoint(tmp_path)
    torch.save({"model": {"a": Path("/")}}, tmp_path / "bad.pth")
    with pytest.raises(WeightsRefusedError, match=r"bad\.pth"):
        original.read_checkpoint(tmp_path)
    torch.save({"model": {"module.a": torch.ones(1), "label_enc.weight": torch.ones(1)}}, tmp_path / "bad.pth")
    assert list(original.read_checkpoint(tmp_path)) == ["a"]


@needs_package
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_checkpoint_of_another_model_is_refused(detectors: Detectors, tmp_path: Path) -> None:
    twins.tokenizer(tmp_path).save_pretrained(tmp_path)
    state = original.read_checkpoint(detectors.original)
    torch.save({"model": {"a": torch.ones(1)}}, tmp_path / "other.pth")
    (tmp_path / "config.json").unlink(missing_ok=True)
    with pytest.raises(WeightsMissingError, match="text encoder"):
        original.OriginalGroundingDino.from_checkpoint(tmp_path)
    (tmp_path / "config.json").write_bytes((detectors.original / "config.json").read_bytes())
    cut = dict(list(state.items())[:-1])
    resized = {**state, "transformer.decoder.norm.weight": torch.ones(3)}
    for wrong in ({"a": torch.ones(1)}, cut, resized):
        torch.save({"model": wrong}, tmp_path / "other.pth")
        with pytest.raises(WeightsRefusedError, match="another model"):
            original.OriginalGroundingDino.from_checkpoint(tmp_path)


def test_a_folder_of_another_model_or_with_a_pickle_is_refused(detectors: Detectors, tmp_path: Path) -> None:
    from engine.models.finding.finder import FINDERS

    sam = detectors.root / "facebook" / "sam2.1-hiera-small"
    with pytest.raises(WeightsRefusedError, match="sam2"):
        FINDERS["grounding-dino"].load(sam, None, (96, 64))
    with pytest.raises(WeightsMissingError, match=r"config\.json"):
        FINDERS["grounding-dino"].load(tmp_path, None, (96, 64))
    found(detectors, BOXES)  # so that the other is not there any more, and has to be read
    pickle = detectors.native / "pytorch_model.bin"
    pickle.write_bytes(b"")
    try:
        with pytest.raises(WeightsRefusedError, match=r"pytorch_model\.bin"):
            found(detectors, NATIVE)
    finally:
        pickle.unlink()
