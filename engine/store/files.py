"""A project's files, named by their content: `<sha256><suffix>`.

A file is there whole or not at all, and never changes. Knows nothing of journals, takes or what is in the files.
"""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path

from engine.disk import DRAFT_SUFFIX, Disk, storage_error, write_file
from engine.errors import JournalDamagedError, UnknownProjectError

SUFFIXES = (".json", ".mp4", ".png")
"""What agents make."""
UPLOADS = (".avi", ".flv", ".mkv", ".mov", ".mp4", ".mpg", ".ogv", ".png", ".ts", ".webm", ".wmv")
"""What a person brings: pictures as PNG, videos as they came."""
FILE_NAME = re.compile(rf"[0-9a-f]{{64}}(?:{'|'.join(map(re.escape, sorted({*SUFFIXES, *UPLOADS})))})")
_DRAFT_SECONDS = 3600


def digest(data: bytes) -> str:
    """Hex sha256 of the bytes: the name of a file."""
    return hashlib.sha256(data).hexdigest()


class Files:
    """One folder of files named by content. Processes may share it: two writers of a file write the same."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = folder
        self._disk = disk

    def put(self, data: bytes, suffix: str) -> str:
        """Store the bytes; returns their digest. What is there already and whole is left alone.

        Raises StorageError when the disk does not take it (nothing is left behind then), UnknownProjectError
        when the folder is gone.
        """
        sha256 = digest(data)
        path = self.path(sha256, suffix)
        if _read(path) != data:
            try:
                write_file(self._disk, path, data)
            except FileNotFoundError as error:
                raise _gone(self._folder) from error
            except OSError as error:
                raise storage_error("The file cannot be saved", path, error) from error
        return sha256

    def read(self, sha256: str, suffix: str) -> bytes:
        """The file's bytes, checked against its name.

        Raises JournalDamagedError when the file is missing or was altered.
        """
        path = self.path(sha256, suffix)
        data = _read(path)
        if data is None or digest(data) != sha256:
            raise JournalDamagedError(
                "A file of this project is missing" if data is None else "A file of this project was altered",
                "Bring it back from a backup or an exported project, or make the take again.",
                value=str(path),
            )
        return data

    def path(self, sha256: str, suffix: str) -> Path:
        """Where a file of that name is, or would be. Raises UnknownProjectError for a name that is none."""
        name = sha256 + suffix
        if not FILE_NAME.fullmatch(name):
            raise UnknownProjectError("There is no such file", "Choose one of the project's takes.", value=name)
        return self._folder / name

    def sweep(self) -> None:
        """Remove what a writer that was killed left half-written over an hour ago."""
        for draft in self._folder.glob(f".*{DRAFT_SUFFIX}"):
            if draft.stat().st_mtime < time.time() - _DRAFT_SECONDS:
                draft.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise storage_error("The file cannot be read", path, error) from error


def _gone(folder: Path) -> UnknownProjectError:
    return UnknownProjectError(
        "The project is not there", "It may have been removed: restore it from the bin.", value=folder.parent.name
    )
