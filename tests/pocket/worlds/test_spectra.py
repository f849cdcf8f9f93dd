"""Sounds as pictures: silence is black, who hit what can be told from them, and from what they are turned back into."""

from __future__ import annotations

import numpy as np
import pytest

from engine.pocket.worlds.sounds import SAMPLES, sound_of
from engine.pocket.worlds.spectra import BANDS, MOMENTS, heard_impact, sounded, spectrogram
from engine.pocket.worlds.steps import sample_step


def test_silence_is_black_and_stays_silent() -> None:
    levels = spectrogram(np.zeros(SAMPLES, np.float32))
    assert levels.shape == (BANDS, MOMENTS)
    assert not levels.any()
    assert not sounded(levels).any()
    assert heard_impact(levels) is None


def test_levels_lie_between_nothing_and_one() -> None:
    levels = np.stack([spectrogram(sound_of(sample_step(index))) for index in range(30)])
    assert levels.min() == 0
    assert 0.5 < levels.max() <= 1


@pytest.mark.parametrize("held_out", [False, True])
def test_who_hit_what_is_heard_in_every_sound(held_out: bool) -> None:
    steps = [sample_step(index, held_out) for index in range(120)]
    right = [heard_impact(spectrogram(sound_of(step))) == step.impact for step in steps]
    assert np.mean(right) > 0.97, "a judge below that judges nothing"


def test_a_sound_made_of_its_spectrogram_is_heard_as_the_same() -> None:
    steps = [step for step in map(sample_step, range(100)) if step.impact][:10]
    right = []
    for step in steps:
        levels = spectrogram(sound_of(step))
        made = sounded(levels)
        assert (made == sounded(levels)).all()
        right.append(heard_impact(spectrogram(made)) == step.impact)
    assert np.mean(right) >= 0.8
