"""Several clips become one film: nothing twice, nothing lost, nothing encoded that could stay as it was."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from engine.errors import MachineError, SettingError, VideoError
from engine.media import ffmpeg
from engine.media.clips import probe
from engine.media.cutting import Excerpt, cut
from engine.media.joining import Joined, join
from engine.media.limits import CLIP_LIMITS
from engine.media.packets import packets
from engine.media.pieces import Part
from engine.media.placement import Box, place
from engine.media.sources import on_disk
from engine.media.videos import encode_video, read_video
from tests.media.footage import LOSSLESS, counted, counting, described, ffmpeg_made, footage, shipped, with_sound
from tests.media.pictures import Pixels, clip, psnr

UNTOUCHED = "Joined without encoding again: every frame is as it was"
HEARD = 0.02


@pytest.fixture(scope="module")
def ours() -> bytes:
    return encode_video(clip(9, 64), 8)


@pytest.fixture(scope="module")
def more() -> bytes:
    return encode_video(clip(12, 64)[::-1], 8)


def samples(film: bytes, rate: int = 8000) -> npt.NDArray[np.float32]:
    """The film's sound, mono."""
    with on_disk(film) as source:
        wanted = ("-map", "0:a:0", "-ac", "1", "-ar", str(rate), "-f", "f32le", "pipe:1")
        outcome = ffmpeg.run((*source, *wanted), seconds=20)
    return np.frombuffer(outcome.stdout, np.float32)


def grey(frames: Pixels) -> Pixels:
    """Brightness alone: H.264 as browsers read it has half as many colours across and down."""
    levels: Pixels = np.rint(frames @ np.array([0.2126, 0.7152, 0.0722])).astype(np.uint8)
    return levels


