"""Frames become a video that looks the same, and files that are no video are refused in plain words."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import MachineError, StorageError, VideoError
from engine.media import ffmpeg
from engine.media.images import open_image
from engine.media.limits import VideoLimits
from engine.media.recipes import embed, extract
from engine.media.videos import encode_video, poster, read_video
from tests.media.pictures import Pixels, clip, flat_art, psnr, saved


@pytest.fixture(scope="module")
def video() -> bytes:
    return encode_video(clip(), 8)


def described(video: bytes, folder: Path) -> str:
    """What ffmpeg says of a video's streams."""
    path = folder / "described.mp4"
    path.write_bytes(video)
    command = [ffmpeg._executable(), "-hide_banner", "-i", str(path)]
    return subprocess.run(command, capture_output=True, check=False).stderr.decode()


def test_what_is_written_is_read_again(video: bytes) -> None:
    frames, fps = read_video(video)
    assert frames.shape == (9, 192, 192, 3)
    assert frames.dtype == np.uint8
    assert fps == 8


def test_every_frame_of_soft_flat_art_keeps_38_db(video: bytes) -> None:
    frames, _ = read_video(video)
    assert min(psnr(mine, theirs) for mine, theirs in zip(frames, clip(), strict=True)) > 38


def test_colours_come_back_as_they_were() -> None:
    for colour in [(222, 44, 48), (44, 166, 76), (36, 104, 230), (255, 218, 44), (252, 252, 250), (10, 10, 40)]:
        plain = np.broadcast_to(np.array(colour, np.uint8), (2, 32, 32, 3))
        frames, _ = read_video(encode_video(plain, 8))
        assert np.abs(frames.astype(int) - plain).max() <= 3


def test_browsers_are_told_the_codec_and_the_colours(video: bytes, tmp_path: Path) -> None:
    streams = described(video, tmp_path)
    assert "h264 (High)" in streams
    assert "yuv420p(tv, bt709," in streams
    assert streams.count("Stream #") == 1


def test_the_index_stands_before_the_pictures(video: bytes) -> None:
    assert video.index(b"moov") < video.index(b"mdat")


def test_equal_frames_give_equal_bytes(video: bytes) -> None:
    assert encode_video(clip(), 8) == video


@settings(max_examples=8, deadline=None)
@given(st.integers(2, 65), st.integers(2, 65), st.integers(1, 4), st.sampled_from([1, 8, 12.5, 24, 30, 60]))
def test_odd_sides_gain_one_row_or_column_and_nothing_else(width: int, height: int, count: int, fps: float) -> None:
    frames = np.stack([np.asarray(flat_art(step).resize((width, height))) for step in range(count)])
    read, rate = read_video(encode_video(frames, fps))
    assert read.shape == (count, height + height % 2, width + width % 2, 3)
    assert rate == pytest.approx(fps, rel=1e-3)
    if width % 2:
        assert psnr(read[:, :, -1], read[:, :, -2]) > 25


@pytest.mark.parametrize(
    "frames",
    [
        np.zeros((0, 8, 8, 3), np.uint8),
        np.zeros((2, 8, 8), np.uint8),
        np.zeros((2, 8, 8, 4), np.uint8),
        np.zeros((2, 8, 8, 3), np.float32),
    ],
    ids=["none", "grey", "four channels", "float"],
)
def test_frames_of_another_shape_are_refused(frames: Pixels) -> None:
    with pytest.raises(VideoError, match="cannot become a video"):
        encode_video(frames, 8)


@pytest.mark.parametrize("fps", [0, -1, 121, float("nan")])
def test_a_rate_out_of_range_is_refused(fps: float) -> None:
    with pytest.raises(VideoError, match=r"frames a second.*limit 1 to 120"):
        encode_video(clip(1, 16), fps)


def test_the_poster_is_the_first_frame(video: bytes) -> None:
    frames, _ = read_video(video)
    assert np.array_equal(np.asarray(open_image(poster(video))), frames[0])


