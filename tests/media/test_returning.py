"""What was made of a video lies in it again: in its place, at its size and rate, and nothing else has changed."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import MaskError
from engine.media.clips import probe
from engine.media.cutting import Excerpt, cut
from engine.media.images import FITS, Fit
from engine.media.pieces import Part
from engine.media.placement import place
from engine.media.returning import put_back
from engine.media.videos import encode_video, read_video
from tests.media.footage import ffmpeg_made, footage, shipped, with_sound
from tests.media.pictures import psnr

SQUARE = (96, 96)


@pytest.mark.parametrize("fit", FITS)
def test_real_footage_comes_back_at_its_size_and_rate_and_with_its_sound(fit: Fit) -> None:
    source = shipped("b.mp4")
    made = encode_video(cut(source, Excerpt(SQUARE, 8, fit, 1.0, 2.0)), 8)
    back = put_back(made, Part(source, 1.0, 2.0), place((480, 270), SQUARE, fit))
    facts = probe(back.data)
    assert (facts.size, facts.fps, facts.frames, facts.sound) == ((480, 270), 30, 30, probe(source).sound)
    assert psnr(read_video(back.data)[0][0], cut(source, Excerpt(start_seconds=1.0, frames_at_most=1))[0]) > 22
    assert back.how.startswith(
        "Laid back into the source where the model saw it, encoded once, to 480 x 270; the sound"
    )


def test_outside_of_the_mask_the_source_stays() -> None:
    source = shipped("muted_b.mp4")
    placed = place((480, 270), SQUARE, "letterbox")
    made = encode_video(np.full((8, 96, 96, 3), (200, 30, 40), np.uint8), 8)
    mask = np.zeros((1, 96, 96), np.uint8)
    mask[:, 40:56, 10:48] = 255
    back = put_back(made, Part(source, end_seconds=1.0), placed, mask)
    frames, before = read_video(back.data)[0], cut(source, Excerpt(end_seconds=1.0))
    assert psnr(frames[:, :, 260:], before[:, :, 260:]) > 40
    assert np.abs(frames[:, 115:155, 60:230].astype(int) - (200, 30, 40)).max() < 20
    assert "where the mask is" in back.how
    assert back.how.endswith("there is no sound.")


def test_a_mask_over_time_is_seen_frame_by_frame() -> None:
    made = encode_video(np.full((4, 48, 64, 3), 255, np.uint8), 4)
    source = encode_video(np.zeros((8, 48, 64, 3), np.uint8), 8)
    masks = np.zeros((4, 48, 64), np.uint8)
    for moment in range(4):
        masks[moment, :, moment * 16 : moment * 16 + 16] = 255
    frames = read_video(put_back(made, Part(source), place((64, 48), (64, 48), "crop"), masks).data)[0]
    lit = [int(np.argmax(frame.reshape(48, 4, 16, 3).mean(axis=(0, 2, 3)))) for frame in frames]
    assert len(frames) == 8
    assert lit[0] == 0
    assert lit[-1] == 3
    assert lit == sorted(lit)
    assert set(lit) == {0, 1, 2, 3}


@pytest.mark.parametrize("size", ["35x27", "48x36"])
def test_a_turned_source_of_odd_sides_comes_back_upright(size: str) -> None:
    turned = ffmpeg_made(
        "-display_rotation -90 -i {0} -c copy", ".mov", files=(footage("-c:v ffv1", ".mkv", size=size),)
    )
    upright = probe(turned).size
    made = encode_video(cut(turned, Excerpt((32, 32), 8, "letterbox")), 8)
    back = probe(put_back(made, Part(turned), place(upright, (32, 32), "letterbox")).data)
    assert back.size == (upright[0] + upright[0] % 2, upright[1] + upright[1] % 2)
    assert (back.rotation, back.fps, back.frames) == (0, 10, 10)


def test_the_shorter_of_the_two_says_how_long_it_lasts() -> None:
    made = encode_video(np.zeros((4, 48, 64, 3), np.uint8), 8)
    back = probe(put_back(made, Part(with_sound()), place((64, 48), (64, 48), "crop")).data)
    assert back.frames == 5
    assert back.sound is not None


@pytest.mark.parametrize("shape", [(1, 48, 48), (2, 48, 64), (5, 48, 64)])
def test_masks_that_do_not_fit_are_refused(shape: tuple[int, ...]) -> None:
    made = encode_video(np.zeros((4, 48, 64, 3), np.uint8), 8)
    with pytest.raises(MaskError, match=r"do not fit what was made.*limit 1 or 4 of 64 x 48"):
        put_back(made, Part(footage()), place((64, 48), (64, 48), "crop"), np.zeros(shape, np.uint8))