def loudness(film: bytes, step: float = 0.25) -> list[float]:
    """Root mean square of the sound in each `step` seconds of the film; silence where the track has ended."""
    width = round(8000 * step)
    heard = np.zeros(round(probe(film).seconds * 8000), np.float32)
    found = samples(film)[: len(heard)]
    heard[: len(found)] = found
    return [float(np.sqrt(np.mean(part**2))) for part in heard[: len(heard) // width * width].reshape(-1, width)]


def runs_evenly(film: bytes) -> bool:
    """Whether every frame lasts exactly as long as the others, from time 0 on, in the order of storage."""
    with on_disk(film) as source:
        found = packets(source, CLIP_LIMITS)
    gaps = {later - earlier for earlier, later in pairwise(found.times)}
    return found.plain and found.times[0] == 0 and len(gaps) == 1


def test_clips_of_ours_are_joined_bit_for_bit(ours: bytes, more: bytes) -> None:
    film = join([Part(ours), Part(more), Part(ours)])
    frames, fps = read_video(film.data)
    parts = [read_video(data)[0] for data in (ours, more, ours)]
    assert np.array_equal(frames, np.concatenate(parts))
    assert fps == 8
    assert film.how == f"{UNTOUCHED}; there is no sound."
    assert runs_evenly(film.data)
    assert film.data.index(b"moov") < film.data.index(b"mdat")


@pytest.mark.parametrize(("fps", "segments"), [(8, 3), (12.5, 3), (24000 / 1001, 3), (30000 / 1001, 12), (60, 3)])
def test_many_segments_stay_on_the_beat(fps: float, segments: int) -> None:
    segment = encode_video(clip(3, 32), fps)
    film = join([Part(segment)] * segments)
    assert film.how.startswith(UNTOUCHED)
    assert runs_evenly(film.data)
    facts = probe(film.data)
    assert facts.frames == 3 * segments
    assert facts.fps == pytest.approx(fps)
    assert facts.seconds == pytest.approx(3 * segments / fps)


def test_a_clip_of_another_length_has_the_same_headers() -> None:
    film = join([Part(encode_video(clip(count, 64), 8)) for count in (1, 2, 9, 33)])
    assert film.how.startswith(UNTOUCHED)


def test_a_foreign_source_is_encoded_once_and_nothing_is_lost_or_doubled() -> None:
    source = counting(40, "10", f"{LOSSLESS} -bf 2 -g 12")
    later = counting(50, "10", LOSSLESS, ".mkv")
    film = join([Part(source), Part(later, start_seconds=4.0)])
    assert counted(read_video(film.data)[0]) == list(range(50))
    assert film.how == "Encoded once, to 32 x 32 at 10 frames a second; there is no sound."
    assert runs_evenly(film.data)


def test_a_film_goes_on_without_being_encoded_again() -> None:
    film = join([Part(shipped("muted_b.mp4"), end_seconds=0.5), Part(encode_video(clip(3), 8))])
    again = join([Part(film.data), Part(encode_video(clip(4), 8))])
    assert again.how.startswith("The frames of clip 1 are untouched, the others were encoded once, to 480 x 270 at 30")
    before, after = read_video(film.data)[0], read_video(again.data)[0]
    assert np.array_equal(after[: len(before)], before)
    assert len(after) == len(before) + 15
    assert runs_evenly(again.data)


def test_backwards_the_source_leads_though_it_comes_last(ours: bytes) -> None:
    film = join([Part(ours), Part(shipped("muted_b.mp4"), end_seconds=0.5)], lead=1)
    assert probe(film.data).size == (480, 270)
    assert probe(film.data).frames == round(9 / 8 * 30) + 15


def test_encoded_footage_looks_the_same() -> None:
    for name in ("world.mp4", "b.avi"):
        shown = cut(shipped(name), Excerpt(start_seconds=2.0, end_seconds=2.4))
        film = join([Part(shipped(name), 2.0, 2.4), Part(encode_video(clip(1), 8))])
        assert psnr(read_video(film.data)[0][: len(shown)], shown) > 40


@pytest.mark.parametrize(
    ("source", "size"),
    [
        (lambda: ffmpeg_made("-display_rotation -90 -i {0} -c copy", files=(footage(LOSSLESS),)), (48, 64)),
        (lambda: footage("-c:v ffv1", ".mkv", size="35x27"), (36, 28)),
        (lambda: footage(f"{LOSSLESS} -vf setsar=2/1"), (128, 48)),
        (lambda: footage("-c:v libx265 -pix_fmt yuv420p10le -x265-params log-level=error", ".mp4"), (64, 48)),
        (lambda: footage("-c:v libvpx-vp9 -pix_fmt yuva420p", ".webm"), (64, 48)),
        (lambda: footage("-c:v mpeg2video", ".ts", rate="25"), (64, 48)),
    ],
    ids=["rotated", "odd", "wide pixels", "10 bit", "alpha", "transport stream"],
)
def test_any_source_keeps_its_size_and_rate(source: object, size: tuple[int, int], ours: bytes) -> None:
    data: bytes = source()  # type: ignore[operator]
    film = join([Part(data), Part(ours)])
    facts = probe(film.data)
    assert (facts.size, facts.rotation, facts.bits, facts.alpha) == (size, 0, 8, False)
    assert facts.fps == probe(data).fps
    assert runs_evenly(film.data)
    shown = cut(data, Excerpt())
    width, height = shown.shape[2], shown.shape[1]
    assert psnr(grey(read_video(film.data)[0][: len(shown), :height, :width]), grey(shown)) > 34
    assert "yuv420p(tv, bt709" in described(film.data)


def test_a_variable_rate_becomes_constant(ours: bytes) -> None:
    gaps = ffmpeg_made(
        "-i {0} -vf select=not(eq(mod(n\\,7)\\,3)) -fps_mode vfr -c:v ffv1", ".mkv", files=(counting(40),)
    )
    film = join([Part(gaps), Part(ours)])
    assert counted(read_video(film.data)[0][:40]) == [number - (number % 7 == 3) for number in range(40)]
    assert runs_evenly(film.data)


def test_a_letterboxed_clip_comes_back_at_the_size_of_the_source() -> None:
    source = shipped("muted_b.mp4")
    placed = place((480, 270), (192, 192), "letterbox")
    made = encode_video(cut(source, Excerpt((192, 192), 8, "letterbox", 1.0, 1.5)), 8)
    film = join([Part(source, 0.0, 0.2), Part(made, crop=placed.place)])
    frames = read_video(film.data)[0]
    assert frames.shape == (6 + 15, 270, 480, 3)
    assert psnr(frames[6], cut(source, Excerpt(start_seconds=1.0, frames_at_most=1))[0]) > 24


def test_a_part_of_another_shape_is_letterboxed_or_cropped(ours: bytes) -> None:
    wide = encode_video(np.full((3, 32, 64, 3), 200, np.uint8), 8)
    boxed, filled = (read_video(join([Part(ours), Part(wide)], fit=fit).data)[0][-1] for fit in ("letterbox", "crop"))
    assert boxed[:14].max() < 12
    assert boxed[20:44].min() > 190
    assert filled.min() > 190


def test_only_the_rectangle_is_kept(ours: bytes) -> None:
    frames = read_video(join([Part(ours, crop=Box(8, 4, 32, 16))]).data)[0]
    assert psnr(frames, np.ascontiguousarray(read_video(ours)[0][:, 4:20, 8:40])) > 38


# ------------------------------------------------------------------------------------------------- sound


def test_an_extended_clip_keeps_its_sound_as_it_was(ours: bytes) -> None:
    film = join([Part(with_sound()), Part(ours)])
    assert film.how.endswith("; the sound is as it was.")
    assert probe(film.data).sound == probe(with_sound()).sound
    levels = loudness(film.data)
    assert min(levels[:4]) > HEARD
    assert max(levels[5:]) < 0.001
    before = samples(with_sound())
    assert np.allclose(samples(film.data)[: len(before)], before, atol=1e-4)


@pytest.mark.parametrize(
    ("options", "suffix"),
    [
        ("-c:v libvpx-vp9 -c:a libopus", ".webm"),
        ("-c:v mpeg4 -c:a pcm_s16le -ac 1", ".avi"),
        ("-c:v mpeg4 -c:a aac", ".mp4"),
    ],
)
def test_what_was_made_before_it_is_silent(options: str, suffix: str, ours: bytes) -> None:
    film = join([Part(ours), Part(with_sound(options, suffix))], lead=1)
    levels = loudness(film.data, 0.1)
    assert max(levels[:10]) < 0.005
    assert min(levels[12:20]) > HEARD
    assert film.how.endswith("; the sound is kept, encoded once.")


def test_the_sound_of_a_part_begins_at_its_in_point() -> None:
    half = "-filter_complex [1:a]volume=0:enable='lt(t,0.5)'[a] -map 0:v -map [a] -c:v mpeg4 -c:a pcm_s16le"
    video = ffmpeg_made(f"-i {{0}} -i {{0}} {half}", ".mkv", files=(with_sound(),))
    levels = loudness(join([Part(video, 0.4, 0.9)]).data, 0.05)
    assert max(levels[:2]) < 0.005
    assert min(levels[3:9]) > HEARD


def test_two_videos_are_both_heard_and_the_transition_is_silent(ours: bytes) -> None:
    levels = loudness(join([Part(with_sound()), Part(ours), Part(with_sound())]).data, 0.125)
    assert min(levels[:8] + levels[-7:]) > HEARD
    assert max(levels[9:16]) < 0.005


def test_tails_can_cross_fade_under_the_transition(ours: bytes) -> None:
    first, second = (
        Part(with_sound(), end_seconds=0.5, run_out_seconds=0.4),
        Part(with_sound(), 0.5, lead_in_seconds=0.4),
    )
    levels = loudness(join([first, Part(ours), second]).data, 0.1)
    assert levels[3] > levels[5] > levels[8] * 1.5
    assert max(levels[9:12]) < 0.005
    assert levels[13] < levels[15] < levels[18]


def test_a_sound_that_is_not_wanted_is_left_out(ours: bytes) -> None:
    film = join([Part(with_sound(), sound=False), Part(ours)])
    assert probe(film.data).sound is None
    assert film.how.endswith("there is no sound.")


def test_mono_stays_mono_and_mixes_with_stereo() -> None:
    mono = with_sound("-c:v mpeg4 -c:a aac -ac 1 -ar 44100")
    for parts, channels in (([mono, mono], "mono"), ([mono, with_sound()], "stereo")):
        sound = probe(join([Part(data) for data in parts]).data).sound
        assert sound is not None
        assert (sound.channels, sound.rate, sound.codec) == (channels, 44100, "aac")


def test_pictures_and_sound_stay_together_in_a_long_film() -> None:
    levels = loudness(join([Part(with_sound()), Part(with_sound(), sound=False)] * 4).data, 0.25)
    loud = np.array(levels).reshape(4, 8)
    assert loud[:, 0:3].min() > HEARD
    assert loud[:, 5:7].max() < 0.005


# ------------------------------------------------------------------------------------------------- the rest


def test_equal_parts_give_equal_bytes(ours: bytes) -> None:
    def made() -> Joined:
        return join([Part(with_sound()), Part(ours)])

    assert made() == made()


def test_a_film_needs_a_clip_that_leads(ours: bytes) -> None:
    for parts, lead in (([], 0), ([Part(ours)], 1), ([Part(ours)], -1)):
        with pytest.raises(SettingError, match="No clip leads"):
            join(parts, lead)


def test_a_part_that_is_no_video_is_refused(ours: bytes) -> None:
    with pytest.raises(VideoError, match="cannot be used as a video"):
        join([Part(ours), Part(b"some words")])
    with pytest.raises(VideoError, match="ends before it begins"):
        join([Part(ours, 0.5, 0.25)])


def test_what_ffmpeg_cannot_write_is_a_fault_of_the_machine(ours: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.media.pieces.QUALITY", ("-c:v", "no_such_encoder"))
    with pytest.raises(MachineError, match="The film could not be written"):
        join([Part(ours, crop=Box(0, 0, 32, 32))])


def test_no_seam_frame_is_shown_twice(ours: bytes, more: bytes) -> None:
    frames = read_video(join([Part(ours), Part(more)]).data)[0]
    step: list[Pixels] = [np.abs(b.astype(int) - a).max() for a, b in pairwise(frames)]
    assert min(step) > 10
