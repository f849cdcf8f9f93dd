"""The person's own video becomes a clip of the model's size, rate and length, and what it was is kept."""

from __future__ import annotations

import numpy as np
import pytest

from engine.agent import Draft, Input
from engine.agents.facts import FOREIGN
from engine.agents.video_fitter import VideoFitter
from engine.errors import DecisionError, SettingError, VideoError
from engine.media.videos import Frames, encode_video, read_video
from engine.types import Settings
from tests.fakes import FakeReporter

SIDE = 128


def counting(frames: int) -> Frames:
    """Square grey frames with a bright line that says which one it is: it steps a pixel to the right each time."""
    clip = np.full((frames, SIDE, SIDE, 3), 60, np.uint8)
    for number, frame in enumerate(clip):
        frame[:, 8 + number : 10 + number] = 250
    return clip


def fitted(video: Input, settings: Settings | None = None) -> Draft:
    return VideoFitter().run({"video": video}, 0, settings or {}, FakeReporter())


def numbers(draft: Draft) -> list[int]:
    """Which frames of `counting` are in it, by where the line is."""
    frames, _ = read_video(draft.data)
    bright = np.maximum(frames[..., 1].mean(axis=1) - 80, 0)
    middle = (bright * (np.arange(bright.shape[1]) + 0.5)).sum(axis=1) / bright.sum(axis=1)
    return [round(float(x) * SIDE / frames.shape[2] - 9) for x in middle]


SQUARE = encode_video(counting(60), 24)
WIDE = encode_video(np.full((60, 32, 64, 3), 120, np.uint8), 24)


def test_it_comes_out_at_the_models_size_and_rate() -> None:
    draft = fitted(SQUARE)
    frames, fps = read_video(draft.data)
    assert (frames.shape, fps) == ((20, 192, 192, 3), 8)
    assert numbers(draft) == list(range(0, 60, 3))
    assert (draft.kind, draft.suffix, draft.settings) == (
        "video", ".mp4", {"profile": "pocket", "fit": "crop", "keep": "start"},
    )  # fmt: skip


def test_what_it_was_is_kept_as_facts() -> None:
    facts = fitted(WIDE, {"fit": "letterbox"}).facts
    assert (facts["source_width"], facts["source_height"], facts["source_fps"]) == (64, 32, 24)
    assert (facts["source_seconds"], facts["source_sound"]) == (2.5, "")
    assert [facts[side] for side in ("left", "top", "right", "bottom")] == [0, 48, 192, 144]
    assert (facts["frames"], facts["seconds"], facts["fps"]) == (20, 2.5, 8)
    assert facts["note"] == FOREIGN


def test_of_our_own_clip_there_is_nothing_to_say() -> None:
    draft = fitted(encode_video(np.kron(counting(17)[:, :96, :96], np.ones((1, 2, 2, 1), np.uint8)), 8))
    assert "note" not in draft.facts
    assert draft.facts["frames"] == 17


def test_letterboxing_keeps_all_of_it() -> None:
    frames, _ = read_video(fitted(WIDE, {"fit": "letterbox"}).data)
    assert frames[5, :44].max() < 10
    assert frames[5, 52:140].min() > 40


@pytest.mark.parametrize(("keep", "first", "last"), [("start", 0, 72), ("end", 27, 99)])
def test_of_a_long_one_either_end_is_kept(keep: str, first: int, last: int) -> None:
    draft = fitted(encode_video(counting(100), 24), {"keep": keep})
    assert draft.facts["frames"] == 25
    assert (numbers(draft)[0], numbers(draft)[-1]) == (first, last), "the end is the very last frame"


@pytest.mark.parametrize("keep", ["start", "end"])
def test_only_the_part_between_the_points_counts(keep: str) -> None:
    shown = numbers(fitted(SQUARE, {"keep": keep, "start_seconds": 0.5, "end_seconds": 1.5}))
    assert len(shown) == 8
    assert min(shown) >= 12
    assert max(shown) <= 35
    assert shown[0 if keep == "start" else -1] == (12 if keep == "start" else 35)


def test_a_very_short_one_is_used_as_far_as_it_goes() -> None:
    assert len(numbers(fitted(encode_video(counting(2), 24), {"keep": "end"}))) == 1


def test_the_same_file_gives_the_same_bytes() -> None:
    assert fitted(WIDE).data == fitted(WIDE).data


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"fit": "stretch"}, SettingError),
        ({"keep": "middle"}, SettingError),
        ({"start_seconds": -1}, SettingError),
        ({"start_seconds": "soon"}, SettingError),
        ({"start_seconds": 9}, VideoError),
        ({"start_seconds": 1.5, "end_seconds": 1.0}, VideoError),
    ],
)
def test_what_cannot_be_is_refused(settings: Settings, error: type[Exception]) -> None:
    with pytest.raises(error):
        fitted(WIDE, settings)


@pytest.mark.parametrize("video", [b"", b"#EXTM3U\nhttp://example.com/a.ts", WIDE[:300], encode_video(counting(1), 24)])
def test_files_that_are_no_video_are_refused(video: bytes) -> None:
    with pytest.raises(VideoError):
        fitted(video)


def test_words_are_refused() -> None:
    with pytest.raises(DecisionError):
        fitted("a video")
