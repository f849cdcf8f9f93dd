"""What is known of a state: carried along by the rules, held against what is seen, and recalled."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pocket.world import Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.recollection import (
    WAITING,
    Correction,
    Earlier,
    Reminder,
    carried,
    filled,
    read,
    recalled,
    reconciled,
    renewed,
    written,
)
from engine.pocket.worlds.steps import sample_step, walk


def thing(noun: str, colour: str = "red", x: float = 0.5, y: float = 0.5, size: str = "small") -> Thing:
    return Thing(noun, colour, size, "still", "slow", x, y, 0.5)


TREE, BALL = thing("tree", "yellow", 0.2), thing("ball", "red", 0.7)
GREEN = Action("recolour", "ball", colour="green")


@given(st.integers(0, 10**6), st.booleans())
@settings(deadline=None, max_examples=40)
def test_what_the_rules_say_is_what_happens_and_what_is_seen_so_needs_no_correction(index: int, held: bool) -> None:
    step = sample_step(index, held)
    assert carried(step.before.things, step.action) == step.after.things
    known = reconciled(step.before.things, step.action, step.after.things)
    assert (set(known.things), known.corrections) == (set(step.after.things), ())


def test_what_nothing_was_done_to_keeps_what_is_remembered() -> None:
    orange = thing("tree", "orange", 0.25, size="large")
    known = reconciled((TREE, BALL), GREEN, (orange, thing("ball", "green", 0.7)))
    assert known.things == (thing("tree", "yellow", 0.25), thing("ball", "green", 0.7))
    assert [one.told() for one in known.corrections] == [
        "the tree is yellow, as it was, though it was seen as orange",
        "the tree is small, as it was, though it was seen as large",
    ]


def test_what_is_missed_or_seen_as_something_else_is_still_there() -> None:
    missed = reconciled((TREE, BALL), GREEN, (thing("ball", "green", 0.7),))
    assert missed.things == (TREE, thing("ball", "green", 0.7))
    assert missed.corrections == (Correction("tree", "yellow tree", ""),)
    assert missed.corrections[0].told() == "the yellow tree is there, as it was, though it was not seen"
    mistaken = reconciled((TREE, BALL), GREEN, (thing("house", "yellow", 0.21), thing("ball", "green", 0.7)))
    assert [one.noun for one in mistaken.things] == ["tree", "ball"]
    assert mistaken.corrections[0].told() == "the tree is a tree, as it was, though it was seen as a house"


@pytest.mark.parametrize(
    ("action", "seen", "there"),
    [
        (GREEN, (TREE, BALL), (TREE, BALL)),
        (GREEN, (TREE, thing("ball", "orange", 0.7)), (TREE, thing("ball", "green", 0.7))),
        (Action("grow", "ball"), (TREE, BALL), (TREE, BALL)),
        (Action("appear", "car", "blue", position="top"), (TREE, BALL), (TREE, BALL)),
        (Action("become", "ball", other="car"), (TREE, BALL), (TREE, BALL)),
        (Action("become", "ball", other="car"), (TREE,), (TREE, thing("car", "red", 0.7))),
        (Action("break", "ball"), (TREE, thing("ball", "orange", 0.7)), (TREE, BALL)),
        (Action("break", "ball"), (TREE,), (TREE,)),
        (Action("left", "tree"), (TREE, BALL), (TREE, BALL)),
    ],
)
def test_what_did_not_happen_is_not_known_to_have(
    action: Action, seen: tuple[Thing, ...], there: tuple[Thing, ...]
) -> None:
    assert set(reconciled((TREE, BALL), action, seen).things) == set(there)


def test_what_is_seen_where_nothing_was_counts_and_there_are_three_things_at_most() -> None:
    boat, car = thing("boat", "blue", 0.5, 0.2), thing("car", "blue", 0.5, 0.9)
    known = reconciled((TREE, BALL), Action("wait"), (TREE, BALL, boat, car))
    assert known.things == (TREE, BALL, boat)
    assert reconciled((), Action("wait"), (boat,)).things == (boat,)


def test_what_is_known_is_written_down_and_read_again() -> None:
    pale = thing("ball", "", 0.1234)
    assert read(written((TREE, pale))) == (TREE, replace(pale, x=0.123))
    assert reconciled(read(written((TREE,))), WAITING, (thing("tree", "", 0.22),)).things == (
        thing("tree", "yellow", 0.22),
    )
    assert read(written(())) == ()


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "3", "[3]", '[["dragon", "red", "small", 0.5, 0.5]]', '[["ball", "red", "small", 7, 0.5]]',
        '[["ball", "red", "small", "0.5", 0.5]]', '[["ball", [], "small", 0.5, 0.5]]', "[" * 5000,
        '[["ball", "red", "small", NaN, 0.5]]', str([["ball", "red", "small", 0.5, 0.5]] * 2).replace("'", '"'),
    ],
)  # fmt: skip
def test_of_a_file_that_says_something_else_nothing_is_known(text: str) -> None:
    assert read(text) == ()


def test_another_scene_and_what_nothing_brought_make_earlier_pictures_useless() -> None:
    car = thing("car", "blue", 0.5, 0.2)
    came = Action("appear", "car", "blue", position="top")
    assert not renewed(Earlier((TREE,), came, (TREE, car)))
    assert not renewed(Earlier((BALL,), Action("become", "ball", other="car"), (car,)))
    assert renewed(Earlier((TREE,), Action("wait"), (TREE, car)))
    assert renewed(Earlier((TREE,), Action("scene", scene="night"), (TREE,)))


def test_of_each_thing_the_latest_transition_that_changed_it_comes_to_mind() -> None:
    green = thing("ball", "green", 0.7)
    way = [
        Earlier((TREE, BALL), GREEN, (TREE, green)),
        Earlier((TREE, green), Action("left", "ball"), (TREE, green)),
        Earlier((TREE, green), Action("wait"), (TREE, green)),
    ]
    assert recalled(way, (TREE, green), Action("grow", "ball")) == (Reminder(1, ("ball",)), Reminder(2, ("tree",)))
    assert recalled(way, (TREE, green), Action("left", "ball")) == (Reminder(0, ("ball",)), Reminder(2, ("tree",)))
    assert recalled(way[:1], (TREE, BALL), GREEN) == ()
    assert recalled((), (TREE,), Action("wait")) == ()


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=20)
def test_the_present_transition_never_comes_to_mind(index: int) -> None:
    steps = walk(sample_step(index).before, 6, random.Random(index))
    way = [Earlier(step.before.things, step.action, step.after.things) for step in steps]
    for one in way:
        places = [reminder.place for reminder in recalled(way, one.before, one.action)]
        assert all((way[place].before, way[place].action) != (one.before, one.action) for place in places)


def test_a_colour_that_nobody_sees_now_is_taken_from_what_came_to_mind() -> None:
    way = [Earlier((BALL,), GREEN, (thing("ball", "green"),))]
    pale = thing("ball", "")
    assert filled((pale, TREE), way, recalled(way, (pale,), Action("left", "ball"))) == (thing("ball", "green"), TREE)


def test_a_transition_tells_what_it_changed() -> None:
    green = thing("ball", "green", 0.2, size="large")
    assert Earlier((TREE, BALL), GREEN, (TREE, green)).told() == (
        "the ball is green, not red, the ball is large, not small, the ball is on the left, not on the right"
    )
    assert Earlier((TREE, BALL), Action("become", "ball", other="car"), (TREE, thing("car", "red", 0.7))).told() == (
        "the ball is gone, the red car came"
    )
    assert Earlier((TREE,), Action("scene", scene="night"), (TREE,)).told() == "a new scene, night"
    assert Earlier((TREE,), Action("wait"), (TREE,)).told() == "nothing"
