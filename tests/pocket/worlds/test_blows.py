"""Who hits what, told by things before and after, and heard in the sound that is made of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pocket.world import Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.blows import heard_from, sound_from
from engine.pocket.worlds.happening import GROUND_NAME, Impact
from engine.pocket.worlds.spectra import heard_impact
from engine.pocket.worlds.steps import sample_step


def thing(noun: str, x: float, y: float = 0.5) -> Thing:
    return Thing(noun, "red", "small", "still", "slow", x, y, 0.5)


BALL, TREE = thing("ball", 0.3), thing("tree", 0.7)


@given(st.integers(0, 10**6), st.booleans())
@settings(deadline=None, max_examples=60)
def test_the_truths_things_tell_the_truths_blow_and_it_is_heard(index: int, held_out: bool) -> None:
    step = sample_step(index, held_out)
    assert heard_from(step.before.things, step.action, step.after.things) == step.impact
    levels = sound_from(step.before.things, step.action, step.after.things)
    if step.impact:
        assert levels is not None
        assert heard_impact(levels) == step.impact


@pytest.mark.parametrize(
    ("action", "after"),
    [
        (Action("right", "ball"), (BALL, TREE)),
        (Action("break", "ball"), (BALL, TREE)),
        (Action("appear", "car", "red", position="top"), (BALL, TREE)),
        (Action("left", "car"), (BALL, TREE)),
        (Action("wait"), (BALL, TREE)),
        (Action("recolour", "ball", "green"), (replace(BALL, colour="green"), TREE)),
    ],
)
def test_what_did_not_happen_or_makes_no_noise_is_not_heard(action: Action, after: tuple[Thing, ...]) -> None:
    assert heard_from((BALL, TREE), action, after) is None
    assert sound_from((BALL, TREE), action, after) is None


def test_what_fell_a_little_less_than_the_rules_allow_hit_the_ground() -> None:
    low, lower = thing("ball", 0.3, 0.52), thing("ball", 0.3, 0.76)
    assert heard_from((low, TREE), Action("drop", "ball"), (lower, TREE)) == Impact("ball", GROUND_NAME)
    far = thing("ball", 0.08)
    assert heard_from((far,), Action("left", "ball"), (thing("ball", 0.01),)) is None


def test_engines_hum_and_newcomers_chime_without_a_blow() -> None:
    car = thing("car", 0.5)
    assert sound_from((car,), Action("left", "car"), (thing("car", 0.3),)) is not None
    assert sound_from((), Action("appear", "car", "red", position="top"), (car,)) is not None
