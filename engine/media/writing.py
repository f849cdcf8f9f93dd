"""A video that is encoded while its frames are still coming: a decoder's pieces go to ffmpeg as they leave the device.

What comes out is what `engine.media.videos.encode_video` makes of the same frames, byte for byte. Every failure here is
silent: `finished` then gives nothing, and the frames, which are all there, are encoded as ever.
"""

from __future__ import annotations

import queue
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from engine.errors import MachineError
from engine.media import ffmpeg
from engine.media.videos import Frames, arguments

_WAITING: Final = 64
"""Pieces that may wait for ffmpeg: more than a clip has."""
_SECONDS: Final = 120.0
"""How long the last frames may take."""


class Writing:
    """One video; begun anew whenever its run is."""

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self._pieces: queue.Queue[Frames | None] | None = None
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._given = 0
        self._made: bytes | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.drop()

    def begin(self) -> None:
        """Forget what came so far."""
        self.drop()
        self._given, self._made = 0, None

    def __call__(self, piece: Frames) -> None:
        """Some more frames, uint8 (frames, height, width, 3); returns at once. Odd sides are left to the other way."""
        if piece.shape[1] % 2 or piece.shape[2] % 2:
            return
        if self._pieces is None:
            self._pieces = queue.Queue(_WAITING)
            self._thread = threading.Thread(target=self._write, args=(self._pieces,), daemon=True)
            self._thread.start()
        with suppress(queue.Full):
            self._pieces.put_nowait(piece)
            self._given += len(piece)

    def finished(self, frames: Frames) -> bytes | None:
        """The MP4, once all of these frames are in it; `None` where it is not theirs, or could not be written."""
        if self._pieces is None or self._thread is None or self._given != len(frames):
            return None
        with suppress(queue.Full):
            self._pieces.put(None, timeout=_SECONDS)
            self._thread.join(_SECONDS)
        return self._made

    def drop(self) -> None:
        """Let the encoder go, wherever it is."""
        if self._process is not None:
            self._process.kill()
        if self._pieces is not None and self._thread is not None:
            with suppress(queue.Full):
                self._pieces.put_nowait(None)
            self._thread.join(_SECONDS)
        self._pieces = self._thread = self._process = None

    def _write(self, pieces: queue.Queue[Frames | None]) -> None:
        """In its thread: feed ffmpeg until the end is told."""
        first = pieces.get()
        if first is None:
            return
        with tempfile.TemporaryDirectory(prefix="greenlight-") as folder, suppress(OSError, MachineError):
            target = Path(folder) / "video.mp4"
            self._process = process = ffmpeg.begin(arguments(first.shape[2], first.shape[1], self._fps, target))
            with process, suppress(OSError):
                piece: Frames | None = first
                while piece is not None and process.stdin is not None:
                    process.stdin.write(piece.data)
                    piece = pieces.get()
                if process.stdin is not None:
                    process.stdin.close()
                if process.wait(_SECONDS) == 0:
                    self._made = target.read_bytes()
