"""Where things will be: as the words say, or the chosen heading; held against where the simulator takes them."""

from __future__ import annotations

import numpy as np
import pytest

from engine.agents.mask_maker import MaskMaker
from engine.agents.whereabouts import AS_SAID, NOWHERE, ways
from engine.boxes import Boxes, Thing
from engine.errors import SettingError
from engine.evaluate import becoming
from engine.media.masks import Masks, decode_masks, run_lengths
from engine.pocket.render import Renderer
from engine.pocket.vocabulary import MOTIONS
from tests.fakes import FakeReporter

EDGE = 64


def thing(word: str, left: int, top: int, edge: int = 16) -> Thing:
    shape = np.zeros((EDGE, EDGE), bool)
    shape[top : top + edge, left : left + edge] = True
    return Thing(word, 0.9, (left, top, left + edge, top + edge), run_lengths(shape))


BALL, CAR = thing("red ball", 8, 24), thing("blue car", 40, 24)


def found(*things: Thing) -> Boxes:
    return Boxes(EDGE, EDGE, things, tuple(range(len(things))))


def masked(things: Boxes, motion: str, **settings: object) -> tuple[Masks, str]:
    told = {"grow": 0, **settings}
    draft = MaskMaker().run({"boxes": things.encode(), "motion": motion}, 0, told, FakeReporter())  # type: ignore[arg-type]
    return decode_masks(draft.data, (EDGE, EDGE), 1)[0], str(draft.facts.get("note", ""))


def reach(mask: Masks) -> tuple[int, int, int, int]:
    """left, top, right, bottom of what is marked."""
    rows, columns = np.nonzero(mask)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer("cpu", size=EDGE)


@pytest.mark.parametrize("motion", MOTIONS[1:])
def test_the_mask_covers_where_the_thing_ends_and_opens_little_else(motion: str, renderer: Renderer) -> None:
    row = becoming.room(1, motion, renderer)
    assert min(row["covered"], row["covered, free words"]) >= 0.95
    assert row["opened"] < 0.5
    if motion in ("left", "right", "up", "down", "roll", "fall"):
        assert row["covered, no room"] < 0.5, "without room the thing has left its mask"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("the red ball moves quickly to the right", (8, 24, 56, 40)),
        ("it rolls to the right", (8, 21, 59, 43)),
        ("it moves slowly to the right", (8, 24, 38, 40)),
        ("it stays still", (8, 24, 24, 40)),
        ("the car moves right", (8, 24, 24, 40)),
        ("the blue ball moves right", (8, 24, 24, 40)),
        ("a dragon flies away", (8, 24, 24, 40)),
        ("", (8, 24, 24, 40)),
    ],
)
def test_room_is_left_for_what_the_words_say_of_the_thing(words: str, wanted: tuple[int, ...]) -> None:
    mask, note = masked(found(BALL), words)
    assert reach(mask) == pytest.approx(wanted, abs=2)
    assert bool(note) == (wanted[2] > 24)


def test_each_thing_has_its_own_way() -> None:
    going = ways(found(BALL, CAR), "the red ball moves up and the car moves left quickly", AS_SAID)
    assert [(way.motion, way.speed) for way in going if way] == [("up", None), ("left", "quick")]
    _, note = masked(found(BALL, CAR), "the red ball moves up and the car falls")
    assert note == "There is room in it for this: the red ball moves up and the car falls."


def test_a_chosen_heading_counts_more_than_the_words() -> None:
    assert reach(masked(found(BALL), "the ball moves left", room="right")[0]) == pytest.approx((8, 24, 56, 40), abs=1)
    assert reach(masked(found(BALL), "the ball moves slowly", room="down")[0])[3] == pytest.approx(54, abs=1)
    assert reach(masked(found(BALL), "the ball moves left", room="none")[0]) == (8, 24, 24, 40)
    assert ways(found(BALL, CAR), "", "up") != ways(found(BALL, CAR), "", NOWHERE) == (None, None)


def test_what_shall_stay_gets_no_room_and_an_unknown_way_is_named() -> None:
    mask, note = masked(found(BALL), "the ball moves right", invert=True)
    assert (mask == 0).sum() == 16 * 16
    assert note == ""
    with pytest.raises(SettingError, match="room"):
        masked(found(BALL), "the ball moves right", room="away")


def test_a_thing_without_a_shape_moves_as_its_box() -> None:
    boxed = Thing("red ball", 0.9, BALL.box)
    assert np.array_equal(masked(found(boxed), "it moves right")[0], masked(found(BALL), "it moves right")[0])
