"""Small videos for the tests of the media room: made by the bundled ffmpeg, or shipped with gradio."""

from __future__ import annotations

import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.media import ffmpeg

PICTURES = "testsrc=size={size}:rate={rate}:duration={seconds}"
LOSSLESS = "-c:v libx264 -qp 0 -pix_fmt yuv420p"
TONE = "sine=frequency=440:sample_rate=48000:duration={seconds}"


def ffmpeg_made(arguments: str, suffix: str = ".mp4", *, files: tuple[bytes, ...] = ()) -> bytes:
    """What ffmpeg writes for these options; `{0}`, `{1}` … stand for the files."""
    with tempfile.TemporaryDirectory() as folder:
        for index, data in enumerate(files):
            (Path(folder) / str(index)).write_bytes(data)
        named = arguments.format(*(str(Path(folder) / str(index)) for index in range(len(files))))
        target = Path(folder) / f"made{suffix}"
        command = [ffmpeg._executable(), "-nostdin", "-loglevel", "error", "-y", *named.split(), str(target)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return target.read_bytes()


@cache
def footage(
    options: str = "-c:v libx264 -pix_fmt yuv420p",
    suffix: str = ".mp4",
    size: str = "64x48",
    rate: str = "10",
    seconds: float = 1.0,
) -> bytes:
    """A test card with a moving part, silent, as these encoder options have it."""
    pictures = PICTURES.format(size=size, rate=rate, seconds=seconds)
    return ffmpeg_made(f"-f lavfi -i {pictures} {options}", suffix)


@cache
def with_sound(options: str = "-c:v libx264 -pix_fmt yuv420p -c:a aac -ac 2", suffix: str = ".mp4") -> bytes:
    """One second of the test card with a tone of 440 Hz."""
    pictures, tone = PICTURES.format(size="64x48", rate="10", seconds=1), TONE.format(seconds=1)
    return ffmpeg_made(f"-f lavfi -i {pictures} -f lavfi -i {tone} {options}", suffix)


@cache
def shipped(name: str) -> bytes:
    """A sample video of gradio's: world.mp4, a.mp4, b.mp4, muted_b.mp4, b.avi."""
    found = find_spec("gradio")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "media_assets" / "videos" / name).read_bytes()


def described(video: bytes, *options: str) -> str:
    """What ffmpeg says of a video's streams."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video"
        path.write_bytes(video)
        command = [ffmpeg._executable(), "-hide_banner", *options, "-i", str(path)]
        return subprocess.run(command, capture_output=True, check=False).stderr.decode("utf-8", "replace")


@cache
def counting(frames: int, rate: str = "10", options: str = LOSSLESS, suffix: str = ".mp4") -> bytes:
    """Grey frames of 32x32, each brighter than the one before by two steps of luma, up to frame 100."""
    pictures = f"nullsrc=size=32x32:rate={rate},geq=lum='16+2*mod(N,101)':cb=128:cr=128"
    return ffmpeg_made(f"-f lavfi -i {pictures} -frames:v {frames} {options}", suffix)


def counted(frames: npt.NDArray[np.uint8]) -> list[int]:
    """Which frames of `counting` these are."""
    return [round(float(frame.mean()) * 219 / 255 / 2) for frame in frames]
