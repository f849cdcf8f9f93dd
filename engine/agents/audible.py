"""The sound of a world's state as a file that a browser plays."""

from __future__ import annotations

from engine.media.sounding import wave_file
from engine.media.states import decode_state
from engine.pocket.worlds.sounds import RATE
from engine.pocket.worlds.spectra import FAINTEST, sounded


def played(state: bytes) -> bytes:
    """A second of sound as WAV; empty where nothing is heard. Raises ImageError for a file that is no picture."""
    levels = decode_state(state).sound
    if levels is None or float(levels.mean()) < FAINTEST:
        return b""
    return wave_file(sounded(levels), RATE)
