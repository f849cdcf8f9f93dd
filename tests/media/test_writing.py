"""A video that is encoded while its frames come: the same file, or none at all."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import MachineError
from engine.media import ffmpeg
from engine.media.videos import Frames, encode_video
from engine.media.writing import Writing


def clip(count: int = 9, side: int = 32) -> Frames:
    return np.random.default_rng(3).integers(0, 255, (count, side, side, 3), np.uint8)


def test_the_same_file_comes_out_however_the_frames_came() -> None:
    frames = clip()
    with Writing(8) as writing:
        writing.begin()
        writing(frames[:1])
        writing.begin()  # the run was begun anew
        for piece in (frames[:1], frames[1:5], frames[5:]):
            writing(piece)
        assert writing.finished(frames) == encode_video(frames, 8)


@pytest.mark.parametrize(("given", "side"), [(0, 32), (4, 32), (9, 33)])
def test_frames_that_did_not_all_come_are_nobodys_file(given: int, side: int) -> None:
    frames = clip(side=side)
    with Writing(8) as writing:
        if given:
            writing(frames[:given])
        assert writing.finished(frames) is None


def test_an_encoder_that_is_not_there_or_breaks_is_nobodys_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = clip()

    def missing() -> str:
        raise MachineError("ffmpeg is missing", "Install it.")

    for program in (lambda: "/bin/false", missing):
        monkeypatch.setattr(ffmpeg, "_executable", program)
        with Writing(8) as writing:
            writing(frames)
            assert writing.finished(frames) is None


def test_a_run_that_ends_early_leaves_no_encoder_behind() -> None:
    with Writing(8) as writing:
        writing(clip())
        thread = writing._thread
        assert thread is not None
    assert not thread.is_alive()
