from __future__ import annotations

import pytest

from engine.pocket.vocabulary import COLOURS, NOUNS, POSITIONS, SCENES, SYNONYMS, lookup, plural, verb_forms
from engine.pocket.world import Thing


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("sphere", ("noun", "ball")),
        ("automobiles", ("noun", "car")),
        ("Crimson", ("colour", "red")),
        ("tiny", ("size", "small")),
        ("ocean", ("scene", "sea")),
        ("hopping", ("motion", "bounce")),
        ("rotates", ("motion", "spin")),
        ("flies", ("go", "go")),
        ("swiftly", ("speed", "quick")),
        ("cyberpunk", ("style", "neon")),
        ("digital", ("style", "voxel")),
        ("centre", ("position", "middle")),
    ],
)
def test_english_words_find_their_meaning(word: str, meaning: tuple[str, str]) -> None:
    assert lookup(word) == meaning


def test_a_word_from_elsewhere_means_nothing() -> None:
    assert lookup("photosynthesis") is None


def test_every_listed_word_is_understood_and_names_mean_themselves() -> None:
    listed = {word for table in SYNONYMS.values() for words in table.values() for word in words.split()}
    assert len(listed) > 400
    assert all(lookup(word.removesuffix("+")) for word in listed)
    assert all(lookup(plural(noun)) == ("noun", noun) for noun in NOUNS)
    assert all(lookup(colour) == ("colour", colour) for colour in COLOURS)
    assert all(lookup(scene) == ("scene", scene) for scene in SCENES)


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("hop", ("hop", "hops", "hopping", "hopped")),
        ("bounce", ("bounce", "bounces", "bouncing", "bounced")),
        ("fly", ("fly", "flies", "flying", "flied")),
        ("stay", ("stay", "stays", "staying", "stayed")),
        ("roll", ("roll", "rolls", "rolling", "rolled")),
        ("grow", ("grow", "grows", "growing", "growed")),
    ],
)
def test_verbs_are_inflected(base: str, forms: tuple[str, str, str, str]) -> None:
    assert verb_forms(base) == forms


@pytest.mark.parametrize("name", POSITIONS)
def test_a_position_bears_its_name(name: str) -> None:
    x, y = POSITIONS[name]
    assert Thing("ball", "red", "small", "still", "slow", x, y, 0.5).position == name
