"""What nothing was done to stays, pixel for pixel; and a place that was left shows what an earlier picture showed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.pocket.world import Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.keeping import Shown, kept, revealed, standing

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


def test_where_nothing_stands_the_earliest_picture_with_nothing_there_shows() -> None:
    right = Action("right", "ball")
    behind = [Shown(flat(10), (BALL,)), Shown(flat(20), (TREE, thing("ball", 0.5))), Shown(flat(30), (BALL, TREE))]
    after = revealed(MADE, (BALL, TREE), right, (thing("ball", 0.6), TREE), behind)
    assert [at(after, x) for x in (0.25, 0.6, 0.75)] == [20, 200, 200]
    assert at(after, 0.02, 0.02) == 10


def test_nothing_is_left_over_of_what_went_or_broke() -> None:
    ghost = MADE.copy()
    ghost[:8] = 0
    broke = Action("break", "ball")
    assert (revealed(ghost, (BALL,), broke, (), [Shown(flat(10), ())]) == 10).all()
    assert at(revealed(ghost, (BALL,), broke, (BALL,), [Shown(flat(10), ())]), 0.25) == 200


@pytest.mark.parametrize(
    ("action", "before"),
    [(Action("scene", scene="night"), (BALL,)), (Action("left", "car"), (BALL,)), (Action("break", "ball"), ())],
)
def test_another_scene_or_a_thing_that_is_not_known_is_shown_as_it_was_made(
    action: Action, before: tuple[Thing, ...]
) -> None:
    assert (revealed(MADE, before, action, (), [Shown(flat(10), ())]) == MADE).all()
    assert (revealed(MADE, (BALL,), Action("grow", "ball"), (BALL,), []) == MADE).all()


def test_a_thing_that_moved_and_is_not_seen_again_may_be_where_it_was() -> None:
    after = revealed(MADE, (BALL,), Action("right", "ball"), (), [Shown(flat(10), ())])
    assert [at(after, x) for x in (0.25, 0.47, 0.95)] == [200, 200, 10]


def test_in_another_scene_things_stand_as_they_stood_and_their_rim_is_new() -> None:
    state, made = np.full((9, 9, 3), 200, np.uint8), np.zeros((9, 9, 3), np.uint8)
    things = np.zeros((9, 9), bool)
    things[1:8, 1:8] = True
    kept_there = standing(state, made, things)[..., 0]
    assert (kept_there[3:6, 3:6] == 200).all()
    assert (kept_there[0] == 0).all()
    assert (kept_there[things] < 200).any()
