"""What counts as blank and as frozen, on both sides of the thresholds."""

from __future__ import annotations

import numpy as np
from PIL import Image

from engine.media.inspection import blank, frozen
from engine.media.videos import encode_video, read_video
from tests.media.pictures import clip, flat_art


def noisy(level: float) -> Image.Image:
    noise = np.random.default_rng(0).normal(128, level, (64, 64, 3))
    return Image.fromarray(noise.clip(0, 255).astype(np.uint8))


def test_one_colour_is_blank() -> None:
    assert all(blank(Image.new("RGB", (64, 64), colour)) for colour in ("black", "white", "red"))


def test_a_trace_of_noise_is_still_blank_and_more_is_not() -> None:
    assert blank(noisy(2.0))
    assert not blank(noisy(5.0))


def test_a_picture_with_something_on_it_is_not_blank() -> None:
    assert not blank(flat_art())
    small = Image.new("RGB", (192, 192), "white")
    small.paste("pink", (80, 80, 112, 112))
    assert not blank(small)


def test_repeated_frames_are_frozen_also_after_the_codec() -> None:
    still = np.repeat(clip(1), 9, axis=0)
    assert frozen(still)
    assert frozen(read_video(encode_video(still, 8))[0])


def test_one_frame_is_frozen() -> None:
    assert frozen(clip(1))


def test_slow_motion_is_not_frozen() -> None:
    frames = np.repeat(clip(1), 9, axis=0)
    frames[:, 100:124, 100:124] = (230, 40, 40)
    for step in range(9):
        frames[step, 20:40, 20 + step // 4 : 40 + step // 4] = (134, 62, 196)
    assert not frozen(frames)


def test_a_ball_that_moves_is_not_frozen() -> None:
    assert not frozen(read_video(encode_video(clip(9), 8))[0])
