"""A story in as many shots as are wanted: what is told is told in order, what is open goes on in view."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.agents.offline_writer import write
from engine.agents.prompt_forms import MOST_SHOTS, Form
from engine.pocket.grammar import parse
from engine.prompts import Prompt


def told(story: str, shots: int, seed: int = 0) -> Prompt:
    return write(story, seed, Form("shots", shots))


def motions(prompt: Prompt, noun: str) -> list[str | None]:
    """What a thing does in each shot."""
    shots = [text for name, text in prompt.fields.items() if name.startswith("shot_")]
    return [next(thing.motion for thing in parse(shot).things if thing.noun == noun) for shot in shots]


def test_the_fields_are_a_scene_and_the_shots_in_order() -> None:
    fields = told("a red ball bounces", 3).fields
    assert tuple(fields) == ("scene", "shot_1", "shot_2", "shot_3", "avoid")


@pytest.mark.parametrize("seed", range(5))
def test_one_thing_happens_after_the_other(seed: int) -> None:
    story = "A small red ball on the left in a meadow. It rolls to the right, then it bounces. At last it grows slowly."
    assert motions(told(story, 3, seed), "ball") == ["roll", "bounce", "grow"]


def test_who_is_not_named_in_a_part_stands_still() -> None:
    written = told("a red car drives to the right and a blue bird flies up, then the bird spins", 2)
    assert motions(written, "car") == ["right", "still"]
    assert motions(written, "bird") == ["up", "spin"]


def test_they_are_all_of_them() -> None:
    written = told("a ball bounces, then a star falls, then they spin", 3)
    assert (motions(written, "ball")[2], motions(written, "star")[2]) == ("spin", "spin")


@pytest.mark.parametrize("jump", ["they both jump", "they jumped", "both of them jump for a while"])
def test_they_both_are_two(jump: str) -> None:
    written = told(f"a snowman stands in the snow, then a bird circles, then {jump}", 3)
    assert (motions(written, "snowman")[2], motions(written, "bird")[2]) == ("bounce", "bounce")


def test_a_film_stays_in_its_scene_and_it_says_so() -> None:
    written = told("a boat sails to the right at sea, then night falls", 2)
    assert motions(written, "boat") == ["right", "still"]
    assert "A film stays in one scene; it leaves out the night." in written.notes


def test_a_camera_is_told_where_the_story_tells_it() -> None:
    fields = told("a ball spins and the camera zooms in, then the ball bounces", 2).fields
    assert fields["shot_1"].endswith("the camera zooms in")
    assert fields["shot_2"].endswith("the camera stays still")


@pytest.mark.parametrize("seed", range(5))
def test_open_shots_go_on_in_view_and_it_says_so(seed: int) -> None:
    written = told("a red boat sails to the right quickly", 6, seed)
    done = motions(written, "boat")
    assert done[0] == "right"
    assert len(set(done)) > 1, "six shots to the right would leave the picture"
    assert any("fills 1 shot of 6" in note for note in written.notes)


def test_more_parts_than_shots_happen_at_once_and_it_says_so() -> None:
    written = told("a ball bounces, then a star falls, then a car drives to the left, then the star spins", 2)
    assert motions(written, "star") == ["fall", "spin"]
    assert motions(written, "car") == ["still", "left"]
    assert any("4 parts for 2 shots" in note for note in written.notes)


def test_what_would_leave_the_picture_is_said() -> None:
    written = told("a red car on the right drives to the right quickly, then it drives to the right quickly", 2)
    assert any("may leave the picture" in note for note in written.notes)


def test_a_roll_that_cannot_go_that_way_is_a_move() -> None:
    written = told("a ball on the left rolls to the right quickly, then it rolls to the right", 2)
    assert motions(written, "ball") == ["roll", "right"]


def test_the_same_seed_gives_the_same_story_and_another_seed_another() -> None:
    assert told("a bird", 4, 3) == told("a bird", 4, 3)
    assert len({told("a bird", 4, seed).encode() for seed in range(6)}) > 2


@settings(max_examples=60)
@given(st.text(max_size=120), st.integers(1, 6), st.integers(0, 99))
def test_any_text_becomes_shots_that_the_models_can_read(story: str, shots: int, seed: int) -> None:
    fields = told(story, shots, seed).fields
    assert len(fields) == shots + 2
    for name in list(fields)[:-1]:
        found = parse(fields[name])
        assert found.things
        assert not found.unknown


def test_fifty_shots_are_the_most() -> None:
    assert len(told("a ball, a star and a fish", MOST_SHOTS).fields) == MOST_SHOTS + 2
