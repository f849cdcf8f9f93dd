"""Files that the person names."""

from __future__ import annotations

from pathlib import Path

from engine.errors import ImageError, VideoError


def read_upload(name: str, path: Path) -> bytes:
    """The bytes of a picture or, for an upload called so, a video. Raises ImageError, VideoError for an unread file."""
    video = "video" in name
    try:
        return path.expanduser().read_bytes()
    except OSError as error:
        raise (VideoError if video else ImageError)(
            f"The {'video' if video else 'picture'} cannot be read",
            f"Give the path of {'a video file' if video else 'a PNG, JPEG or WebP file'}.",
            value=f"{path}: {error.strerror}",
        ) from error
