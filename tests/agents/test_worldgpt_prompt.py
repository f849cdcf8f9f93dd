"""Three prompts from one: what to find in the picture, what it shows, and what it shows in the end."""

from __future__ import annotations

import pytest

from engine.agents.offline_writer import write
from engine.agents.prompt_forms import Form
from engine.pocket.grammar import parse
from engine.prompts import Prompt

WORLDGPT = Form("worldgpt")


def written(prompt: str, seed: int = 0) -> Prompt:
    return write(prompt, seed, WORLDGPT)


def test_its_fields() -> None:
    assert tuple(written("a ball").fields) == ("keywords", "state", "end", "motion", "avoid")


def test_the_keywords_are_the_things_with_the_colours_that_were_said() -> None:
    assert written("a crimson sphere and a car in the snow, no stars").fields["keywords"] == "red ball, car"
    assert written("a crimson sphere, no stars").fields["avoid"] == "star"


@pytest.mark.parametrize(
    ("prompt", "state", "end"),
    [
        ("a small red ball on the left moves to the right quickly", "on the left", "on the right"),
        ("a small red rocket at the bottom moves up quickly", "at the bottom", "at the top"),
        ("a small red star at the top falls quickly", "at the top", "at the bottom"),
        ("a small red heart in the middle grows", "a small red heart", "a large red heart"),
        ("a large red heart in the middle shrinks", "a large red heart", "a small red heart"),
    ],
)
def test_the_end_is_where_the_motion_leads(prompt: str, state: str, end: str) -> None:
    fields = written(f"{prompt} in a meadow").fields
    assert state in fields["state"]
    assert end in fields["end"]
    assert fields["end"].endswith("in a meadow")
    assert not parse(fields["end"]).unknown


def test_it_says_that_it_has_not_seen_the_picture() -> None:
    assert any("has not seen the picture" in note for note in written("a ball").notes)
