"""The detector's agent: what is named is found and chosen, what is not there is said, and nothing is an answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import boxes
from engine.agent import Draft
from engine.agents.detector import Detector
from engine.errors import DecisionError, ImageError, SettingError
from engine.media.images import encode_png
from engine.media.masks import from_run_lengths
from engine.pocket.vocabulary import COLOURS
from engine.types import Settings
from tests.fakes import FakeReporter
from tests.tiny_detector import ColourSeer, colour_lease, detector_lease

SIZE = (96, 64)
LEFT, RIGHT, BLUE = (8, 20, 28, 40), (60, 30, 80, 50), (40, 4, 56, 16)


def picture() -> bytes:
    """Two red squares and a blue one on grey."""
    image = Image.new("RGB", SIZE, (128, 128, 128))
    for box, colour in ((LEFT, "red"), (RIGHT, "red"), (BLUE, "blue")):
        image.paste(COLOURS[colour], box)
    return encode_png(image)


def looked(words: str, seer: ColourSeer | None = None, settings: Settings | None = None) -> Draft:
    lease = colour_lease(seer or ColourSeer())
    return Detector(lease).run({"image": picture(), "words": words}, 0, settings or {}, FakeReporter())


def test_everything_that_bears_a_name_is_found_and_chosen() -> None:
    draft = looked("everything red, blue cube")
    found = boxes.decode(draft.data)
    assert {(thing.word, thing.box) for thing in found.things} == {
        ("everything red", LEFT), ("everything red", RIGHT), ("blue cube", BLUE),
    }  # fmt: skip
    assert found.chosen == (0, 1, 2)
    assert (found.width, found.height) == SIZE
    shape = from_run_lengths(found.things[0].mask, SIZE)
    left, top, right, bottom = (int(side) for side in found.things[0].box)
    assert shape[top:bottom, left:right].all()
    assert shape.sum() == (right - left) * (bottom - top)
    assert (draft.kind, draft.suffix, draft.model) == ("boxes", ".json", "pocket-detector")
    assert draft.facts["things"] == 3
    assert "note" not in draft.facts


def test_what_is_not_there_is_said() -> None:
    draft = looked("green tree, red ball, a dragon")
    found = boxes.decode(draft.data)
    assert found.missing == ("green tree", "dragon")
    assert {thing.word for thing in found.things} == {"red ball"}
    assert "green tree, dragon" in str(draft.facts["note"])


def test_finding_nothing_is_an_answer() -> None:
    draft = looked("a dragon")
    assert boxes.decode(draft.data) == boxes.Boxes(*SIZE, (), (), ("dragon",))
    assert draft.facts["things"] == 0


def test_an_instruction_for_the_whole_picture_looks_for_nothing() -> None:
    seer = ColourSeer()
    draft = looked("make it night", seer)
    assert boxes.decode(draft.data) == boxes.Boxes(*SIZE, (), ())
    assert not seer.asked
    assert "whole picture" in str(draft.facts["note"])


def test_of_an_instruction_the_thing_that_is_to_change_is_looked_for() -> None:
    seer = ColourSeer()
    looked("turn the red car into a boat", seer)
    assert seer.asked == ["the red car"]


def test_the_threshold_decides() -> None:
    assert boxes.decode(looked("red ball", settings={"threshold": 0.9}).data).things
    assert not boxes.decode(looked("red ball", settings={"threshold": 0.97}).data).things
    for wrong in (0.2, 1.0, "high"):
        with pytest.raises(SettingError, match="threshold"):
            looked("red ball", settings={"threshold": wrong})


def test_the_same_picture_gives_the_same_bytes_from_real_files(tmp_path: Path) -> None:
    detector = Detector(detector_lease(tmp_path))
    first, second = (
        detector.run({"image": picture(), "words": "ball, car"}, seed, {}, FakeReporter()) for seed in (1, 2)
    )
    assert first.data == second.data
    assert first.revision
    assert first.settings["threshold"] == 0.7


def test_bad_inputs_are_named() -> None:
    detector = Detector(colour_lease(ColourSeer()))
    with pytest.raises(ImageError):
        detector.run({"image": b"no picture", "words": "ball"}, 0, {}, FakeReporter())
    with pytest.raises(DecisionError):
        detector.run({"image": picture(), "words": b"ball"}, 0, {}, FakeReporter())


def test_a_hundred_names_are_looked_for_as_far_as_there_is_room() -> None:
    words = ", ".join(f"thing{number}" for number in range(100))
    assert len(boxes.decode(looked(words).data).missing) == 24


def test_small_pictures_are_looked_at() -> None:
    tiny = encode_png(Image.fromarray(np.zeros((1, 1, 3), np.uint8)))
    draft = Detector(colour_lease(ColourSeer())).run({"image": tiny, "words": "red ball"}, 0, {}, FakeReporter())
    assert boxes.decode(draft.data).missing == ("red ball",)
