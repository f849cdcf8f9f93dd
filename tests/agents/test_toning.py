"""Colours that a model shifts are brought back; what is another picture is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from engine.agents.toning import Tone, anchored, blended, learnt
from engine.media.videos import Frames
from engine.pocket.render import Renderer, layout
from engine.pocket.world import sample_clip
from tests.agents.twin import walking


def shifted(frames: Frames, by: tuple[int, int, int]) -> Frames:
    return (frames.astype(int) + by).clip(0, 255).astype(np.uint8)


def most_apart(one: Frames, other: Frames) -> float:
    """The largest difference of the channels' medians of what differs."""
    return float(np.abs(np.median(one.astype(int) - other, axis=(0, 1, 2))).max())


def test_what_a_run_did_to_known_frames_is_taken_back() -> None:
    true = np.random.default_rng(0).integers(40, 200, (4, 16, 16, 3)).astype(np.uint8)
    made = np.rint(true * 0.95 + np.array([4, -3, 6])).astype(np.uint8)
    back = learnt(made, true).on(made)
    assert np.abs(back.astype(int) - true).max() <= 1


def test_a_run_that_went_wrong_altogether_is_hardly_touched() -> None:
    true, made = np.full((2, 8, 8, 3), 250, np.uint8), np.full((2, 8, 8, 3), 20, np.uint8)
    assert np.abs(learnt(made, true).on(made).astype(int) - made).max() <= 12


def test_a_tone_goes_over_into_another() -> None:
    grey = np.full((9, 4, 4, 3), 100, np.uint8)
    levels = blended(grey, Tone(np.ones(3), np.full(3, -10.0)), Tone(np.ones(3), np.full(3, 10.0)))[:, 0, 0, 0]
    assert levels[4] == 100
    assert (np.diff(levels.astype(int)) > 0).all()
    assert levels[0] < 95
    assert levels[-1] > 105


@pytest.fixture(scope="module")
def clips() -> list[Frames]:
    """Six first and six last frames of twelve clips of the pocket world, with every kind of motion and camera."""
    sampled = [sample_clip(index, held_out=False) for index in range(100, 112)]
    renderer = Renderer("cpu", size=64)
    ends = [renderer.render(layout(sampled, 6, start)).permute(0, 1, 3, 4, 2).numpy() for start in (0, 11)]
    return list(np.concatenate(ends, axis=1))


def test_the_drift_of_a_segment_is_found_whatever_moves_in_it(clips: list[Frames]) -> None:
    for frames in clips:
        anchor, later = frames[:6], frames[6:]
        assert most_apart(anchored(later, anchor), later) <= 1, "nothing drifted"
        drifted = shifted(later, (3, -4, 5))
        assert most_apart(anchored(drifted, anchor), later) <= 1, "all of it is taken back"


def test_another_picture_is_left_alone() -> None:
    green, blue = walking(3), walking(3, ground=(20, 60, 220))
    assert most_apart(anchored(blue, green), blue) <= 10
    white = np.full((2, 8, 8, 3), 255, np.uint8)
    assert (anchored(white, np.zeros_like(white)) == white).all()
