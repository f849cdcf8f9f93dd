"""Videos in and out: frames -> MP4, and a video that is let in (sources.py) -> all its frames.

Frames are uint8 (frames, height, width, 3), sRGB. Videos are H.264, yuv420p, tagged BT.709 and limited
range, so that browsers and this reader see the same colours. Knows nothing of recipes, models or projects.
"""

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.errors import MachineError, VideoError
from engine.media import ffmpeg
from engine.media.filters import RGB_TO_YUV, TO_RGB
from engine.media.images import encode_png
from engine.media.limits import PART_LIMITS, VIDEO_LIMITS, VideoLimits
from engine.media.packets import Packets, check, packets
from engine.media.sources import SAVE_AGAIN, on_disk

Frames = npt.NDArray[np.uint8]

FPS_RANGE: Final = (1.0, 120.0)
QUALITY: Final = (
    "-c:v", "libx264", "-preset", "medium", "-tune", "animation", "-bf", "0", "-g", "8",
    "-x264-params", "stitchable=1",
)  # fmt: skip
"""No B-frames and a key frame every eighth: the page steps through a clip frame by frame. Stitchable: the headers
depend on size and rate alone, so that clips can be joined without encoding them again (joining.py)."""
_CRF: Final = ("-crf", "10")
"""Flat art at 192x192, edges softened by 0.7 pixels: 41 to 44 dB (tests/media). Half-resolution colour bounds it,
not the rate."""
_ONE_THREAD: Final = ("-threads", "1", "-filter_threads", "1")
_ENCODING_SECONDS: Final = 600.0


def encode_video(frames: Frames, fps: float) -> bytes:
    """Frames, uint8 (F, H, W, 3), as MP4. Equal frames give equal bytes.

    yuv420p needs even sides: an odd one gets its last row or column twice. `fps` is 1 to 120. Raises
    VideoError for frames of another shape or type, MachineError when ffmpeg cannot write.
    """
    _check_frames(frames, fps)
    odd_height, odd_width = frames.shape[1] % 2, frames.shape[2] % 2
    if odd_height or odd_width:
        frames = np.pad(frames, ((0, 0), (0, odd_height), (0, odd_width), (0, 0)), mode="edge")
    with ffmpeg.workplace() as folder:
        target = folder / "video.mp4"
        told = arguments(frames.shape[2], frames.shape[1], fps, target)
        outcome = ffmpeg.run(told, feed=frames.tobytes(), seconds=_ENCODING_SECONDS)
        if outcome.returncode:
            raise MachineError(
                "The video could not be written",
                "Make room in the folder for temporary files, then try again.",
                value=ffmpeg.complaint(outcome),
            )
        return target.read_bytes()


def arguments(width: int, height: int, fps: float, target: Path) -> tuple[str, ...]:
    """What ffmpeg is told to make raw frames of even sides, from its standard input, an MP4."""
    rate = str(Fraction(fps).limit_denominator(1001))
    source = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", f"{width}x{height}", "-framerate", rate)
    written = (*_ONE_THREAD, *ffmpeg.BIT_EXACT, "-movflags", "+faststart", "-f", "mp4", str(target))
    return (*source, "-i", "pipe:0", "-vf", RGB_TO_YUV, *QUALITY, *_CRF, *written)


_STRICT: Final = ("-xerror", "-err_detect", "explode")
"""Before an input: what is damaged in it ends the decoding."""


def read_video(data: bytes, limits: VideoLimits = VIDEO_LIMITS, *, mended: bool = True) -> tuple[Frames, float]:
    """Every frame, uint8 (F, H, W, 3), upright, and the frames a second.

    mended: whether a damaged part of a frame may be made up from what is around it, as decoders do. Raises VideoError
    for another format, more than the limits allow, or damage.
    """
    with on_disk(data, limits) as source:
        found = packets(source, limits)
        _check(found, limits)
        return _decode(source if mended else (*_STRICT, *source), len(found.times), limits), float(found.rate)


def poster(data: bytes, limits: VideoLimits = PART_LIMITS) -> bytes:
    """The first frame as PNG. Raises VideoError for another format, more than the limits allow, or damage."""
    with on_disk(data, limits) as source:
        check(packets(source, limits), limits)
        return encode_png(Image.fromarray(_decode(source, 1, limits)[0]))


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


def _check(found: Packets, limits: VideoLimits) -> None:
    check(found, limits)
    width, height = found.size
    most = limits.total_pixels // (width * height)
    if len(found.times) > most:
        raise VideoError(
            "The video has too many frames for its size", "Cut it shorter, or scale it down.",
            value=f"{len(found.times)} frames of {width} x {height}", limit=f"{most} frames",
        )  # fmt: skip


def _decode(source: tuple[str, ...], count: int, limits: VideoLimits) -> Frames:
    """At most `count` frames. They come as a row of PPM files: each says its size, turned upright."""
    wanted = ("-map", "0:V:0", "-vf", TO_RGB, "-fps_mode", "passthrough", "-frames:v", str(count))
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
        "The video is damaged, cut off, or has no pictures in it", SAVE_AGAIN, value=ffmpeg.complaint(outcome)
    )
