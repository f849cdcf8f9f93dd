"""The ffmpeg that imageio_ffmpeg brings (moviepy's own), run so that a hostile file can do no harm.

One process for one piece of work: no network protocols, no probing of formats, no terminal, a time limit.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import imageio_ffmpeg

from engine.errors import MachineError, StorageError

BIT_EXACT: Final = ("-fflags", "+bitexact", "-flags:v", "+bitexact")
"""Output options that keep versions, dates and the processor's kind out of the file."""
_LOCAL_ONLY: Final = ("-protocol_whitelist", "file,pipe")
_CLOSED: Final = {"mov": ("-enable_drefs", "0", "-use_absolute_path", "0")}
"""What else keeps a demuxer from opening a second file: an MP4 may say that its pictures lie in one."""


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for the files of one piece of work, gone afterwards.

    Raises StorageError when a file cannot be written or read there: a full disk, no permission.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="greenlight-") as folder:
            yield Path(folder)
    except OSError as error:
        raise StorageError(
            "A temporary file could not be written",
            "Make room on that disk, or set TMPDIR to a folder with room, then try again.",
            value=error.strerror or str(error),
        ) from error


def source(demuxer: str, path: str) -> tuple[str, ...]:
    """Input options: this file, by this demuxer and no other, and nothing that it points to."""
    return (*_LOCAL_ONLY, *_CLOSED.get(demuxer, ()), "-f", demuxer, "-i", path)


def run(arguments: Sequence[str], *, feed: bytes = b"", seconds: float) -> subprocess.CompletedProcess[bytes]:
    """Run ffmpeg with these options after the common ones; `feed` goes to its standard input.

    The outcome says whether it worked (returncode 0), with its output and its complaints. A process that
    takes longer than `seconds` is killed and counts as failed (returncode -9). Raises MachineError where
    there is no ffmpeg.
    """
    command = _command(arguments)
    try:
        return subprocess.run(command, input=feed, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, -9, b"", b"it took too long")
    except OSError as error:
        raise MachineError(
            "ffmpeg could not be started", "Install it again: pip install --force-reinstall imageio-ffmpeg.",
            value=str(error),
        ) from error  # fmt: skip


def begin(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """The same, begun, to be fed through its standard input. Raises MachineError, OSError."""
    return subprocess.Popen(
        _command(arguments), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _command(arguments: Sequence[str]) -> list[str]:
    return [_executable(), "-hide_banner", "-nostdin", "-loglevel", "error", "-y", *arguments]


def complaint(outcome: subprocess.CompletedProcess[bytes]) -> str:
    """The last line of what ffmpeg complained about, at most 120 characters, without a full stop; "" for nothing."""
    lines = outcome.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip()[:120].rstrip(".") if lines else ""


def _executable() -> str:
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise MachineError(
            "The program that writes videos, ffmpeg, is missing", "Install it: pip install imageio-ffmpeg."
        ) from error
