"""Any video that people have is told apart by its content and described rightly; all others are refused by name."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.errors import VideoError
from engine.media.clips import Sound, probe
from engine.media.formats import DEMUXERS, name_of, suffix_of
from engine.media.limits import VideoLimits
from tests.media.footage import counting, ffmpeg_made, footage, shipped, with_sound
from tests.media.pictures import flat_art, saved

H264 = "-c:v libx264 -pix_fmt yuv420p"
STEREO_48 = Sound("aac", 48000, "stereo")


@pytest.mark.parametrize(
    ("name", "size", "frames", "fps", "sound"),
    [
        ("world.mp4", (480, 270), 901, 30.0, STEREO_48),
        ("a.mp4", (1920, 1080), 209, 30.0, Sound("aac", 44100, "stereo")),
        ("b.mp4", (480, 270), 150, 30.0, STEREO_48),
        ("muted_b.mp4", (480, 270), 150, 30.0, None),
        ("b.avi", (480, 270), 150, 30.0, Sound("mp3", 48000, "stereo")),
    ],
)
def test_real_footage_is_described(
    name: str, size: tuple[int, int], frames: int, fps: float, sound: Sound | None
) -> None:
    facts = probe(shipped(name))
    assert (facts.size, facts.frames, facts.fps, facts.sound) == (size, frames, fps, sound)
    assert facts.seconds == pytest.approx(frames / fps, rel=0.01)
    assert (facts.rotation, facts.bits, facts.alpha, facts.cut_off) == (0, 8, False, False)


@pytest.mark.parametrize(
    ("options", "suffix", "name", "codec"),
    [
        (H264, ".mp4", "MP4", "h264"),
        (f"{H264} -bf 2", ".mov", "QuickTime", "h264"),
        ("-c:v libvpx -b:v 1M", ".webm", "WebM", "vp8"),
        ("-c:v libvpx-vp9", ".webm", "WebM", "vp9"),
        ("-c:v libsvtav1 -preset 12 -svtav1-params log-level=1", ".mp4", "MP4", "av1"),
        ("-c:v libx265 -x265-params log-level=error", ".mkv", "Matroska", "hevc"),
        ("-c:v mpeg4", ".avi", "AVI", "mpeg4"),
        (f"{H264} -bf 2", ".avi", "AVI", "h264"),
        ("-c:v mjpeg", ".avi", "AVI", "mjpeg"),
        ("-c:v mpeg2video", ".mpg", "MPEG", "mpeg2video"),
        ("-c:v mpeg2video", ".ts", "MPEG-TS", "mpeg2video"),
        (f"{H264} -f mpegts -mpegts_m2ts_mode 1", ".m2ts", "MPEG-TS", "h264"),
        ("-c:v libtheora", ".ogv", "Ogg", "theora"),
        ("-c:v flv", ".flv", "Flash video", "flv1"),
        ("-c:v wmv2", ".wmv", "Windows Media", "wmv2"),
        ("-c:v prores_ks", ".mov", "QuickTime", "prores"),
    ],
)
def test_every_container_is_known_by_its_content(options: str, suffix: str, name: str, codec: str) -> None:
    data = footage(options, suffix, rate="25")
    facts = probe(data)
    assert (facts.format, facts.codec, facts.size, facts.fps, facts.steady) == (name, codec, (64, 48), 25.0, True)
    assert facts.frames == 25
    assert facts.seconds == pytest.approx(1.0, abs=0.01)
    assert suffix_of(data) == {".m2ts": ".ts"}.get(suffix, suffix)


def test_every_format_that_is_let_in_has_a_suffix() -> None:
    heads = {"MP4": b"\0\0\0 ftypisom", "Flash video": b"FLV\x01", "Ogg": b"OggS"}
    assert [suffix_of(head) for head in heads.values()] == [".mp4", ".flv", ".ogv"]
    assert suffix_of(saved(flat_art(), "PNG")) == ".png"
    assert suffix_of(b"some words") == ""
    assert {name_of(head) for head in heads.values()} <= set(DEMUXERS)


@pytest.mark.parametrize("rate", ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "12.5", "8"])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_the_rate_is_exact_also_where_times_are_rounded_to_milliseconds(rate: str, suffix: str) -> None:
    over, _, under = rate.partition("/")
    fps = probe(counting(40, rate, H264, suffix)).fps
    assert fps == pytest.approx(float(over) / float(under or 1), rel=1e-9)


@pytest.mark.parametrize(("rate", "frames"), [("15", 2), ("23", 5), ("7", 3), ("12.5", 2), ("30", 2)])
def test_the_rate_of_a_short_clip_is_not_mistaken_for_a_common_one(rate: str, frames: int) -> None:
    for suffix in (".mp4", ".avi"):
        assert probe(counting(frames, rate, "-c:v mpeg4", suffix)).fps == float(rate)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_rotation_is_undone_in_the_size(degrees: int) -> None:
    turned = ffmpeg_made(f"-display_rotation {-degrees} -i {{0}} -c copy", files=(footage(),))
    facts = probe(turned)
    assert facts.rotation == degrees
    assert facts.size == ((64, 48) if degrees % 180 == 0 else (48, 64))


def test_pixels_that_are_not_square_are_stretched() -> None:
    assert probe(footage(f"{H264} -vf setsar=16/11")).size == (93, 48)


def test_odd_sizes_are_kept() -> None:
    assert probe(footage("-c:v ffv1", ".mkv", size="35x27")).size == (35, 27)


@pytest.mark.parametrize(
    ("options", "suffix", "bits"),
    [
        (H264, ".mp4", 8),
        ("-c:v libx265 -pix_fmt yuv420p10le -x265-params log-level=error", ".mp4", 10),
        ("-c:v libvpx-vp9 -pix_fmt yuv420p10le", ".webm", 10),
        ("-c:v libx264 -pix_fmt yuv422p10le", ".mov", 10),
        ("-c:v ffv1 -pix_fmt gbrp12le", ".mkv", 12),
        ("-c:v ffv1 -pix_fmt gbrap16le", ".mkv", 16),
    ],
)
def test_the_depth_is_told(options: str, suffix: str, bits: int) -> None:
    assert probe(footage(options, suffix)).bits == bits


@pytest.mark.parametrize(
    ("options", "suffix"),
    [("-c:v libvpx-vp9 -pix_fmt yuva420p", ".webm"), ("-c:v libvpx -pix_fmt yuva420p -b:v 1M -auto-alt-ref 0", ".webm"),
     ("-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le", ".mov"), ("-c:v qtrle -pix_fmt argb", ".mov")],
)  # fmt: skip
def test_transparency_is_told(options: str, suffix: str) -> None:
    assert probe(footage(options, suffix)).alpha


@pytest.mark.parametrize(
    ("options", "suffix", "sound"),
    [
        (f"{H264} -c:a aac -ac 1", ".mp4", Sound("aac", 48000, "mono")),
        (f"{H264} -c:a aac -ac 2 -ar 44100", ".mov", Sound("aac", 44100, "stereo")),
        ("-c:v libvpx-vp9 -c:a libopus -ac 2", ".webm", Sound("opus", 48000, "stereo")),
        ("-c:v mpeg4 -c:a pcm_s16le -ac 1", ".avi", Sound("pcm_s16le", 48000, "mono")),
        ("-c:v libtheora -c:a libvorbis -ac 2", ".ogv", Sound("vorbis", 48000, "stereo")),
    ],
)
def test_sound_is_told(options: str, suffix: str, sound: Sound) -> None:
    assert probe(with_sound(options, suffix)).sound == sound


def test_a_variable_rate_is_told_with_the_commonest() -> None:
    gaps = ffmpeg_made(
        "-i {0} -vf select=not(eq(mod(n\\,7)\\,3)) -fps_mode vfr -c:v ffv1", ".mkv", files=(counting(40),)
    )
    facts = probe(gaps)
    assert not facts.steady
    assert facts.fps == 10
    assert facts.frames == 34
    assert facts.seconds == pytest.approx(4.0, abs=0.02)


def test_what_an_edit_list_hides_is_not_counted() -> None:
    part = ffmpeg_made("-ss 1.05 -i {0} -c copy", files=(footage(f"{H264} -g 100", seconds=3.0),))
    assert probe(part).frames in (19, 20)


def test_a_title_cannot_pass_for_a_stream() -> None:
    title = "x\\\n  Stream \\#0:0: Video: h264, yuva444p16le, 8x8\\\n    displaymatrix: rotation of -90.00 degrees"
    forged = ffmpeg_made(
        "-f ffmetadata -i {1} -i {0} -map 1 -map_metadata 0 -c copy",
        ".mkv",
        files=(footage(), f";FFMETADATA1\ntitle={title}\n".encode()),
    )
    facts = probe(forged)
    assert (facts.size, facts.rotation, facts.alpha) == ((64, 48), 0, False)


# ------------------------------------------------------------------------------------------------ refused


@pytest.mark.parametrize("name", ["PNG", "JPEG", "GIF", "WebP"])
def test_a_picture_renamed_is_called_a_picture(name: str) -> None:
    with pytest.raises(VideoError, match=f"This is a picture.*got {name}"):
        probe(saved(Image.new("RGB", (8, 8)), name))


@pytest.mark.parametrize(
    "data",
    [
        b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/x.ts\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"[playlist]\nFile1=/etc/passwd\n",
        b"\n<MPD xmlns='urn:mpeg:dash:schema:mpd:2011'></MPD>",
    ],
)
def test_a_playlist_is_called_a_playlist(data: bytes) -> None:
    with pytest.raises(VideoError, match=r"playlist.*never opened"):
        probe(data)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>", "SVG"),
        (b"<!DOCTYPE html><video src='file:///etc/passwd'>", "HTML"),
        (b"<?xml version='1.0'?><MPD/>", "XML"),
        (b"v=0\no=- 0 0 IN IP4 127.0.0.1\n", "unknown"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_other_files_are_called_what_they_are(data: bytes, name: str) -> None:
    with pytest.raises(VideoError) as caught:
        probe(data)
    assert caught.value.value == name


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ogg", ".wav", ".mp3", ".flac"])
def test_sound_alone_is_called_that(suffix: str) -> None:
    sound = ffmpeg_made("-f lavfi -i sine=duration=0.2 -vn", suffix)
    with pytest.raises(VideoError, match="sound but no pictures"):
        probe(sound)


def test_a_cover_picture_makes_no_video() -> None:
    cover = saved(flat_art(), "PNG")
    attached = "-map 0 -map 1 -c:v copy -disposition:v attached_pic"
    sound = ffmpeg_made(f"-f lavfi -i sine=duration=0.2 -i {{0}} {attached}", ".m4a", files=(cover,))
    with pytest.raises(VideoError, match="sound but no pictures"):
        probe(sound)


def test_one_frame_is_no_clip() -> None:
    with pytest.raises(VideoError, match=r"a single frame.*got 1 frame; limit at least 2"):
        probe(footage(f"{H264} -frames:v 1"))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi"])
def test_zero_seconds_are_no_clip(suffix: str) -> None:
    with pytest.raises(VideoError, match=r"zero seconds|damaged"):
        probe(footage(f"{H264} -frames:v 0", suffix))


def test_two_hours_are_too_long() -> None:
    film = footage("-c:v mpeg4 -g 600", size="16x16", rate="1", seconds=7200.0)
    with pytest.raises(VideoError, match=r"too long.*got 120 minutes; limit 10 minutes"):
        probe(film)


def test_large_frames_and_files_are_refused() -> None:
    with pytest.raises(VideoError, match=r"frames are too large.*64 x 48"):
        probe(footage(), VideoLimits(frame_pixels=64 * 47))
    with pytest.raises(VideoError, match="file is too large"):
        probe(footage(), VideoLimits(size_bytes=100))


@pytest.mark.parametrize("options", [(f"{H264} -movflags +faststart", ".mp4"), (H264, ".mkv"), ("-c:v mpeg4", ".avi")])
def test_a_file_that_was_cut_off_is_used_as_far_as_it_goes(options: tuple[str, str]) -> None:
    whole = footage(*options, seconds=4.0)
    facts = probe(whole[: int(len(whole) * 0.6)])
    assert 4 <= facts.frames < 36
    assert facts.cut_off or options[1] == ".avi"
    assert not probe(whole).cut_off


def test_a_file_whose_index_was_cut_off_is_refused() -> None:
    whole = footage(seconds=4.0)
    with pytest.raises(VideoError, match="damaged, cut off"):
        probe(whole[: int(len(whole) * 0.6)])


def test_pictures_in_another_file_are_never_fetched() -> None:
    with pytest.raises(VideoError, match="lie in another file"):
        probe(pointing_elsewhere(footage()))


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([".mp4", ".mkv", ".avi", ".ts"]), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255))))
def test_a_damaged_file_is_a_named_error_or_still_a_video(suffix: str, damage: list[tuple[float, int]]) -> None:
    data = bytearray(footage("-c:v mpeg2video", suffix, rate="25"))
    for where, value in damage:
        data[int(where * (len(data) - 1))] = value
    try:
        facts = probe(bytes(data))
    except VideoError:
        return
    assert facts.frames > 1
    assert facts.seconds > 0


def pointing_elsewhere(mp4: bytes) -> bytes:
    """An MP4 (its index last) whose data reference names /etc/hostname instead of the file itself."""
    own = struct.pack(">I4sI", 12, b"url ", 1)
    path = b"/etc/hostname\0"
    alias = bytes(10) + bytes([4]) + b"disk".ljust(27, b"\0") + bytes(12) + bytes([8]) + b"hostname".ljust(63, b"\0")
    alias += bytes(16) + struct.pack(">hh", 1, 1) + bytes(16) + struct.pack(">hh", 2, len(path)) + path
    alias += struct.pack(">hh", -1, 0)
    other = struct.pack(">I4sI", 12 + len(alias), b"alis", 0) + alias
    at = mp4.index(own, mp4.index(b"dref"))
    changed = bytearray(mp4[:at] + other + mp4[at + len(own) :])
    for name in (b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        start = changed.index(name, changed.index(b"moov")) - 4
        (size,) = struct.unpack_from(">I", changed, start)
        struct.pack_into(">I", changed, start, size + len(other) - len(own))
    return bytes(changed)
