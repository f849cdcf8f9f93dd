"""Actions are said in many ways, and each way leads back to its action; what is no action is told."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import UnknownActionError
from engine.pocket.world import Clip, Thing
from engine.pocket.worlds.actions import KINDS, Action
from engine.pocket.worlds.hearing import heard
from engine.pocket.worlds.sayings import SAYINGS, say
from engine.pocket.worlds.steps import sample_step

CAR = Thing("car", "red", "small", "still", "slow", 0.5, 0.5, 0.2)
BALL = Thing("ball", "blue", "large", "still", "slow", 0.2, 0.5, 0.5)
STATE = Clip((CAR, BALL), "meadow", "still", "flat", 0)
ALONE = Clip((CAR,), "meadow", "still", "flat", 0)


@given(st.integers(0, 10**6), st.booleans(), st.booleans())
@settings(deadline=None, max_examples=80)
def test_a_saying_leads_back_to_its_action(index: int, plain: bool, held_out: bool) -> None:
    step = sample_step(index, styled=0.2)
    words = say(step.action, step.before, random.Random(index), plain, held_out)
    assert heard(words, step.before) == step.action, words


def test_every_kind_is_said_in_many_ways_one_of_them_held_out() -> None:
    assert set(SAYINGS) == set(KINDS)
    for sayings in SAYINGS.values():
        assert len(set(sayings)) == len(sayings) >= 5


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("The car drives to the left.", Action("left", "car")),
        ("the ball drops and breaks", Action("break", "ball")),
        ("drop the ball", Action("drop", "ball")),
        ("the red car rises", Action("up", "car")),
        ("the ball rolls right", Action("right", "ball")),
        ("it starts to snow", Action("scene", scene="snow")),
        ("night falls", Action("scene", scene="night")),
        ("the car becomes a boat", Action("become", "car", other="boat")),
        ("a white star appears at the top", Action("appear", "star", colour="white", position="top")),
        ("Nothing happens.", Action("wait")),
    ],
)
def test_a_persons_words_are_understood(words: str, action: Action) -> None:
    assert heard(words, STATE) == action


def test_it_is_the_only_thing_there() -> None:
    assert heard("it moves left", ALONE) == Action("left", "car")
    with pytest.raises(UnknownActionError, match="which thing"):
        heard("it moves left", STATE)


def test_what_is_left_open_of_a_newcomer_is_filled_in_and_the_same_again() -> None:
    action = heard("a star appears", STATE)
    assert action.kind == "appear"
    assert action.colour not in {None, "red", "blue"}
    assert action.position not in {None, CAR.position, BALL.position}
    assert heard("a star appears", STATE) == action


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("it starts to rain", "no word for that.*rain"),
        ("the dragon flies left", "no word for that.*dragon"),
        ("the blue car drives left", "There is no blue car here"),
        ("draw it in voxel style", "no action"),
        ("remove the ball", "no action"),
        ("", "no action"),
        ("hello", "no word|no action"),
        ("the ball does not drop", r"no word for that \(got not\)"),
        ("no ball drops", r"no word for that \(got no\)"),
        ("drop the " + "x" * 1900, r"no word for that \(got x{60}\)"),
    ],
)
def test_what_is_no_action_is_told(words: str, reason: str) -> None:
    with pytest.raises(UnknownActionError, match=reason):
        heard(words, STATE)
