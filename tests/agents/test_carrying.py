"""What an autoencoder lost is given back where nothing moves, and nowhere else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.agents.carrying import carried
from engine.media.videos import Frames

SHAPE = (24, 32, 3)


def picture(seed: int) -> Frames:
    return np.random.default_rng(seed).integers(0, 256, SHAPE, np.uint8)


@given(st.integers(0, 10**6))
def test_what_stands_still_comes_back_to_the_bit(seed: int) -> None:
    true = picture(seed)
    made = np.clip(true.astype(int) + np.random.default_rng(seed + 1).integers(-9, 10, SHAPE), 0, 255).astype(np.uint8)
    assert np.array_equal(carried(np.stack([made, made]), made, true), np.stack([true, true]))


@given(st.integers(0, 10**6))
def test_another_picture_is_left_alone(seed: int) -> None:
    made = np.full(SHAPE, 40, np.uint8)
    new = np.clip(picture(seed), 90, 255)
    assert np.array_equal(carried(new[None], made, picture(seed + 1))[0], new)


def test_a_thing_that_has_moved_on_takes_no_ghost_with_it() -> None:
    """The loss at the place that a thing has left is not laid over what came out behind it."""
    made = np.full(SHAPE, 200, np.uint8)
    made[8:16, 4:12] = 30
    true = made.copy()
    true[8:16, 4:12] = 60
    new = np.full(SHAPE, 200, np.uint8)
    assert np.array_equal(carried(new[None], made, true)[0], new)
