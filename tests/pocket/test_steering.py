"""A heading and a speed get into the motion sentence, or a sentence says why not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import SettingError
from engine.pocket.grammar import canonical_motion, canonical_scene, parse
from engine.pocket.steering import HEADINGS, NONE, Control, steer
from engine.pocket.vocabulary import SPEEDS
from engine.pocket.world import sample_clip

indices = st.integers(0, 10**6)


@given(indices, st.sampled_from((NONE, *HEADINGS)), st.sampled_from((NONE, *SPEEDS)), st.integers(0, 2))
@settings(deadline=None)
def test_the_sentence_says_what_was_set_and_all_else_stays(index: int, heading: str, speed: str, which: int) -> None:
    clip = sample_clip(index, False)
    thing = clip.things[which % len(clip.things)]
    motion = canonical_motion(clip)
    steered = steer(motion, Control(heading, speed), thing.noun, canonical_scene(clip))
    before, after = ({t.noun: t for t in parse(text).things} for text in (motion, steered.motion))
    assert list(before) == list(after)
    assert parse(steered.motion).camera == clip.camera
    for noun in before:
        if noun != thing.noun:
            assert after[noun] == before[noun]
    now = after[thing.noun]
    if heading != NONE:
        assert heading == ("down" if now.motion == "fall" else now.direction)
    else:
        assert now.motion == thing.motion
    if speed != NONE and now.motion != "still":
        assert now.speed == speed
    assert steered.notes or speed == NONE or now.speed == speed


@pytest.mark.parametrize(
    ("motion", "control", "noun", "steered"),
    [
        ("the red ball bounces", Control("left", "quick"), "ball", "the red ball moves to the left quickly"),
        ("a car drives right and a boat sails left", Control("up"), "boat",
         "the car moves to the right and the boat moves up"),
        ("the car stays still, the camera pans left", Control("right", "slow"), None,
         "the car moves to the right slowly, the camera pans left"),
        ("the ball rolls to the right quickly", Control("left"), "ball", "the ball rolls to the left quickly"),
        ("the star falls", Control("down", "slow"), "star", "the star falls slowly"),
        ("the star falls", Control("none", "quick"), "star", "the star falls quickly"),
        ("the star falls", Control("left"), "heart", "the star falls and the heart moves to the left"),
        ("", Control("left"), "heart", "the heart moves to the left"),
    ],
)  # fmt: skip
def test_controls_are_written_into_the_sentence(motion: str, control: Control, noun: str | None, steered: str) -> None:
    assert steer(motion, control, noun).motion == steered


@pytest.mark.parametrize(
    ("motion", "control", "noun", "scene", "note"),
    [
        ("the ball rolls", Control("up"), "ball", "", "stays on the ground"),
        ("the ball spins", Control("left"), "ball", "", "one thing at a time"),
        ("the ball stays still", Control(speed="quick"), "ball", "", "no speed"),
        ("", Control(speed="quick"), "ball", "", "no speed"),
        ("the camera zooms in", Control("left"), None, "", "nothing that could be steered"),
        ("the ball rolls", Control("left"), "dragon", "", "no dragon"),
        ("the ball moves", Control("left", "quick"), "ball", "a red ball on the left", "leaves the picture"),
        ("the ball rolls to the right", Control("left"), "ball", "a red ball on the left", "rolls to the middle"),
        ("a car, a boat and a bird move right", Control("left"), "ball", "", "no more"),
    ],
)
def test_what_cannot_be_is_said(motion: str, control: Control, noun: str | None, scene: str, note: str) -> None:
    assert note in " ".join(steer(motion, control, noun, scene).notes)


def test_without_controls_nothing_changes() -> None:
    assert steer("Oh, the ball! It flies", Control()).motion == "Oh, the ball! It flies"


@pytest.mark.parametrize("settings", [{"heading": "north"}, {"speed": "warp"}])
def test_unknown_controls_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(SettingError, match="no such"):
        Control(**settings)
