"""A world's tree follows from its takes; the way to a state, and transitions as files, from the tree."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DecisionError
from engine.making import Material, in_a_world
from engine.seen import ProjectView
from engine.types import Artifact, Need, Request, Settings, Stage, Take, Task
from engine.worlds import Transition, packed, path, stage_of_states, transitions, tree, unpacked
from tests.ui.views import project, stage

BEGINNING = "b" * 64
STATE = Stage("state", "What follows", "world_stepper", "image", (Need("image", "key_frame"),))


def step(name: str, action: str, onward: str | None = None) -> Take:
    """A state of that digest, from the beginning where nothing else is named."""
    settings = {"action": action, **({"onward": onward} if onward else {})}
    artifact = Artifact("image", name, ".png", 9, "world_stepper", settings=settings, facts={"likelihood": 0.5})
    return Take(f"take-{name}", "state", 1, artifact, {"image": BEGINNING}, 1.0, "2026-11-21T20:00:00+00:00")


def world(*takes: Take) -> ProjectView:
    view = project()
    shown = replace(view.stages[0], stage=STATE, takes=takes)
    task = Task("world", "World", "", ("prompt", "image"), (STATE,))
    return replace(view, task=task, request=Request("world", "the ball drops"), stages=(shown,))


FORKED = world(
    step("one", "the ball drops"),
    step("two", "the ball drops"),
    step("one-a", "the car drives left", "one"),
    step("one-b", "night falls", "one"),
    step("one-a-a", "night falls", "one-a"),
)


def test_a_tree_branches_wherever_somebody_went_on() -> None:
    nodes = tree(FORKED)
    assert [(node.state, node.parent, node.depth) for node in nodes] == [
        ("one", BEGINNING, 1),
        ("two", BEGINNING, 1),
        ("one-a", "one", 2),
        ("one-b", "one", 2),
        ("one-a-a", "one-a", 3),
    ]
    assert nodes[0].likelihood == 0.5


def test_the_way_to_a_state_leads_from_the_beginning() -> None:
    nodes = tree(FORKED)
    assert [node.state for node in path(nodes, "one-a-a")] == ["one", "one-a", "one-a-a"]
    assert path(nodes, BEGINNING) == path(nodes, "elsewhere") == ()


def test_what_goes_on_from_nothing_known_follows_from_the_beginning() -> None:
    nodes = tree(world(step("one", "a", "gone"), step("two", "b", "two")))
    assert [(node.parent, node.depth) for node in nodes] == [(BEGINNING, 1), (BEGINNING, 1)]


def test_a_state_that_comes_back_makes_no_endless_way() -> None:
    nodes = tree(world(step("one", "a"), step("two", "b", "one"), step("one", "c", "two")))
    assert [node.state for node in path(nodes, "one")] == ["one"]
    assert [node.state for node in path(nodes, "two")] == ["one", "two"]


def test_a_tree_of_a_thousand_states_is_quick_enough_to_be_read_at_every_look() -> None:
    takes = [step("s0", "a"), *(step(f"s{number}", "a", f"s{number - 1}") for number in range(1, 1000))]
    nodes = tree(world(*takes))
    assert len(path(nodes, "s999")) == 1000
    assert nodes[-1].depth == 1000


def test_after_two_hundred_steps_the_latest_of_them_are_remembered() -> None:
    takes = [step("s0", "a"), *(step(f"s{number}", f"step {number}", f"s{number - 1}") for number in range(1, 200))]
    settings: Settings = {"remembers": True, "onward": "s199"}
    given = in_a_world(Material({}, ()), world(*takes), STATE, settings, lambda sha256, suffix: sha256.encode())
    earlier = unpacked(given.inputs["earlier"])
    assert [one.action for one in earlier] == [f"step {number}" for number in range(136, 200)]
    assert given.inputs["onward"] == b"s199"


def test_another_project_is_no_world() -> None:
    view = project(stage("prompt", "ready"))
    assert stage_of_states(view) is None
    assert tree(view) == ()


def test_transitions_bring_their_files() -> None:
    read = {BEGINNING: b"0", "one": b"1", "two": b"2", "one-a": b"1a", "one-b": b"1b", "one-a-a": b"1aa"}
    found = transitions(path(tree(FORKED), "one-a"), lambda sha256, suffix: read[sha256])
    assert found == [Transition(b"0", "the ball drops", b"1"), Transition(b"1", "the car drives left", b"1a")]


@given(st.lists(st.builds(Transition, st.binary(max_size=9), st.text(max_size=9), st.binary(max_size=9)), max_size=3))
def test_what_is_packed_is_unpacked_as_it_was_in_worldnets_form(some: list[Transition]) -> None:
    assert unpacked(packed(some)) == some
    for row in json.loads(packed(some)):
        assert row.keys() == {"state0", "state1", "action"}
        assert row["state0"].keys() == {"video", "audio", "image", "text"}


@pytest.mark.parametrize("data", ["", "{}x", "[1]", '[{"state0": {}}]', '[{"state0": {"image": "no!"}}]', "null"])
def test_what_cannot_be_read_is_named(data: str) -> None:
    with pytest.raises(DecisionError):
        unpacked(data)
