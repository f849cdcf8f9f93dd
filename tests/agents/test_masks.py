"""Found things become a mask, and a mask follows through a clip."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.agent import Draft, Input
from engine.agents.mask_maker import MaskMaker
from engine.agents.mask_tracker import MaskTracker
from engine.boxes import Boxes, Thing
from engine.errors import DecisionError, JournalDamagedError, MaskError, SettingError, VideoError
from engine.media.masks import decode_masks, encode_masks, run_lengths
from engine.media.videos import encode_video
from engine.types import Settings
from tests.fakes import FakeReporter

EDGE, COUNT = 64, 6


def square(left: int, top: int, edge: int = 16) -> NDArray[np.bool_]:
    shape = np.zeros((EDGE, EDGE), bool)
    shape[top : top + edge, left : left + edge] = True
    return shape


ONE, OTHER = square(8, 8), square(40, 40)
THINGS = (Thing("ball", 0.9, (8, 8, 24, 24), run_lengths(ONE)), Thing("car", 0.8, (40, 40, 56, 56)))


def made(found: Boxes, **settings: object) -> Draft:
    chosen: Settings = {"grow": 0, **settings}  # type: ignore[dict-item]
    return MaskMaker().run({"boxes": found.encode()}, 0, chosen, FakeReporter())


def levels(draft: Draft, count: int = 1) -> NDArray[np.uint8]:
    return decode_masks(draft.data, (EDGE, EDGE), count)


def test_the_mask_is_the_union_of_what_is_chosen() -> None:
    both = levels(made(Boxes(EDGE, EDGE, THINGS, (0, 1))))[0]
    assert np.array_equal(both == 255, ONE | OTHER)
    assert np.array_equal(levels(made(Boxes(EDGE, EDGE, THINGS, (1,))))[0] == 255, OTHER)


def test_it_grows_shrinks_fades_and_turns_around() -> None:
    found = Boxes(EDGE, EDGE, THINGS, (0,))
    assert levels(made(found, grow=3))[0, 5, 16] == 255
    assert levels(made(found, grow=-3))[0, 9, 16] == 0
    soft = levels(made(found, feather=6))[0]
    assert 0 < soft[6, 16] < 255
    assert soft[ONE].min() == 255
    assert np.array_equal(levels(made(found, invert=True))[0] == 255, ~ONE)


def test_what_becomes_another_thing_gets_the_square_around_it() -> None:
    tall = np.zeros((EDGE, EDGE), bool)
    tall[8:24, 14:18] = True
    found = Boxes(EDGE, EDGE, (Thing("small ball", 0.9, (14, 8, 18, 24), run_lengths(tall)), THINGS[1]), (0, 1))
    ends = {"": tall, "a ball in a room": tall, "two cars": ONE, "a star in a room": ONE}
    for end, shape in ends.items():
        mask = MaskMaker().run({"boxes": found.encode(), "end": end}, 0, {"grow": 0}, FakeReporter())
        assert np.array_equal(levels(mask)[0] == 255, shape | OTHER), end


def test_a_little_is_added_unless_told_otherwise() -> None:
    draft = MaskMaker().run({"boxes": Boxes(EDGE, EDGE, THINGS, (0,)).encode()}, 0, {}, FakeReporter())
    assert levels(draft)[0, 4, 16] == 255
    assert draft.settings == {"room": "as said", "grow": 4, "feather": 0.0, "invert": False}
    assert draft.facts == {"width": EDGE, "height": EDGE, "frames": 1}


def test_nothing_chosen_is_an_empty_mask_that_says_so() -> None:
    for found in (Boxes(EDGE, EDGE, THINGS, ()), Boxes(EDGE, EDGE, (), (), ("dragon",))):
        draft = made(found)
        assert not levels(draft).any()
        assert "empty" in str(draft.facts["note"])


def test_where_no_thing_was_asked_for_all_may_change() -> None:
    draft = made(Boxes(EDGE, EDGE, (), ()))
    assert levels(draft).min() == 255
    assert "all of the picture" in str(draft.facts["note"])


def test_bad_boxes_and_settings_are_named() -> None:
    with pytest.raises(SettingError, match="grow"):
        made(Boxes(EDGE, EDGE, THINGS, (0,)), grow=1000)
    with pytest.raises(SettingError, match="feather"):
        made(Boxes(EDGE, EDGE, THINGS, (0,)), feather=-1)
    with pytest.raises(JournalDamagedError):
        MaskMaker().run({"boxes": b"{}"}, 0, {}, FakeReporter())
    with pytest.raises(DecisionError):
        MaskMaker().run({"boxes": "ball"}, 0, {}, FakeReporter())


# ------------------------------------------------------------------------------------------- over time


def clip() -> tuple[bytes, NDArray[np.bool_]]:
    """A red square moves to the right on a textured ground; the file, and its masks."""
    ground = np.random.default_rng(0).integers(90, 130, (EDGE // 4, EDGE // 4, 3)).repeat(4, 0).repeat(4, 1)
    masks = np.stack([square(4 + 6 * number, 20) for number in range(COUNT)])
    frames = np.where(masks[..., None], np.array([210, 40, 40]), ground).astype(np.uint8)
    return encode_video(frames, 8), masks


VIDEO, TRUTH = clip()


def mask(*shapes: NDArray[np.bool_]) -> bytes:
    return encode_masks(np.stack(shapes).astype(np.uint8) * 255)


def tracked(inputs: dict[str, Input], settings: Settings | None = None) -> tuple[Draft, NDArray[np.bool_]]:
    draft = MaskTracker().run({"video": VIDEO, **inputs}, 0, settings or {}, FakeReporter())
    return draft, levels(draft, COUNT) > 127


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    return float((one & other).sum() / (one | other).sum())


def test_a_mask_on_the_first_frame_follows() -> None:
    draft, masks = tracked({"mask": mask(TRUTH[0])})
    assert min(overlap(one, true) for one, true in zip(masks, TRUTH, strict=True)) > 0.85
    assert draft.facts == {"width": EDGE, "height": EDGE, "frames": COUNT}


def test_a_mask_of_another_frame_follows_both_ways() -> None:
    _, masks = tracked({"mask": mask(TRUTH[3])}, {"frame": 3})
    assert min(overlap(one, true) for one, true in zip(masks, TRUTH, strict=True)) > 0.85


def test_a_correction_is_followed_from_its_frame() -> None:
    wrong = mask(square(40, 44))
    _, masks = tracked({"mask": wrong, "corrections": mask(*TRUTH)}, {"corrected": "4"})
    assert overlap(masks[5], TRUTH[5]) > 0.85
    assert overlap(masks[0], square(40, 44)) > 0.99


def test_an_inverted_mask_leaves_out_what_moves() -> None:
    _, masks = tracked({"mask": mask(~TRUTH[0])})
    assert min(overlap(~one, true) for one, true in zip(masks, TRUTH, strict=True)) > 0.85


def test_a_full_mask_stays_full_and_an_empty_one_is_refused() -> None:
    assert tracked({"mask": mask(np.ones((EDGE, EDGE), bool))})[1].all()
    with pytest.raises(MaskError, match="Nothing is marked"):
        tracked({"mask": mask(np.zeros((EDGE, EDGE), bool))})


def test_what_cannot_be_followed_is_named() -> None:
    with pytest.raises(SettingError, match="no such frame"):
        tracked({"mask": mask(TRUTH[0])}, {"frame": 40})
    with pytest.raises(SettingError, match="no such frame"):
        tracked({"mask": mask(TRUTH[0]), "corrections": mask(*TRUTH)}, {"corrected": "first"})
    with pytest.raises(MaskError):
        tracked({"mask": b"no mask"})
    with pytest.raises(DecisionError):
        tracked({"mask": "the ball"})
    with pytest.raises(VideoError):
        MaskTracker().run({"video": b"no video", "mask": mask(TRUTH[0])}, 0, {}, FakeReporter())
