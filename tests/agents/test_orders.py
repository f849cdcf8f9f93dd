"""An edit in the words that the editor was taught; and what it cannot be told, said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.agents.offline_writer import write
from engine.agents.orders import style
from engine.agents.prompt_forms import Form
from engine.pocket.edits import read
from engine.pocket.vocabulary import STYLES
from engine.prompts import Prompt

INSTRUCTION = Form("instruction")


def written(prompt: str, seed: int = 0) -> Prompt:
    return write(prompt, seed, INSTRUCTION)


@pytest.mark.parametrize(
    ("prompt", "instruction"),
    [
        ("Please paint the sphere crimson!", "make the ball red"),
        ("turn the car into a boat", "turn the car into a boat"),
        ("make it night", "change the scene to night"),
        ("no star", "remove the star"),
        ("the 🎈 should be blue", "make the balloon blue"),
        ("make the ball much larger", "make the ball bigger"),
        ("in digital world style", "draw it in voxel style"),
    ],
)
def test_an_order_comes_out_in_the_plain_wording(prompt: str, instruction: str) -> None:
    assert dict(written(prompt).fields) == {"instruction": instruction, "avoid": ""}
    assert written(prompt).notes == ()


def test_words_that_the_world_lacks_become_the_nearest_and_it_says_so() -> None:
    prompt = written("turn the dragon into a whale")
    assert prompt.fields["instruction"] == "turn the bird into a fish"
    assert prompt.notes[0] == "The pocket world has no dragon; it draws a bird instead."


def test_what_is_left_open_of_an_added_thing_is_filled_in() -> None:
    orders = {written("add a balloon", seed).fields["instruction"] for seed in range(8)}
    assert len(orders) > 1
    assert all("balloon" in order and not read(order).unknown for order in orders)


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("make it sing opera", 'does not know "sing" and "opera"'),
        ("make it sing opera", "has no word for this change"),
        ("the ball should bounce quickly", "An edit keeps how things move"),
        ("make the ball green and the car red", "One change at a time"),
    ],
)
def test_what_cannot_be_done_is_said(prompt: str, note: str) -> None:
    assert any(note in said for said in written(prompt).notes)


def test_what_is_not_understood_stays_as_it_was_typed() -> None:
    assert written("make it sing opera").fields["instruction"] == "make it sing opera"


@pytest.mark.parametrize("world", STYLES)
def test_every_style_has_an_order_that_is_read_back(world: str) -> None:
    taken = read(style(world)).edit
    assert taken is not None
    assert (taken.kind, taken.style) == ("style", world)


@given(st.text(min_size=1, max_size=120), st.integers(0, 99))
def test_any_text_becomes_an_instruction(prompt: str, seed: int) -> None:
    assert tuple(written(prompt, seed).fields) == ("instruction", "avoid")
