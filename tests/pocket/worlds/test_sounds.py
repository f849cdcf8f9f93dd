"""What is heard: the same every time, within range, and telling who hit what."""

from __future__ import annotations

from itertools import permutations

import numpy as np

from engine.pocket.world import Clip, Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.happening import Happening, Impact, happen
from engine.pocket.worlds.sounds import MATERIALS, RATE, SAMPLES, STRIKE_SECONDS, Sound, sound_of
from engine.pocket.worlds.steps import sample_step

EMPTY = Clip((), "meadow", "still", "flat", 0)


def hit(striker: str, struck: str) -> Sound:
    return sound_of(Happening(EMPTY, Action("up", striker), EMPTY, Impact(striker, struck)))


def test_a_sound_is_a_second_within_range_and_the_same_again() -> None:
    for index in range(40):
        heard = sound_of(sample_step(index))
        assert heard.shape == (SAMPLES,)
        assert heard.dtype == np.float32
        assert np.abs(heard).max() <= 1
        assert (heard == sound_of(sample_step(index))).all()


def test_who_hit_what_can_be_heard() -> None:
    """Each pair's spectrogram is its own: no other pair's points the same way."""
    pairs = [pair for pair in permutations(MATERIALS, 2) if pair[0] != "ground"]
    kept = np.array([_spectrogram(hit(*pair)) for pair in pairs])
    lengths = np.linalg.norm(kept, axis=1)
    likeness = kept @ kept.T / np.outer(lengths, lengths) - 2 * np.eye(len(pairs))
    assert likeness.max() < 0.995


def test_nothing_sounds_before_the_blow_unless_an_engine_does() -> None:
    quiet, before = hit("ball", "tree"), int(STRIKE_SECONDS * RATE)
    assert not quiet[:before].any()
    assert quiet[before:].any()
    assert hit("car", "tree")[:before].any()


def test_silence_where_nothing_moves() -> None:
    ball = Thing("ball", "red", "small", "still", "slow", 0.5, 0.3, 0.2)
    state = Clip((ball,), "meadow", "still", "flat", 0)
    assert not sound_of(happen(state, Action("wait"))).any()
    assert not sound_of(happen(state, Action("grow", "ball"))).any()
    assert sound_of(happen(state, Action("drop", "ball"))).any()
    broken, dropped = (sound_of(happen(state, Action(kind, "ball"))) for kind in ("break", "drop"))
    assert (broken != dropped).any()


def _spectrogram(sound: Sound) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    windows = sound[: SAMPLES - SAMPLES % 1600].reshape(-1, 1600) * np.hanning(1600)
    return np.log1p(np.abs(np.fft.rfft(windows, axis=1))).ravel()
