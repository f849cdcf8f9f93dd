"""What nothing was done to stays, pixel for pixel; and a place that was left shows what an earlier picture showed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.pocket.world import Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.keeping import Shown, kept, revealed

SIZE = 64


def flat(level: int) -> NDArray[np.uint8]:
    return np.full((SIZE, SIZE, 3), level, np.uint8)


def thing(noun: str, x: float, y: float = 0.5) -> Thing:
    return Thing(noun, "red", "small", "still", "slow", x, y, 0.5)


STATE, MADE = flat(100), flat(200)
BALL, TREE = thing("ball", 0.25), thing("tree", 0.75)
MOVED = thing("ball", 0.47)


def at(picture: NDArray[np.uint8], x: float, y: float = 0.5) -> int:
    return int(picture[int(y * SIZE), int(x * SIZE), 0])


def test_a_motion_changes_the_picture_where_the_thing_was_and_where_it_is() -> None:
    after = kept(STATE, MADE, (BALL, TREE), Action("right", "ball"), (MOVED, TREE))
    assert [at(after, x) for x in (0.25, 0.47, 0.95)] == [200, 200, 100]
    assert [at(after, 0.25, y) for y in (0.05, 0.95)] == [100, 100]
    steps = np.abs(np.diff(after[SIZE // 2, :, 0].astype(int)))
    assert 0 < steps.max() < 100, "no hard edge"


def test_what_came_out_nearly_as_it_was_is_as_it_was() -> None:
    worn = np.where(np.arange(SIZE)[None, :, None] < SIZE // 2, flat(104), flat(200))
    after = kept(STATE, worn, (BALL, TREE), Action("right", "ball"), (MOVED, TREE))
    assert (at(after, 0.2), at(after, 0.55)) == (100, 200)


@pytest.mark.parametrize(
    ("action", "mean"),
    [
        (Action("wait"), 100),
        (Action("scene", scene="night"), 200),
        (Action("left", "car"), 200),
    ],
)
def test_nothing_or_all_of_it_may_change(action: Action, mean: int) -> None:
    assert kept(STATE, MADE, (BALL, TREE), action, (BALL, TREE)).mean() == mean


def test_what_comes_and_what_becomes_of_a_thing_has_its_place() -> None:
    came = kept(STATE, MADE, (BALL,), Action("appear", "car", "red", position="right"), ())
    assert (at(came, 0.78, 0.52), at(came, 0.25)) == (200, 100)
    became = kept(STATE, MADE, (BALL, TREE), Action("become", "ball", other="car"), (thing("car", 0.3), TREE))
    assert (at(became, 0.3), at(became, 0.75)) == (200, 100)


def test_a_place_that_was_left_shows_what_the_latest_picture_with_nothing_there_showed() -> None:
    behind = [Shown(flat(10), ()), Shown(flat(20), (TREE,)), Shown(flat(30), (BALL, TREE))]
    right = Action("right", "ball")
    after = revealed(MADE, (BALL, TREE), right, (thing("ball", 0.6), TREE), behind)
    assert (at(after, 0.25), at(after, 0.6), at(after, 0.95)) == (20, 200, 200)
    assert (revealed(MADE, (BALL,), right, (MOVED,), behind[2:]) == MADE).all()
    assert (revealed(MADE, (BALL,), Action("grow", "ball"), (BALL,), behind) == MADE).all()


def test_what_broke_and_is_still_seen_is_not_painted_over() -> None:
    behind = [Shown(flat(10), ())]
    broke = Action("break", "ball")
    assert at(revealed(MADE, (BALL,), broke, (), behind), 0.25) == 10
    assert (revealed(MADE, (BALL,), broke, (BALL,), behind) == MADE).all()
    assert (revealed(MADE, (), broke, (), behind) == MADE).all()
