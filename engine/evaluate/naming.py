"""What a video's file can be called: a benchmark's file says its name, and the folder it lies in is the person's."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 250
"""Bytes of a name, which leave room for a suffix."""


def is_name(text: str) -> bool:
    """Whether a file in a folder, and none elsewhere, can be called so."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:  # half a character
        return False
    return 0 < size <= LONGEST and text not in (".", "..") and not any(mark in text for mark in "/\\\0")
