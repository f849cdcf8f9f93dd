"""An edit may change the place of the thing that is meant, as it is and as it will be, and no other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.pocket.motion import FALL_SECONDS
from engine.pocket.world import FPS, Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.asking import HALF, moment, order, where

BALL = Thing("ball", "red", "small", "still", "slow", 0.25, 0.5, 0.5)
TREE = Thing("tree", "green", "large", "still", "slow", 0.75, 0.5, 0.5)
SIZE = (64, 96)


def place(action: Action) -> NDArray[np.float32]:
    """Where it may change a picture with a ball and a tree."""
    found = where(action, (BALL, TREE), SIZE)
    assert found is not None
    assert found.shape == SIZE
    return found


@pytest.mark.parametrize(
    "action", [Action("recolour", "ball", "blue"), Action("break", "ball"), Action("become", "ball", other="star")]
)
def test_the_thing_may_change_and_the_other_may_not(action: Action) -> None:
    may = place(action)
    assert may[32, 24] == 1
    assert may[:, 48:].max() == 0


def test_what_keeps_its_colour_is_named_by_it() -> None:
    there = (BALL, replace(TREE, colour=""))
    assert order(Action("grow", "ball"), there) == "make the red ball bigger"
    assert order(Action("become", "ball", other="star"), there) == "turn the red ball into a star"
    assert order(Action("recolour", "ball", "green"), there) == "make the ball green"
    assert order(Action("grow", "tree"), there) == "make the tree bigger"


def test_what_grows_has_room_to() -> None:
    assert place(Action("grow", "ball")).sum() > 1.5 * place(Action("recolour", "ball", "blue")).sum()


def test_what_appears_comes_in_its_place() -> None:
    may = place(Action("appear", "star", "blue", position="upper left"))
    rows, columns = np.nonzero(may)
    assert rows.max() < 32
    assert columns.max() < 48


def test_another_scene_and_a_thing_that_is_not_seen_may_change_all() -> None:
    assert where(Action("scene", scene="night"), (BALL,), SIZE) is None
    assert where(Action("recolour", "car", "blue"), (BALL,), SIZE) is None


def test_a_thing_is_looked_at_when_it_has_come_as_far_as_it_goes() -> None:
    whole = moment(Action("right", "ball"), (BALL,))
    assert whole < HALF - 1
    assert moment(Action("right", "ball"), ()) == whole
    stopped = moment(Action("right", "ball"), (BALL, replace(TREE, x=0.7)))
    assert 0 < stopped < whole
    assert moment(Action("wait"), (BALL,)) == HALF - 1


def test_what_drops_is_looked_at_when_it_lands() -> None:
    high = replace(BALL, y=0.2)
    landed = moment(Action("drop", "ball"), (high,))
    assert landed == round(FALL_SECONDS["quick"] * FPS)
    assert moment(Action("drop", "ball"), (high, replace(TREE, x=0.25, y=0.75))) < landed
