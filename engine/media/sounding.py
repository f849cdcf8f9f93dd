"""A sound that was computed, laid under a video: its pictures stay as they are, packet for packet."""

from __future__ import annotations

import io
import wave
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.media import ffmpeg
from engine.media.pieces import write

_SECONDS: Final = 120.0


def with_sound(video: bytes, samples: NDArray[np.float32], rate: int) -> bytes:
    """The video (MP4) with these samples, mono, -1..1, as its sound (AAC), cut to the pictures' length.

    Equal input gives equal bytes. Raises MachineError when ffmpeg cannot write.
    """
    with ffmpeg.workplace() as folder:
        silent, sound, target = folder / "silent.mp4", folder / "sound.wav", folder / "video.mp4"
        silent.write_bytes(video)
        sound.write_bytes(wave_file(samples, rate))
        sources = (*ffmpeg.source("mov", str(silent)), *ffmpeg.source("wav", str(sound)))
        kept = ("-map", "0:V:0", "-map", "1:a:0", "-c:v", "copy", "-c:a", "aac", "-b:a", "96k", "-shortest")
        write((*sources, *kept, *ffmpeg.BIT_EXACT, "-movflags", "+faststart", "-f", "mp4", str(target)), _SECONDS)
        return target.read_bytes()


def wave_file(samples: NDArray[np.float32], rate: int) -> bytes:
    """The samples, mono, -1..1, as a WAV file of 16 bits."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes())
    return buffer.getvalue()
