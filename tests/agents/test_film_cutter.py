"""Clips become one film, each frame once, in the size, rate and sound of what the person brought."""

from __future__ import annotations

import numpy as np
import pytest

from engine.agent import Draft, Input
from engine.agents.film_cutter import FilmCutter
from engine.agents.video_fitter import VideoFitter
from engine.errors import DecisionError, SettingError, VideoError
from engine.media.clips import probe
from engine.media.cutting import Excerpt, cut
from engine.media.videos import encode_video, read_video
from engine.types import Settings
from tests.agents.twin import clip
from tests.fakes import FakeReporter
from tests.media.footage import LOSSLESS, footage, with_sound


def film(settings: Settings | None = None, **inputs: Input) -> Draft:
    return FilmCutter().run(inputs, 0, settings or {}, FakeReporter())


def fitted(video: bytes, **settings: str | float) -> bytes:
    return VideoFitter().run({"video": video}, 0, settings, FakeReporter()).data


def plain(level: int, frames: int = 12, side: int = 192) -> bytes:
    return encode_video(np.full((frames, side, side, 3), level, np.uint8), 8)


def test_our_own_clips_are_joined_frame_by_frame() -> None:
    first, second = clip(9), clip(6, start=9)
    draft = film(clip_1=first, clip_2=second)
    frames, fps = read_video(draft.data)
    assert (frames == np.concatenate([read_video(first)[0], read_video(second)[0]])).all()
    assert (fps, draft.facts["frames"], draft.facts["clips"], draft.facts["seams"]) == (8, 15, 2, "9")
    assert "every frame is as it was" in str(draft.facts["how"])


def test_an_upload_that_goes_on_keeps_its_frames_size_rate_and_sound() -> None:
    upload = with_sound(f"{LOSSLESS} -c:a aac")
    draft = film(clip_1=fitted(upload, keep="end", fit="letterbox"), clip_2=plain(120), upload=upload)
    facts = probe(draft.data)
    assert (facts.size, facts.fps) == ((64, 48), 10)
    assert facts.sound is not None
    frames, _ = read_video(draft.data)
    own = cut(upload, Excerpt())
    assert len(frames) == len(own) + 15, "twelve frames at 8 a second last 1.5 s"
    assert draft.facts["seams"] == str(len(own))
    assert np.abs(frames[: len(own)].astype(int) - own).mean() < 6
    assert np.abs(frames[len(own) :].astype(int) - 120).max() < 12, "the bars of the letterbox are gone"


def test_backwards_the_upload_comes_last() -> None:
    upload = footage(LOSSLESS)
    settings = {"direction": "backwards"}
    draft = film(settings, clip_1=plain(120), clip_2=fitted(upload, fit="letterbox"), upload=upload)
    frames, _ = read_video(draft.data)
    own = cut(upload, Excerpt())
    assert np.abs(frames[-len(own) :].astype(int) - own).mean() < 6
    assert np.abs(frames[0].astype(int) - 120).max() < 12


def test_where_the_model_saw_the_middle_the_film_shows_the_middle() -> None:
    upload = footage(LOSSLESS)
    draft = film(clip_1=fitted(upload, fit="crop"), clip_2=plain(120), upload=upload)
    assert probe(draft.data).size == (48, 48)


def test_only_the_chosen_part_of_an_upload_is_shown() -> None:
    upload = footage(LOSSLESS, seconds=3.0)
    draft = film({"start_seconds": 1.0, "end_seconds": 2.0}, clip_1=fitted(upload), clip_2=plain(9), upload=upload)
    assert draft.facts["seconds"] == pytest.approx(2.5, abs=0.15)


def test_two_uploads_and_a_transition() -> None:
    first, second = with_sound(), footage(size="48x48", rate="25")
    draft = film(
        clip_1=fitted(first, keep="end", fit="letterbox"),
        clip_2=plain(120),
        clip_3=fitted(second),
        upload=first,
        second_upload=second,
    )
    facts = probe(draft.data)
    assert (facts.size, facts.fps, draft.facts["clips"]) == ((64, 48), 10, 3)
    assert facts.seconds == pytest.approx(3.5, abs=0.2)
    assert facts.sound is not None


def test_one_clip_is_a_film() -> None:
    only = clip(9)
    assert (read_video(film(clip_1=only).data)[0] == read_video(only)[0]).all()


def test_the_same_clips_give_the_same_bytes() -> None:
    assert film(clip_1=clip(9), clip_2=plain(9)).data == film(clip_1=clip(9), clip_2=plain(9)).data


def test_what_cannot_be_joined_is_refused() -> None:
    with pytest.raises(DecisionError, match="missing"):
        film(clip_1=clip(9), clip_3=clip(9))
    with pytest.raises(DecisionError):
        film(clip_1="words")
    with pytest.raises(VideoError):
        film(clip_1=b"no video")
    with pytest.raises(SettingError):
        film({"direction": "up"}, clip_1=clip(9))
