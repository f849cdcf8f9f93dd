"""Errands are what the planner reads, dreams end where they go wrong, and whoever does as told reaches the goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine.agents import planner
from engine.evaluate.candidates import Pictures
from engine.pocket.render import Renderer
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.follower import Follower
from engine.pocket.worlds.inverse import InverseModel
from engine.train import dreams
from engine.train.dreams import Dream
from engine.train.errands import MOST, Errand, errand, errands, novel, reached
from engine.train.futures import ids_of

EYE = InverseModel(view=32, width=16, layers=1)
SOME = [errand(number) for number in range(6)]


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer("cpu", 48)


class Forward:
    """In the place of the tab's models: makes each state another one, and notes what it was told is there."""

    def __init__(self) -> None:
        self.there: list[Any] = []

    def follow(self, states: Pictures, actions: Sequence[Action], seed: int, there: Sequence[Any]) -> Pictures:
        """As Stepper.follow."""
        self.there += there
        return states + 60


def inverse(sure: Sequence[str]) -> Any:
    """In the place of the inverse model: sure of these kinds of actions, and of no other."""
    return SimpleNamespace(
        likelihood=lambda before, after, actions: np.array([float(action.kind in sure) for action in actions])
    )


class Obedient:
    """In the place of a follower: does as each errand says."""

    def __init__(self, every: Sequence[Errand]) -> None:
        self.left = {one.words: [step.action for step in one.steps] for one in every}
        self.every = list(every)

    def next(self, first: Pictures, now: Pictures, words: NDArray[np.int64]) -> list[Action]:
        """As Follower.next."""
        ids = ids_of([one.words for one in self.every])
        known = {tuple(each): one.words for one, each in zip(self.every, ids, strict=True)}
        return [self.left[known[tuple(each)]].pop(0) for each in words]


def test_an_errand_is_always_the_same_and_has_as_many_lines_as_actions() -> None:
    assert errands(range(6)) == SOME
    for one in SOME:
        assert 1 <= len(one.steps) == len(planner.of(one.words)) <= MOST
        assert all(step.action.kind != "wait" for step in one.steps)
        assert reached(one.goal, one.goal)
        assert not reached(one.steps[0].before, one.goal)
    assert errand(0, held_out=True) != SOME[0]


def test_a_place_counts_for_the_goal() -> None:
    goal = SOME[0].goal
    thing = goal.things[0]
    assert not reached(replace(goal, things=(replace(thing, x=thing.x + 0.1), *goal.things[1:])), goal)
    assert not reached(replace(goal, things=goal.things[1:]), goal)


def test_what_is_much_like_what_is_there_is_not_new() -> None:
    assert novel([*SOME, SOME[2], SOME[0]]) == [True] * 6 + [False] * 2


def test_a_dream_ends_where_the_inverse_model_does_not_see_what_was_asked_for(renderer: Renderer) -> None:
    forward = Forward()
    kinds = [step.action.kind for one in SOME for step in one.steps]
    whole = dreams.dreamt(SOME, forward, inverse(kinds), renderer)  # type: ignore[arg-type]
    assert [len(one.states) for one in whole] == [1 + len(one.steps) for one in SOME]
    for one, true in zip(whole, dreams.real(SOME, renderer), strict=True):
        assert (one.states[0] == true.states[0]).all()
        assert all((later != one.states[0]).any() for later in one.states[1:])
    assert forward.there[: len(SOME)] == [one.steps[0].before.things for one in SOME]
    none = dreams.dreamt(SOME, Forward(), inverse([]), renderer)  # type: ignore[arg-type]
    assert [len(one.states) for one in none] == [1] * len(SOME)
    assert dreams.pool(none) == []
    assert [one.errand for one in dreams.pool([*whole, *whole])] == SOME


def test_lessons_name_what_is_left_and_nothing_at_the_end(renderer: Renderer) -> None:
    shown = dreams.real(SOME, renderer)
    rows = dreams.lessons(shown, 32, torch.device("cpu"))
    assert rows["views"].shape == (sum(len(one.steps) + 1 for one in SOME), 2, 3, 32, 32)
    kinds = rows["answers"][: len(SOME[0].steps) + 1, 0].tolist()
    assert kinds[-1] == 0
    assert 0 not in kinds[:-1]
    short = [Dream(one.errand, one.states[:1]) for one in shown]
    assert len(dreams.lessons(short, 32, torch.device("cpu"))["answers"]) == len(SOME)


def test_a_follower_that_does_as_told_is_done_and_one_that_knows_nothing_is_not(renderer: Renderer) -> None:
    assert all(dreams.successes(Obedient(SOME), SOME, renderer))  # type: ignore[arg-type]
    assert not any(dreams.successes(dreams.untuned(EYE, 0).eval(), SOME, renderer))


def test_tuning_moves_the_follower_and_leaves_the_eye_alone(renderer: Renderer) -> None:
    rows = dreams.lessons(dreams.real(SOME[:2], renderer), 32, torch.device("cpu"))
    eye = [each.clone() for each in EYE.parameters()]
    model = dreams.tuned(EYE, rows, 2, 4, 0)
    fresh = dreams.untuned(EYE, 0)
    assert isinstance(model, Follower)
    assert any(not torch.equal(a, b) for a, b in zip(model.parameters(), fresh.parameters(), strict=True))
    assert all(torch.equal(a, b) for a, b in zip(eye, EYE.parameters(), strict=True))
