"""The rules of the pocket world: what follows from an action, what cannot be, and what is kept from training."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ImpossibleActionError
from engine.pocket.vocabulary import COLOURS, NOUNS
from engine.pocket.world import GROUND, Clip, Thing, is_held_out
from engine.pocket.worlds.actions import FIELDS, KINDS, TRAVELS, Action, is_action_held_out
from engine.pocket.worlds.happening import GROUND_NAME, ROOTED, STEP, Impact, happen
from engine.pocket.worlds.steps import possible, sample_step, walk

indices = st.integers(0, 10**6)


def state(*things: Thing) -> Clip:
    return Clip(things, "meadow", "still", "flat", 0)


def thing(noun: str, x: float = 0.5, y: float = 0.5, size: str = "small", colour: str = "red") -> Thing:
    return Thing(noun, colour, size, "still", "slow", x, y, 0.2 if noun != "tree" else 0.8)


@given(indices, st.booleans())
@settings(deadline=None, max_examples=60)
def test_an_action_changes_what_it_is_about_and_nothing_else(index: int, held_out: bool) -> None:
    step = sample_step(index, held_out, styled=0.2)
    before = {one.noun: one for one in step.before.things}
    after = {one.noun: one for one in step.after.things}
    told = {step.action.noun, step.action.other}
    assert {noun: one for noun, one in before.items() if noun not in told} == {
        noun: one for noun, one in after.items() if noun not in told
    }
    assert (step.after == step.before) == (step.action.kind == "wait")
    assert (step.after.scene != step.before.scene) == (step.action.kind == "scene")
    assert all(one.motion == "still" for one in step.after.things)
    assert step == sample_step(index, held_out, styled=0.2)


@given(indices)
@settings(deadline=None, max_examples=60)
def test_training_sees_no_held_out_thing_and_no_held_out_action(index: int) -> None:
    step = sample_step(index)
    assert not is_action_held_out(step.action)
    for clip in (step.before, step.after):
        assert not any(is_held_out(one.noun, one.colour, clip.scene) for one in clip.things)


def test_the_held_out_side_acts_in_ways_that_training_never_sees() -> None:
    for index in range(60):
        step = sample_step(index, held_out=True)
        assert is_action_held_out(step.action) or step.action.kind in ("wait", "scene")
        assert all(is_held_out(one.noun, one.colour, step.before.scene) for one in step.before.things)


def test_every_kind_is_drawn() -> None:
    kinds = Counter(sample_step(index).action.kind for index in range(390))
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) > 12


def test_every_kind_of_action_has_something_held_out_and_most_is_not() -> None:
    for kind in KINDS[1:-1]:
        actions = [
            Action(kind, noun, **dict.fromkeys(FIELDS[kind][1:2], value))
            for noun in NOUNS
            for value in (NOUNS if FIELDS[kind][1:] == ("other",) else COLOURS)
        ]
        share = sum(map(is_action_held_out, actions)) / len(actions)
        assert 0.04 < share < 0.2, kind
        assert any(is_action_held_out(action) and action.noun not in ROOTED | {"balloon"} for action in actions)


def test_a_thing_stops_at_what_stands_in_its_way_and_hits_it() -> None:
    step = happen(state(thing("car", 0.2), thing("tree", 0.57)), Action("right", "car"))
    assert step.impact == Impact("car", "tree")
    assert 0.2 < step.after.things[0].x < 0.2 + STEP
    with pytest.raises(ImpossibleActionError, match="the tree is in the way"):
        happen(step.after, Action("right", "car"))
    assert happen(state(thing("car", 0.2), thing("tree", 0.57, 0.2)), Action("right", "car")).impact is None


def test_a_drop_ends_on_the_ground_or_on_what_is_below() -> None:
    step = happen(state(thing("ball", y=0.2)), Action("drop", "ball"))
    assert step.impact == Impact("ball", GROUND_NAME)
    assert step.after.things[0].y == pytest.approx(GROUND - 0.12, abs=0.01)
    above = happen(state(thing("ball", y=0.15), thing("house", y=0.75)), Action("drop", "ball"))
    assert above.impact == Impact("ball", "house")
    assert above.after.things[0].y < 0.6


def test_what_breaks_is_gone() -> None:
    step = happen(state(thing("ball")), Action("break", "ball"))
    assert (step.after.things, step.impact) == ((), Impact("ball", GROUND_NAME))


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Action("left", "tree"), "A tree does not travel"),
        (Action("break", "tree"), "A tree does not fall"),
        (Action("drop", "balloon"), "A balloon does not fall"),
        (Action("left", "car"), "There is no car here"),
        (Action("recolour", "balloon", colour="red"), "is red already"),
        (Action("grow", "tree"), "is large already"),
        (Action("become", "tree", other="balloon"), "There is a balloon already"),
        (Action("appear", "tree", colour="red", position="top"), "There is a tree already"),
        (Action("appear", "car", colour="red", position="middle"), "stands there already"),
        (Action("scene", scene="meadow"), "where we are already"),
        (Action("up", "balloon"), "at the edge already"),
    ],
)
def test_what_cannot_be_is_said(action: Action, words: str) -> None:
    with pytest.raises(ImpossibleActionError, match=words):
        happen(state(thing("tree", size="large"), thing("balloon", 0.5, 0.15)), action)


def test_a_fourth_thing_has_no_room_and_a_silent_film_no_colours() -> None:
    full = state(thing("ball", 0.2), thing("cube", 0.5), thing("star", 0.8))
    with pytest.raises(ImpossibleActionError, match="no room"):
        happen(full, Action("appear", "car", colour="red", position="top"))
    with pytest.raises(ImpossibleActionError, match="no colours"):
        happen(replace(full, style="film 1920s"), Action("recolour", "ball", colour="blue"))


def test_a_walk_goes_from_state_to_state() -> None:
    path = walk(sample_step(7).before, 30, random.Random(0))
    assert len(path) == 30
    assert all(first.after == second.before for first, second in pairwise(path))


def test_what_is_suggested_can_be_done_in_an_empty_state_too() -> None:
    for clip in (sample_step(3).before, state()):
        suggested = possible(clip, random.Random(1), 6)
        assert suggested
        assert len({action.kind for action in suggested}) == len(suggested)
        for action in suggested:
            happen(clip, action)
    assert set(TRAVELS) <= set(KINDS)
