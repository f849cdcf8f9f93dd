"""What the card of a state shows of its words, its sound, and what came to mind."""

from __future__ import annotations

from dataclasses import replace

from engine.types import Settings
from engine.worlds import stage_of_states
from tests.test_worlds import FORKED
from ui.markup import Markup
from ui.parts.recalled import known

STAGE = stage_of_states(FORKED)


def shown(facts: Settings) -> Markup:
    assert STAGE is not None
    here = STAGE.takes[2]
    return known(FORKED, STAGE, replace(here, artifact=replace(here.artifact, facts=facts)))


def test_words_and_sound_of_a_state_are_there() -> None:
    html = shown({"words": "a <red> ball", "heard": "the ball hits the ground"})
    assert "a &lt;red&gt; ball" in html
    assert f'src="sound/{FORKED.id}/one-a"' in html
    assert "the ball hits the ground" in html
    assert "Remembered" not in html
    silent = shown({"heard": ""})
    assert "Nothing is heard" in silent
    assert "<audio" not in silent


def test_what_came_to_mind_leads_to_the_states_that_it_led_to_and_what_was_put_right_is_told() -> None:
    html = shown({
        "heard": "", "recalled": "the ball drops; the <b>car</b> drives", "recalled_states": "one; gone",
        "recalled_changes": "the ball is low, not high; nothing", "corrected": "the tree is yellow, as it was",
    })  # fmt: skip
    assert html.count('data-do="take"') == 1
    assert 'data-take="take-one"' in html
    assert "changed: the ball is low, not high" in html
    assert "The tree is yellow, as it was." in html
    assert "<b>" not in html
    lines = "a <i>; b"
    assert "&lt;i&gt;" in shown(
        {"heard": "", "recalled": lines, "recalled_states": "one; two", "recalled_changes": lines}
    )


def test_of_what_no_world_foresaw_nothing_is_said() -> None:
    assert STAGE is not None
    assert known(FORKED, STAGE, None) == shown({}) == ""