def test_a_picture_where_a_video_belongs_is_called_a_picture() -> None:
    with pytest.raises(VideoError, match=r"This is a picture.*GIF"):
        read_video(saved(flat_art(), "GIF"))


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "playlist"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "WAV"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<!DOCTYPE html><video src='x.mp4'>", "HTML"),
        (b"some words", "unknown"),
    ],
)
def test_playlists_and_other_formats_are_refused_by_content(data: bytes, value: str) -> None:
    with pytest.raises(VideoError) as caught:
        read_video(data)
    assert caught.value.value == value
    assert caught.value.limit.startswith("MP4, MOV, WebM")


def copied(*source: str) -> subprocess.CompletedProcess[bytes]:
    return ffmpeg.run((*source, "-c", "copy", "-f", "framecrc", "pipe:1"), seconds=20)


def test_a_playlist_is_never_followed(tmp_path: Path, video: bytes) -> None:
    (tmp_path / "secret.mp4").write_bytes(video)
    playlist = tmp_path / "list"
    playlist.write_text("ffconcat version 1.0\nfile secret.mp4\n")
    assert copied("-i", str(playlist)).returncode == 0
    assert copied(*ffmpeg.source("mov", str(playlist))).returncode != 0


def test_no_other_machine_is_ever_asked() -> None:
    refused = copied(*ffmpeg.source("mov", "http://127.0.0.1:9/video.mp4"))
    assert b"not on whitelist" in refused.stderr


def test_an_empty_file_says_so() -> None:
    with pytest.raises(VideoError, match="The file is empty"):
        read_video(b"")


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5])
def test_a_truncated_video_is_damaged_or_shorter_but_never_a_crash(video: bytes, share: float) -> None:
    cut = video[: int(len(video) * share)]
    try:
        count = len(read_video(cut)[0])
    except VideoError:
        count = 0
    assert count < 9


def test_garbage_after_a_right_head_is_damaged() -> None:
    with pytest.raises(VideoError, match="damaged, cut off"):
        read_video(b"\x1aE\xdf\xa3" + bytes(range(256)) * 8)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (VideoLimits(size_bytes=1000), "file is too large"),
        (VideoLimits(seconds=1.0), "too long.*1 seconds"),
        (VideoLimits(frame_pixels=192 * 191), "frames are too large.*192 x 192"),
        (VideoLimits(total_pixels=192 * 192 * 8), "too many frames.*9 frames of 192 x 192; limit 8 frames"),
    ],
)
def test_what_is_over_a_limit_is_refused(video: bytes, limits: VideoLimits, words: str) -> None:
    with pytest.raises(VideoError, match=words):
        read_video(video, limits)
    assert read_video(video, VideoLimits(seconds=1.2, frame_pixels=192**2, total_pixels=9 * 192**2))[1] == 8


def test_a_decoder_that_takes_too_long_is_stopped(video: bytes) -> None:
    with pytest.raises(VideoError, match="it took too long"):
        read_video(video, VideoLimits(decoding_seconds=0.0001))


def test_what_ffmpeg_cannot_write_is_a_fault_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.media.videos.RGB_TO_YUV", "no_such_filter")
    with pytest.raises(MachineError, match=r"could not be written.*Make room"):
        encode_video(clip(1, 16), 8)


def test_a_missing_ffmpeg_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nonexistent/ffmpeg")
    with pytest.raises(MachineError, match="pip install"):
        encode_video(clip(1, 16), 8)


def test_where_no_temporary_file_can_be_written_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, video: bytes
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    for work in (lambda: encode_video(clip(1, 16), 8), lambda: read_video(video), lambda: embed(video, {})):
        with pytest.raises(StorageError, match="Make room"):
            work()


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, video: bytes) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    extract(embed(encode_video(clip(1, 16), 8), {}))
    with pytest.raises(VideoError):
        read_video(video[:300])
    assert not list(tmp_path.iterdir())
