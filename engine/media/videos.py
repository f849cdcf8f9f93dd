"""Videos in and out: frames -> MP4, and MP4, MOV or WebM of unknown origin -> frames.

Frames are uint8 (frames, height, width, 3), sRGB. Videos are H.264, yuv420p, tagged BT.709 and limited
range, so that browsers and this reader see the same colours. Knows nothing of recipes, models or projects.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.errors import MachineError, VideoError
from engine.media import ffmpeg
from engine.media.formats import is_image, name_of
from engine.media.images import encode_png
from engine.media.limits import VIDEO_LIMITS, VideoLimits, megabytes

Frames = npt.NDArray[np.uint8]

FPS_RANGE: Final = (1.0, 120.0)
QUALITY: Final = (
    "-c:v", "libx264", "-preset", "medium", "-tune", "animation", "-crf", "10", "-bf", "0", "-g", "8",
)  # fmt: skip
"""Flat art at 192x192, edges softened by 0.7 pixels: 41 to 44 dB (tests/media). Half-resolution colour bounds
it, not the rate. No B-frames and a key frame every eighth: the page steps through a clip frame by frame."""
_SCALER: Final = "lanczos+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact"
_TO_YUV: Final = (
    f"scale=in_range=pc:out_color_matrix=bt709:out_range=tv:sws_flags={_SCALER},format=yuv420p,"
    "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
)
_TO_RGB: Final = f"scale=out_range=pc:sws_flags={_SCALER},format=rgb24"
_ONE_THREAD: Final = ("-threads", "1", "-filter_threads", "1")
_ENCODING_SECONDS: Final = 600.0
_DEMUXERS: Final = {"MP4": "mov", "QuickTime": "mov", "WebM": "matroska"}
_ALLOWED: Final = "MP4, MOV or WebM"
_SAVE_AGAIN: Final = "Save it as MP4 (H.264) and upload that."


@dataclass(frozen=True, slots=True)
class _Track:
    """What a video file says of its pictures, before any is decoded."""

    width: int
    height: int
    frames: int
    fps: float


def encode_video(frames: Frames, fps: float) -> bytes:
    """Frames, uint8 (F, H, W, 3), as MP4. Equal frames give equal bytes.

    yuv420p needs even sides: an odd one gets its last row or column twice. `fps` is 1 to 120. Raises
    VideoError for frames of another shape or type, MachineError when ffmpeg cannot write.
    """
    _check_frames(frames, fps)
    odd_height, odd_width = frames.shape[1] % 2, frames.shape[2] % 2
    if odd_height or odd_width:
        frames = np.pad(frames, ((0, 0), (0, odd_height), (0, odd_width), (0, 0)), mode="edge")
    rate = str(Fraction(fps).limit_denominator(1001))
    size = f"{frames.shape[2]}x{frames.shape[1]}"
    with ffmpeg.workplace() as folder:
        target = folder / "video.mp4"
        source = (
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-video_size",
            size,
            "-framerate",
            rate,
            "-i",
            "pipe:0",
        )
        written = (*_ONE_THREAD, *ffmpeg.BIT_EXACT, "-movflags", "+faststart", "-f", "mp4", str(target))
        outcome = ffmpeg.run(
            (*source, "-vf", _TO_YUV, *QUALITY, *written),
            feed=frames.tobytes(),
            seconds=_ENCODING_SECONDS,
        )
        if outcome.returncode:
            raise MachineError(
                "The video could not be written",
                "Make room in the folder for temporary files, then try again.",
                value=ffmpeg.complaint(outcome),
            )
        return target.read_bytes()


def read_video(data: bytes, limits: VideoLimits = VIDEO_LIMITS) -> tuple[Frames, float]:
    """Every frame, uint8 (F, H, W, 3), upright, and the mean frames a second.

    Raises VideoError for another format, more than the limits allow, or damage.
    """
    with _on_disk(data, limits) as source:
        track = _track(source, limits)
        _check_track(track, limits)
        return _decode(source, track.frames, limits), track.fps


def poster(data: bytes, limits: VideoLimits = VIDEO_LIMITS) -> bytes:
    """The first frame as PNG. Raises VideoError as `read_video` does."""
    with _on_disk(data, limits) as source:
        _check_track(_track(source, limits), limits)
        return encode_png(Image.fromarray(_decode(source, 1, limits)[0]))


def check_file(data: bytes, limits: VideoLimits = VIDEO_LIMITS) -> str:
    """The ffmpeg demuxer for a video that is let in, by its content. Raises VideoError for any other file."""
    if not data:
        raise VideoError("The file is empty", _SAVE_AGAIN, value="0 bytes")
    if len(data) > limits.size_bytes:
        raise VideoError(
            "The video's file is too large", "Cut it shorter, or save it smaller.",
            value=megabytes(len(data)), limit=megabytes(limits.size_bytes),
        )  # fmt: skip
    name = name_of(data)
    if name in _DEMUXERS:
        return _DEMUXERS[name]
    if is_image(name):
        raise VideoError(
            "This is a picture, and a video belongs here", "Choose a video file.", value=name, limit=_ALLOWED
        )
    raise VideoError("Files of this format cannot be used as a video", _SAVE_AGAIN, value=name, limit=_ALLOWED)


def _check_frames(frames: npt.NDArray[Any], fps: float) -> None:
    if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[3] != 3 or not frames.size:
        raise VideoError(
            "These frames cannot become a video", "Give 8-bit RGB frames, at least one.",
            value=f"{frames.dtype} {frames.shape}", limit="uint8 (frames, height, width, 3)",
        )  # fmt: skip
    if not FPS_RANGE[0] <= fps <= FPS_RANGE[1]:
        raise VideoError(
            "A video cannot have that many frames a second", "Choose another rate.",
            value=f"{fps:g}", limit=f"{FPS_RANGE[0]:g} to {FPS_RANGE[1]:g}",
        )  # fmt: skip


@contextmanager
def _on_disk(data: bytes, limits: VideoLimits) -> Iterator[tuple[str, ...]]:
    """ffmpeg's input options for the bytes: in a file, since an MP4 is read back and forth."""
    demuxer = check_file(data, limits)
    with ffmpeg.workplace() as folder:
        path = folder / "video"
        path.write_bytes(data)
        yield ("-max_pixels", str(limits.frame_pixels), *ffmpeg.source(demuxer, str(path)))


