"""What is true only for the moment: how far a take is, what its latents look like, whether it should stop.

Small files under `GREENLIGHT_HOME/live/`, written by the worker and read by the page (the cancel mark: the
other way round). Each is replaced in one move, so nobody reads half of one; none is fsynced, because losing
them loses nothing.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from engine.agent import Progress
from engine.errors import StorageError, UnknownProjectError

_TAKE = re.compile(r"[A-Za-z0-9_-]{1,80}")
_SHOWN = (".json", ".png", ".begun")
_SUFFIXES = (*_SHOWN, ".cancel")


class Live:
    """The folder of live files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self._folder

    def start(self, take: str, worker: str = "") -> None:
        """Note that the worker of this name has begun the take.

        Raises StorageError when the mark cannot be left.
        """
        replace_file(self._path(take, ".begun"), worker.encode())

    def begun(self, take: str) -> bool:
        """Whether a worker has begun the take, and it has not ended."""
        return self._path(take, ".begun").exists()

    def show(self, take: str, progress: Progress, preview: bytes | None = None) -> None:
        """Replace the take's progress, and its preview (PNG) if there is a new one.

        Raises StorageError when the disk does not take it.
        """
        picture = self._path(take, ".png")
        if preview is not None:
            replace_file(picture, preview)
        shown = replace(progress, preview=picture.name if picture.exists() else None)
        replace_file(self._path(take, ".json"), json.dumps(asdict(shown)).encode())

    def progress(self, take: str) -> Progress | None:
        """How far the take is; `None` when nothing was told yet."""
        data = _read(self._path(take, ".json"))
        return None if data is None else Progress(**json.loads(data))

    def preview(self, take: str) -> bytes | None:
        """The latest preview, a PNG; `None` when there is none yet."""
        return _read(self._path(take, ".png"))

    def cancel(self, take: str) -> None:
        """Ask whoever makes the take to stop at the next denoising step.

        Raises StorageError when the mark cannot be left.
        """
        self._mark(take, ".cancel")

    def cancelled(self, take: str) -> bool:
        """Whether the take should stop."""
        return self._path(take, ".cancel").exists()

    def clear(self, take: str) -> None:
        """Forget the take: it has ended."""
        for suffix in _SUFFIXES:
            self._path(take, suffix).unlink(missing_ok=True)

    def lay_down(self, take: str) -> None:
        """Forget how far the take was, and not that it should stop: who made it is dead, and it waits again."""
        for suffix in _SHOWN:
            self._path(take, suffix).unlink(missing_ok=True)

    def begin(self, wanted: frozenset[str], worker: str = "") -> None:
        """Forget what a worker of this name left when it was killed, and what belongs to nobody.

        Not the cancel marks of the takes that are still `wanted`, nor what others make. For the worker at its start.
        """
        kept = {self._path(take, ".cancel") for take in wanted}
        others = {path.stem for path in self._folder.glob("*.begun") if _read(path) not in (None, worker.encode())}
        for path in self._folder.glob("*"):
            if path not in kept and path.name.lstrip(".").partition(".")[0] not in others:
                path.unlink(missing_ok=True)

    def _mark(self, take: str, suffix: str) -> None:
        mark = self._path(take, suffix)
        try:
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()
        except OSError as error:
            raise _unwritable(mark, error) from error

    def _path(self, take: str, suffix: str) -> Path:
        if not _TAKE.fullmatch(take):
            raise UnknownProjectError("No take can have this name", "Choose a take from the project.", value=take[:80])
        return self._folder / f"{take}{suffix}"


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` at `path` in one move, whatever stood there. Not fsynced: for files that may be lost.

    Raises StorageError when the disk is full or the folder may not be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        "A file could not be written",
        "Make room on the disk, and see that the folder may be written.",
        value=f"{path}: {error.strerror}",
    )


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
