"""What was made of a video lies back in it: its size, rate and sound stay, and all outside of the mask."""

from __future__ import annotations

import numpy as np
import pytest

from engine.agent import Draft, Input
from engine.agents.film_returner import FilmReturner
from engine.agents.video_fitter import VideoFitter
from engine.errors import MaskError, SettingError, VideoError
from engine.media.clips import probe
from engine.media.cutting import Excerpt, cut
from engine.media.masks import encode_masks
from engine.media.videos import encode_video, read_video
from engine.types import Settings
from tests.fakes import FakeReporter
from tests.media.footage import LOSSLESS, footage, with_sound


def returned(settings: Settings | None = None, **inputs: Input) -> Draft:
    return FilmReturner().run(inputs, 0, settings or {}, FakeReporter())


def fitted(upload: bytes, **settings: str | float) -> bytes:
    return VideoFitter().run({"video": upload}, 0, settings, FakeReporter()).data


def grey_like(source: bytes, level: int = 120) -> bytes:
    frames, fps = read_video(source)
    return encode_video(np.full_like(frames, level), fps)


@pytest.mark.parametrize("fit", ["crop", "letterbox"])
def test_it_lies_where_the_model_saw_it(fit: str) -> None:
    upload = with_sound(f"{LOSSLESS} -c:a aac")
    source = fitted(upload, fit=fit)
    draft = returned(video=grey_like(source), clip=source, upload=upload)
    facts = probe(draft.data)
    assert (facts.size, facts.fps) == (probe(upload).size, probe(upload).fps)
    assert facts.sound is not None
    frames, _ = read_video(draft.data)
    height, width = frames.shape[1:3]
    assert np.abs(frames[:, height // 2, width // 2].astype(int) - 120).max() < 12
    edge = np.abs(frames[:, height // 2, 1].astype(int) - 120).max()
    assert (edge < 12) == (fit == "letterbox"), "what was cropped away is as it was"


def test_what_the_mask_does_not_cover_is_as_it_was() -> None:
    upload = footage(LOSSLESS)
    source = fitted(upload, fit="letterbox")
    mask = np.zeros((1, 192, 192), np.uint8)
    draft = returned(video=grey_like(source), clip=source, upload=upload, mask=encode_masks(mask))
    frames, _ = read_video(draft.data)
    own = cut(upload, Excerpt())[: len(frames)]
    assert np.abs(frames.astype(int) - own).mean() < 6
    mask[:, :, :96] = 255
    half = returned(video=grey_like(source), clip=source, upload=upload, mask=encode_masks(mask))
    frames, _ = read_video(half.data)
    width = frames.shape[2]
    assert np.abs(frames[:, :, : width // 4].astype(int) - 120).mean() < 6
    assert np.abs(frames[:, :, -width // 4 :].astype(int) - own[:, :, -width // 4 :]).mean() < 6


def test_what_cannot_be_is_named() -> None:
    upload = footage(LOSSLESS)
    source = fitted(upload)
    made = grey_like(source)
    with pytest.raises(VideoError):
        returned(video=made, clip=source, upload=b"no video")
    with pytest.raises(MaskError):
        returned(video=made, clip=source, upload=upload, mask=b"no mask")
    with pytest.raises(SettingError):
        returned({"start_seconds": -1}, video=made, clip=source, upload=upload)
