"""What a critic is asked is known: no question is a guess, yes and no are about as many, orders are what happens."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from engine.evaluate.videoverse.dimensions import CHECKS
from engine.pocket import facts, happenings, quiz


@pytest.mark.parametrize("held_out", [True, False])
def test_every_answer_is_what_the_simulator_knows(held_out: bool) -> None:
    for index in range(40):
        clip, rng = quiz.clip_of(index, held_out)
        true = {facts.question(fact) for fact in quiz.true_of(clip)}
        false = {facts.question(fact) for fact in quiz.false_of(clip, random.Random(index))}
        assert not true & false, "nothing is asked to which both answers are right"
        assert all(facts.holds(fact, clip) for fact in quiz.true_of(clip))
        assert {one.dimension for one in quiz.about(clip, 20, rng)} <= {*CHECKS}


def test_yes_and_no_are_about_as_many_in_every_dimension() -> None:
    counts: Counter[tuple[str, bool]] = Counter()
    for index in range(250):
        clip, rng = quiz.clip_of(index, False)
        counts.update((one.dimension, one.yes) for one in quiz.about(clip, 16, rng))
    for dimension in CHECKS:
        yes, no = counts[dimension, True], counts[dimension, False]
        assert 0.35 < yes / (yes + no) < 0.65, dimension


def test_an_order_names_what_happens_in_its_order_and_nothing_else() -> None:
    orders = [(clip, quiz.order(clip, rng)) for clip, rng in (quiz.clip_of(index, True) for index in range(80))]
    for clip, asked in orders:
        happened = [happenings.event(fact) for fact in quiz.events(clip)]
        told = [asked.events[quiz.LETTERS.index(letter)] for letter in asked.order]
        assert told == [event for event in happened if event in asked.events]
    assert any(len(asked.order) < len(asked.events) for _, asked in orders), "some list what never happens"
    assert any(asked.order not in quiz.LETTERS for _, asked in orders), "an echo is not always right"


def test_clips_are_the_same_again_and_held_out_ones_are_others() -> None:
    assert quiz.clip_of(3, True)[0] == quiz.clip_of(3, True)[0]
    assert quiz.clip_of(3, True)[0] != quiz.clip_of(3, False)[0]
