"""A video's bytes on the disk, ready for ffmpeg: by the one demuxer that fits its content, or refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from engine.errors import VideoError
from engine.media import ffmpeg
from engine.media.formats import DEMUXERS, is_image, is_sound, name_of
from engine.media.limits import VIDEO_LIMITS, VideoLimits, megabytes

ALLOWED: Final = "MP4, MOV, WebM, MKV, AVI, MPEG, TS, Ogg, FLV or WMV"
SAVE_AGAIN: Final = "Save it as MP4 (H.264) and upload that."


@contextmanager
def on_disk(data: bytes, limits: VideoLimits = VIDEO_LIMITS) -> Iterator[tuple[str, ...]]:
    """ffmpeg's input options for the bytes: in a file, since an MP4 is read back and forth; gone afterwards.

    Raises VideoError as `check_file` does, StorageError for a full disk.
    """
    demuxer = check_file(data, limits)
    with ffmpeg.workplace() as folder:
        path = folder / "video"
        path.write_bytes(data)
        yield ("-max_pixels", str(limits.frame_pixels), *ffmpeg.source(demuxer, str(path)))


def check_file(data: bytes, limits: VideoLimits = VIDEO_LIMITS) -> str:
    """The ffmpeg demuxer for a video that is let in, by its content. Raises VideoError for any other file."""
    if not data:
        raise VideoError("The file is empty", SAVE_AGAIN, value="0 bytes")
    if len(data) > limits.size_bytes:
        raise VideoError(
            "The video's file is too large", "Cut it shorter, or save it smaller.",
            value=megabytes(len(data)), limit=megabytes(limits.size_bytes),
        )  # fmt: skip
    name = name_of(data)
    if name in DEMUXERS:
        return DEMUXERS[name]
    if is_image(name):
        raise VideoError(
            "This is a picture, and a video belongs here", "Choose a video file.", value=name, limit=ALLOWED
        )
    if is_sound(name):
        raise VideoError("This file has sound but no pictures", "Choose a video file.", value=name, limit=ALLOWED)
    if name == "playlist":
        raise VideoError(
            "This is a playlist: it only names other files, and those are never opened",
            "Upload the video itself.", value=name, limit=ALLOWED,
        )  # fmt: skip
    raise VideoError("Files of this format cannot be used as a video", SAVE_AGAIN, value=name, limit=ALLOWED)