def _track(source: tuple[str, ...], limits: VideoLimits) -> _Track:
    """Read the packets without decoding them: one line each, `stream, dts, pts, duration, size, checksum`."""
    wanted = ("-map", "0:V:0", "-c", "copy", "-f", "framecrc", "pipe:1")
    outcome = ffmpeg.run((*source, *wanted), seconds=limits.decoding_seconds)
    head: dict[str, str] = {}
    times: list[int] = []
    last_duration = 0
    for line in outcome.stdout.decode("ascii", "replace").splitlines():
        if line.startswith("#"):
            name, _, value = line[1:].partition(" 0: ")
            head[name] = value
        else:
            fields = line.split(",")
            times.append(int(fields[2]))
            last_duration = int(fields[3])
    if not times or "dimensions" not in head:
        raise _damaged(outcome)
    width, height = (int(side) for side in head["dimensions"].split("x"))
    ticks = Fraction(max(times) - min(times), len(times) - 1) if len(times) > 1 else Fraction(last_duration)
    return _Track(width, height, len(times), float(1 / (ticks * Fraction(head["tb"]))) if ticks > 0 else 1.0)


def _check_track(track: _Track, limits: VideoLimits) -> None:
    if track.width * track.height > limits.frame_pixels:
        raise VideoError(
            "The video's frames are too large", "Scale it down and upload that.",
            value=f"{track.width} x {track.height}", limit=f"{limits.frame_pixels / 1e6:.1f} megapixels",
        )  # fmt: skip
    seconds = track.frames / track.fps
    if seconds > limits.seconds:
        raise VideoError(
            "The video is too long", "Cut it shorter and upload that.",
            value=f"{seconds:.0f} seconds", limit=f"{limits.seconds:g} seconds",
        )  # fmt: skip
    most = limits.total_pixels // (track.width * track.height)
    if track.frames > most:
        raise VideoError(
            "The video has too many frames for its size", "Cut it shorter, or scale it down.",
            value=f"{track.frames} frames of {track.width} x {track.height}", limit=f"{most} frames",
        )  # fmt: skip


def _decode(source: tuple[str, ...], count: int, limits: VideoLimits) -> Frames:
    """At most `count` frames. They come as a row of PPM files: each says its size, turned upright."""
    wanted = ("-map", "0:V:0", "-vf", _TO_RGB, "-fps_mode", "passthrough", "-frames:v", str(count))
    most = ("-fs", str(limits.total_pixels * 3 + count * 64))
    outcome = ffmpeg.run(
        (*source, *wanted, *most, "-c:v", "ppm", "-f", "image2pipe", "pipe:1"),
        seconds=limits.decoding_seconds,
    )
    data = np.frombuffer(outcome.stdout, np.uint8)
    parts = outcome.stdout[:64].split(b"\n", 3)
    if outcome.returncode or len(parts) < 4 or parts[0] != b"P6":
        raise _damaged(outcome)
    width, height = (int(side) for side in parts[1].split())
    header = sum(len(part) + 1 for part in parts[:3])
    whole = data[: len(data) - len(data) % (header + width * height * 3)].reshape(-1, header + width * height * 3)
    return np.ascontiguousarray(whole[:, header:]).reshape(-1, height, width, 3)


def _damaged(outcome: subprocess.CompletedProcess[bytes]) -> VideoError:
    return VideoError(
        "The video is damaged, cut off, or has no pictures in it", _SAVE_AGAIN, value=ffmpeg.complaint(outcome)
    )
