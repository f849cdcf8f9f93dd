"""A part of any video becomes frames: the right ones, upright, flat, at the size and rate that were asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import SettingError, VideoError
from engine.media.clips import probe
from engine.media.cutting import Excerpt, cut, glimpse
from engine.media.inspection import frozen
from engine.media.limits import VideoLimits
from engine.media.videos import encode_video, read_video
from tests.media.footage import LOSSLESS, counted, counting, ffmpeg_made, footage, shipped
from tests.media.pictures import clip, psnr

FFV1 = "-c:v ffv1"
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def plain(colour: str, options: str, suffix: str, size: str = "64x48") -> bytes:
    """Two frames of one colour, as ffmpeg names it: `red@0.5` is half transparent."""
    return ffmpeg_made(f"-f lavfi -i color=c={colour}:size={size}:rate=10:duration=0.2,{options}", suffix)


def test_all_of_a_video_is_every_frame() -> None:
    assert counted(cut(counting(40), Excerpt())) == list(range(40))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts", ".avi"])
@pytest.mark.parametrize(("start", "end"), [(0.0, 0.5), (1.0, 2.0), (3.5, None), (2.95, 3.55)])
def test_in_and_out_points_hit_the_frame(suffix: str, start: float, end: float | None) -> None:
    video = counting(40, "10", f"{LOSSLESS} -g 12 -bf 2", suffix)
    first, last = round(start * 10 + 1e-6), round((4.0 if end is None else end) * 10)
    frames = cut(video, Excerpt(start_seconds=start, end_seconds=end))
    assert len(frames) in (last - first, last - first + 1)
    assert counted(frames) in [list(range(begin, begin + len(frames))) for begin in (first - 1, first)]
    if start * 10 == round(start * 10):
        assert counted(frames)[0] == first


def test_a_part_late_in_a_long_video_is_reached() -> None:
    video = counting(101, "2", f"{LOSSLESS} -g 30 -bf 2")
    assert counted(cut(video, Excerpt(start_seconds=45, end_seconds=48))) == list(range(90, 96))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 39), st.integers(1, 40), st.sampled_from([".mp4", ".mkv"]))
def test_every_part_has_its_own_frames(first: int, count: int, suffix: str) -> None:
    video = counting(40, "10", f"{LOSSLESS} -g 15 -bf 2", suffix)
    last = min(40, first + count)
    frames = cut(video, Excerpt(start_seconds=first / 10, end_seconds=last / 10))
    assert counted(frames) == list(range(first, last))


def test_frames_at_most_ends_it_sooner() -> None:
    assert counted(cut(counting(40), Excerpt(start_seconds=1.0, frames_at_most=3))) == [10, 11, 12]
    assert len(cut(counting(40), Excerpt(frames_at_most=0))) == 1


@pytest.mark.parametrize("suffix", [".mkv", ".avi"])
@pytest.mark.parametrize(
    ("own", "fps", "expected"),
    [
        ("24", 8, range(0, 48, 3)),
        ("10", 5, range(0, 48, 2)),
        ("30000/1001", 8, [0, 4, 7, 11, 15, 19, 22, 26, 30, 34, 37, 41, 45]),
        ("8", 24, np.repeat(range(48), 3)),
        ("24", 24, range(48)),
    ],
)
def test_another_rate_begins_with_the_first_frame_and_takes_the_nearest(
    own: str, fps: float, expected: list[int], suffix: str
) -> None:
    assert counted(cut(counting(48, own, suffix=suffix), Excerpt(fps=fps))) == list(expected)


@pytest.mark.parametrize("first", range(6, 12))
def test_another_rate_begins_with_the_frame_at_the_in_point(first: int) -> None:
    frames = counted(cut(counting(48, "24"), Excerpt(fps=8, start_seconds=first / 24)))
    assert frames == list(range(first, first + 3 * len(frames), 3))


def test_a_variable_rate_becomes_constant() -> None:
    gaps = ffmpeg_made(
        f"-i {{0}} -vf select=not(eq(mod(n\\,7)\\,3)) -fps_mode vfr {FFV1}", ".mkv", files=(counting(40),)
    )
    assert counted(cut(gaps, Excerpt())) == [number - (number % 7 == 3) for number in range(40)]
    assert counted(cut(gaps, Excerpt(start_seconds=1.0))) == [number - (number % 7 == 3) for number in range(10, 40)]


def test_what_an_edit_list_hides_is_not_shown() -> None:
    part = ffmpeg_made("-ss 1.05 -i {0} -c copy", files=(counting(40, "10", f"{LOSSLESS} -g 100"),))
    assert counted(cut(part, Excerpt()))[0] in (10, 11)
    assert counted(cut(part, Excerpt(start_seconds=1.0)))[0] in (20, 21)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_rotation_is_undone(degrees: int) -> None:
    turned = ffmpeg_made(f"-display_rotation {-degrees} -i {{0}} -c copy", files=(footage(LOSSLESS),))
    expected = np.rot90(cut(footage(LOSSLESS), Excerpt()), -degrees // 90, axes=(1, 2))
    assert psnr(cut(turned, Excerpt()), np.ascontiguousarray(expected)) > 40


def test_odd_sizes_come_out_as_they_are() -> None:
    assert cut(footage(FFV1, ".mkv", size="35x27"), Excerpt()).shape == (10, 27, 35, 3)


def test_pixels_that_are_not_square_are_stretched() -> None:
    assert cut(footage(f"{LOSSLESS} -vf setsar=2/1"), Excerpt()).shape == (10, 48, 128, 3)


@pytest.mark.parametrize(
    ("options", "suffix"),
    [
        ("format=yuva420p -c:v libvpx-vp9 -lossless 1", ".webm"),
        ("format=yuva444p10le -c:v prores_ks -profile:v 4444", ".mov"),
        ("format=argb -c:v qtrle", ".mov"),
        ("format=gbrap16le -c:v ffv1", ".mkv"),
    ],
)
@pytest.mark.parametrize(("colour", "seen"), [("red@0", WHITE), ("black@0.5", (127, 127, 127)), ("blue", (0, 0, 255))])
def test_transparency_is_laid_on_white(options: str, suffix: str, colour: str, seen: tuple[int, int, int]) -> None:
    frames = cut(plain(colour, options, suffix), Excerpt())
    assert np.abs(frames.astype(int) - seen).max() <= 5


@pytest.mark.parametrize(
    ("options", "suffix"),
    [
        ("format=yuv420p10le -c:v libx265 -x265-params log-level=error", ".mp4"),
        ("format=yuv420p10le -c:v libvpx-vp9", ".webm"),
        ("format=gbrp12le -c:v ffv1", ".mkv"),
        ("format=yuv420p,scale=out_range=pc -c:v mjpeg", ".avi"),
        ("scale=out_color_matrix=bt709,format=yuv444p,setparams=colorspace=bt709 -c:v libx264", ".mp4"),
    ],
)
def test_colours_come_out_right(options: str, suffix: str) -> None:
    for colour, seen in [("0xDC2C30", (220, 44, 48)), ("0x2CA64C", (44, 166, 76)), ("white", WHITE), ("black", BLACK)]:
        frames = cut(plain(colour, options, suffix), Excerpt())
        assert np.abs(frames.astype(int) - seen).max() <= 6, colour


def test_hd_without_a_colour_tag_is_taken_for_what_players_take_it() -> None:
    video = plain("0x2CA64C", "scale=out_color_matrix=bt709,format=yuv420p -c:v libx264", ".mp4", "1280x720")
    frames = cut(video, Excerpt(size=(64, 36)))
    assert np.abs(frames.astype(int) - (44, 166, 76)).max() <= 4


@pytest.mark.parametrize("transfer", ["arib-std-b67", "smpte2084"])
def test_hdr_is_brought_to_common_colours(transfer: str) -> None:
    tags = f"colorspace=bt2020nc:color_trc={transfer}:color_primaries=bt2020"
    hdr = plain("gray", f"format=yuv420p10le,setparams={tags} -c:v ffv1", ".mkv")
    assert probe(hdr).bits == 10
    frames = cut(hdr, Excerpt())
    assert np.abs(frames.astype(int) - {"arib-std-b67": 143, "smpte2084": 179}[transfer]).max() <= 8


@pytest.mark.parametrize("fit", ["crop", "letterbox"])
def test_another_shape_is_cropped_or_letterboxed(fit: str) -> None:
    video = plain("red", "format=yuv444p -c:v ffv1", ".mkv", "64x32")
    frames = cut(video, Excerpt(size=(40, 40), fit="crop" if fit == "crop" else "letterbox"))
    assert frames.shape == (2, 40, 40, 3)
    red = frames[0, :, 20, 0] > 200
    assert red.all() if fit == "crop" else (not red[:10].any() and red[10:30].all() and not red[30:].any())


def test_real_footage_fits_the_pocket_world() -> None:
    for name in ("world.mp4", "b.avi"):
        frames = cut(shipped(name), Excerpt((192, 192), 8, start_seconds=1.0, end_seconds=3.0))
        assert frames.shape == (16, 192, 192, 3)
        assert frames.std() > 5
        assert frames.flags.writeable


@pytest.mark.parametrize(
    ("excerpt", "words"),
    [
        (Excerpt(start_seconds=4.0), "begins outside.*limit 0 to 4.00"),
        (Excerpt(start_seconds=-0.1), "begins outside"),
        (Excerpt(start_seconds=float("nan")), "begins outside"),
        (Excerpt(start_seconds=2.0, end_seconds=2.0), "ends before it begins"),
        (Excerpt(start_seconds=2.0, end_seconds=1.0), "ends before it begins.*2 to 1 seconds"),
    ],
)
def test_points_that_leave_nothing_are_refused(excerpt: Excerpt, words: str) -> None:
    with pytest.raises(VideoError, match=words):
        cut(counting(40), excerpt)


@pytest.mark.parametrize("excerpt", [Excerpt(fps=0), Excerpt(fps=121), Excerpt(size=(0, 8)), Excerpt(fit="zoom")])  # type: ignore[arg-type]
def test_what_cannot_be_is_a_wrong_setting(excerpt: Excerpt) -> None:
    with pytest.raises(SettingError):
        cut(counting(40), excerpt)


def test_more_pixels_than_memory_has_are_refused() -> None:
    with pytest.raises(VideoError, match=r"too many frames.*40 frames of 32 x 32; limit 39 frames"):
        cut(counting(40), Excerpt(), VideoLimits(total_pixels=32 * 32 * 39, frames_at_least=2))


def test_a_video_that_was_cut_off_gives_its_usable_part() -> None:
    whole = counting(40, "10", f"{LOSSLESS} -g 10 -movflags +faststart")
    frames = counted(cut(whole[: int(len(whole) * 0.7)], Excerpt()))
    assert 4 < len(frames) < 40
    assert frames == list(range(len(frames)))


def test_a_picture_that_changes_size_on_the_way_keeps_the_frames_asked_for() -> None:
    one, other = (footage("-c:v mpeg2video", ".ts", size=size, rate="25") for size in ("64x48", "96x64"))
    assert cut(one + other, Excerpt(size=(64, 48))).shape[1:] == (48, 64, 3)


def test_a_glimpse_of_a_small_clip_is_all_of_it() -> None:
    for frames, fps in ((clip(9), 8), (clip(1), 8), (clip(4), 24000 / 1001)):
        video = encode_video(frames, fps)
        assert np.array_equal(glimpse(video), read_video(video)[0])


def test_a_glimpse_of_a_film_is_small_and_short_and_tells_what_moves() -> None:
    seen = glimpse(shipped("a.mp4"))
    assert seen.shape[1:] == (108, 192, 3)
    assert len(seen) <= 241
    assert not frozen(glimpse(shipped("world.mp4")))
    assert frozen(glimpse(footage(f"{LOSSLESS} -vf loop=-1:1:0 -t 20", size="320x240")))
