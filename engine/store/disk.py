"""The one seam between the store and the machine: every byte that the store writes passes here.

Tests put a disk in its place that is full at the n-th write. Knows nothing of projects.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from engine.errors import StorageError


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

    def make_folder(self, folder: Path) -> None:
        """Make a folder that only its owner may enter, and what is missing above it."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_all(disk: Disk, descriptor: int, data: bytes) -> None:
    """Write all of `data`, however little the machine takes at a time, and sync it. Raises OSError."""
    left = memoryview(data)
    while left:
        left = left[disk.write(descriptor, bytes(left[: 1 << 20])) :]
    disk.sync(descriptor)


def sync_folder(disk: Disk, folder: Path) -> None:
    """Make a folder's names durable: what was moved into it stays there after a power cut. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        disk.sync(descriptor)
    finally:
        os.close(descriptor)


def write_file(disk: Disk, path: Path, data: bytes) -> None:
    """Put a whole file at `path`: readers see the old one or the new one, never half of one.

    The folder must be there. Raises OSError; nothing is left behind then.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}{DRAFT_SUFFIX}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            write_all(disk, descriptor, data)
        finally:
            os.close(descriptor)
        disk.replace(draft, path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(disk, path.parent)


DRAFT_SUFFIX = ".part"
"""Ends the name of a file that is not whole yet."""


def storage_error(doing: str, path: Path, error: OSError) -> StorageError:
    """The named error for what the machine said while `doing` something ("The project cannot be saved")."""
    return StorageError(
        doing,
        "Free some space and check that the folder may be written, then try again: nothing saved before is lost.",
        value=f"{error.strerror or error} at {path}",
    )
