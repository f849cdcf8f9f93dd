"""The tree of a world as it is drawn, and what a click on 'See what follows' means there."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.seen import ProjectView
from engine.types import Settings
from engine.worlds import stage_of_states, tree
from tests.test_worlds import BEGINNING, FORKED, step, world
from ui.parts.world_tree import drawn, going_on, suggested


def order(view: ProjectView) -> list[tuple[str, str]]:
    """Takes as they are drawn, each with its indent."""
    stage = stage_of_states(view)
    assert stage is not None
    html = drawn(view, stage, None, ())
    return re.findall(r'margin-inline-start: (\d+)px.*?data-take="take-([\w-]+)"', html)


def test_each_state_stands_under_the_one_that_it_followed_from() -> None:
    assert order(FORKED) == [("0", "one"), ("16", "one-a"), ("32", "one-a-a"), ("16", "one-b"), ("0", "two")]


def test_a_state_tells_what_was_done_and_how_likely_that_is() -> None:
    stage = stage_of_states(FORKED)
    assert stage is not None
    shown = drawn(FORKED, replace(stage, chosen=stage.takes[0]), stage.takes[1], ())
    assert "the car drives left, 50% likely" in shown
    assert shown.count('aria-pressed="true"') == 1
    assert shown.count('class="chosen"') == 1


def test_what_the_person_painted_is_called_theirs() -> None:
    view = world(step("one", ""))
    stage = stage_of_states(view)
    assert stage is not None
    shown = drawn(view, stage, None, ())
    assert "by you" in shown
    assert "likely" not in shown


def test_an_empty_world_says_so_and_a_hostile_action_is_only_text() -> None:
    stage = stage_of_states(world())
    assert stage is not None
    assert "No states yet" in drawn(world(), stage, None, ())
    bad = world(step("one", "<script>alert(1)</script>"))
    assert "<script>" not in drawn(bad, stage, None, ())


def test_every_state_is_drawn_once_whatever_the_journal_says() -> None:
    odd = world(step("one", "a"), step("two", "b", "one"), step("one", "c", "two"), step("three", "d", "gone"))
    assert sorted(name for _, name in order(odd)) == sorted(f"{node.state}" for node in tree(odd))


def test_words_go_on_from_the_state_on_screen_and_none_ask_for_more_of_its_kind() -> None:
    stage = stage_of_states(FORKED)
    assert stage is not None
    here = stage.takes[2]
    assert going_on(stage, here, {"action": "night falls"}) == {"action": "night falls", "onward": "one-a"}
    assert going_on(stage, here, {"remembers": False}) == {
        "action": "the car drives left", "onward": "one", "remembers": False,
    }  # fmt: skip
    assert going_on(stage, stage.takes[0], {}) == {"action": "the ball drops"}
    asked: Settings = {"action": "night falls"}
    assert going_on(stage, None, asked) == asked
    assert BEGINNING not in going_on(stage, stage.takes[0], asked).values()


def test_what_could_be_done_is_offered_for_the_state_on_screen() -> None:
    stage = stage_of_states(FORKED)
    assert stage is not None
    here = stage.takes[0]
    facts = {**here.artifact.facts, "next": "the ball drops; a <red> car appears"}
    shown = suggested(stage, replace(here, artifact=replace(here.artifact, facts=facts)))
    assert shown.count('data-do="happen"') == 2
    assert 'data-action="the ball drops"' in shown
    assert "A &lt;red&gt; car appears." in shown
    assert suggested(stage, here) == suggested(stage, None) == ""
