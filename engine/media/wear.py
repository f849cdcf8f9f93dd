"""A picture as it looks after a video codec: some models learnt from nothing else, and want to be shown the like."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from engine.errors import MachineError
from engine.media import ffmpeg

_SECONDS: Final = 60.0
_AS_PIXELS: Final = ("-f", "rawvideo", "-pix_fmt", "rgb24")


def worn(picture: npt.NDArray[np.uint8], crf: int) -> npt.NDArray[np.uint8]:
    """A picture, uint8 (height, width, 3), through H.264 and back.

    Both sides even; crf: how much it may lose, 0 (nothing) to 51. Raises MachineError when ffmpeg cannot do it.
    """
    height, width, _ = picture.shape
    given = (*_AS_PIXELS, "-video_size", f"{width}x{height}", "-framerate", "1", "-i", "pipe:0")
    coded = ("-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf), "-pix_fmt", "yuv420p", "-threads", "1")
    stream = _through((*given, *coded, *ffmpeg.BIT_EXACT, "-f", "h264", "pipe:1"), picture.tobytes())
    back = _through(("-f", "h264", "-i", "pipe:0", *_AS_PIXELS, "pipe:1"), stream)
    return np.frombuffer(back, np.uint8).reshape(picture.shape)


def _through(arguments: tuple[str, ...], feed: bytes) -> bytes:
    outcome = ffmpeg.run(arguments, feed=feed, seconds=_SECONDS)
    if outcome.returncode or not outcome.stdout:
        what = "A picture could not be prepared for the model"
        raise MachineError(what, "Make another take.", value=ffmpeg.complaint(outcome))
    return bytes(outcome.stdout)
