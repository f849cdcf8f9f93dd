"""The one seam to the disk: every byte that is kept, of a project or of a model, passes here.

Tests put a disk in its place that is full at the n-th write. Knows nothing of projects.
"""

from __future__ import annotations

import io
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import StorageError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

DRAFT_SUFFIX = ".part"
"""Ends the name of a file that is not whole yet."""
PRIVATE, SHARED = 0o600, 0o666
"""Rights of a file: of one that is the person's alone, and of one that is made for others, as their umask has it."""
_CHUNK = 1 << 20


class Disk:
    """Writing, for real. Every method raises OSError, as the machine does."""

    def write(self, descriptor: int, data: bytes) -> int:
        """Write some of `data`; returns how many bytes were taken."""
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        """Return when what was written is on the disk, also after a power cut."""
        os.fsync(descriptor)

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut an open file to `size` bytes."""
        os.ftruncate(descriptor, size)

    def replace(self, source: Path, target: Path) -> None:
        """Move a file or folder within one file system, in one step."""
        source.replace(target)

    def free_bytes(self, folder: Path) -> int:
        """How much more may be written to a folder's file system; the folder need not be there yet."""
        there = next(path for path in (folder, *folder.parents) if path.exists())
        return shutil.disk_usage(there).free

    def make_folder(self, folder: Path) -> None:
        """Make a folder that only its owner may enter, and what is missing above it."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


class Sink(io.RawIOBase):
    """An open file that can only be written to its end, as zipfile and others want one."""

    def __init__(self, disk: Disk, descriptor: int) -> None:
        self._disk = disk
        self._descriptor = descriptor

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Buffer, /) -> int:
        """Write all of `data`, however little the machine takes at a time. Raises OSError."""
        left = memoryview(data).cast("B")
        size = left.nbytes
        while left:
            left = left[self._disk.write(self._descriptor, bytes(left[:_CHUNK])) :]
        return size


def sync_folder(disk: Disk, folder: Path) -> None:
    """Make a folder's names durable: what was moved into it stays there after a power cut. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        disk.sync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def new_file(disk: Disk, path: Path, mode: int = PRIVATE) -> Iterator[Sink]:
    """A file to be written at `path`: readers see the old one or the whole new one, never half of one.

    mode: who may read and write it, less what the process's umask takes away. The folder must be there. Raises
    OSError. After any error nothing is left behind.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}{DRAFT_SUFFIX}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            yield Sink(disk, descriptor)
            disk.sync(descriptor)
        finally:
            os.close(descriptor)
        disk.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(disk, path.parent)


def write_file(disk: Disk, path: Path, data: bytes, mode: int = PRIVATE) -> None:
    """Put a whole file at `path`: see `new_file`. Raises OSError."""
    with new_file(disk, path, mode) as file:
        file.write(data)


def storage_error(doing: str, path: Path, error: OSError) -> StorageError:
    """The named error for what the machine said while `doing` something ("The project cannot be saved")."""
    return StorageError(
        doing,
        "Free some space and check that the folder may be written, then try again: nothing saved before is lost.",
        value=f"{error.strerror or error} at {path}",
    )
