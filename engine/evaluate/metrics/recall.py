"""Extractors that remember what they have seen of one video: several metrics ask for the same frames.

What is remembered is gone with the wrapper, so memory stays flat over many videos.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import Any

import numpy as np

from engine.evaluate.metrics.features import Frames, Vectors
from engine.evaluate.metrics.table import Kit


class _Remembering:
    """Asks another extractor, for each frame and each pair of frames once; all else goes straight to it."""

    def __init__(self, extractor: Any) -> None:
        self._extractor = extractor
        self._known: dict[bytes, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._extractor, name)

    def images(self, frames: Frames) -> Vectors:
        """One vector a frame."""
        keys = [_key(frame) for frame in frames]
        new = {key: place for place, key in enumerate(keys) if key not in self._known}
        if new:
            found = self._extractor.images(frames[list(new.values())])
            self._known.update(zip(new, found, strict=True))
        return np.stack([self._known[key] for key in keys])

    def flow(self, before: Frames, after: Frames) -> Vectors:
        """Pixels from one frame to the next."""
        key = _key(before) + _key(after)
        if key not in self._known:
            self._known[key] = np.asarray(self._extractor.flow(before, after), np.float32)
        flow: Vectors = self._known[key]
        return flow


def remembering(kit: Kit) -> Kit:
    """The same kit for one video; parts played by one extractor share what is remembered."""
    wrapped: dict[int, _Remembering] = {}
    parts = {}
    for part in kit.names():
        extractor = getattr(kit, part)
        parts[part] = wrapped.setdefault(id(extractor), _Remembering(extractor))
    return replace(kit, **parts)


def _key(frame: Frames) -> bytes:
    return blake2b(frame.tobytes(), digest_size=16).digest()
