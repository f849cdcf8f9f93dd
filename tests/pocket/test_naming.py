"""Which things a person's words name: keywords one by one, of an instruction those that are to change."""

from __future__ import annotations

import pytest

from engine.pocket.naming import named, spoken


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("ball", ("ball",)),
        ("red ball, car", ("red ball", "car")),
        ("the crimson automobiles", ("red car",)),
        ("hot air balloon; snow man", ("balloon", "snowman")),
        ("a bird, a dragon and the tall tree", ("bird", "dragon", "tree")),
        ("red dragon", ("red dragon",)),
        ("everything red", ("everything red",)),
        ("all red things", ("everything red",)),
        ("the big red one", ("everything red",)),
        ("all things", ("everything",)),
        ("ball, ball, the ball", ("ball",)),
    ],
)
def test_keywords_name_one_thing_each(words: str, names: tuple[str, ...]) -> None:
    assert named(words) == names


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("make the ball green", ("ball",)),
        ("make the green ball red", ("green ball",)),
        ("make the ball green and the car blue", ("ball", "car")),
        ("turn the car into a boat", ("car",)),
        ("replace the red car with a boat", ("red car",)),
        ("remove the star", ("star",)),
        ("remove everything blue", ("everything blue",)),
        ("make all of it blue", ("everything",)),
        ("make the dog green", ("dog",)),
        ("erase the dragon", ("dragon",)),
    ],
)
def test_an_instruction_names_what_is_to_change(words: str, names: tuple[str, ...]) -> None:
    assert named(words) == names


@pytest.mark.parametrize("words", ["make it night", "in voxel style", "add a small star at the top", "", " , ,", "!?"])
def test_some_words_name_nothing_that_is_there(words: str) -> None:
    assert named(words) == ()


def test_a_name_is_spoken_with_its_article() -> None:
    assert [spoken(name) for name in ("red ball", "everything red")] == ["the red ball", "everything red"]
