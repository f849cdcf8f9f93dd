"""One project's journal: a file of lines, written at its end only, by several processes in turn.

An entry counts once its line is on the disk with its newline. A torn last line (a writer that was killed, a full
disk) is not read, and the next writer cuts it off. Reading again costs one look at the file's size and time, plus
what was added. Knows nothing of what the events mean.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from engine.disk import Disk, Sink, storage_error
from engine.errors import JournalDamagedError, StorageError, UnknownProjectError
from engine.events import Entry, Event
from engine.store import codec

NAME = "journal.jsonl"
_LOCK_SECONDS = 30.0
_RESTORE = "Restore it from a backup or an exported project; the other projects are not touched."


class Journal:
    """Reader and writer of one journal. Threads may share it."""

    def __init__(self, path: Path, disk: Disk, now: Callable[[], str]) -> None:
        self._path = path
        self._disk = disk
        self._now = now
        self._guard = threading.RLock()
        self._entries: tuple[Entry, ...] = ()
        self._seen: tuple[int, int, int] | None = None
        self._read_to = 0
        self._last_line = b""

    def entries(self) -> tuple[Entry, ...]:
        """All entries; the same tuple as before while nothing was added.

        Raises JournalDamagedError when a line is not what it should be, UnknownProjectError when there is none.
        """
        with self._guard:
            try:
                status = self._path.stat()
                seen = (status.st_ino, status.st_size, status.st_mtime_ns)
                if seen != self._seen:
                    self._load(status.st_size)
                    self._seen = seen
            except FileNotFoundError as error:
                raise _gone(self._path) from error
            except OSError as error:
                raise storage_error("The project cannot be read", self._path, error) from error
            return self._entries

    def change(self, decide: Callable[[tuple[Entry, ...]], Sequence[Event]]) -> tuple[Entry, ...]:
        """Append the events that `decide` gives for the entries so far; returns all entries then.

        Nobody else writes in between. All of it or, after an error, nothing is appended: StorageError when the
        disk does not take it; JournalDamagedError and UnknownProjectError as in `entries`; and whatever
        `decide` raises.
        """
        with self._guard, self._locked():
            entries = self.entries()
            events = decide(entries)
            if events:
                self._append([Entry(len(entries) + i, self._now(), event) for i, event in enumerate(events)])
            return self.entries()

    def _load(self, size: int) -> None:
        """Read what was added since the last time, or everything when what was read is no longer there."""
        with self._path.open("rb") as file:
            start = self._read_to - len(self._last_line)
            file.seek(start)
            if size < self._read_to or file.read(len(self._last_line)) != self._last_line:
                self._entries, self._read_to, self._last_line = (), 0, b""
                file.seek(0)
            lines = file.read().split(b"\n")[:-1]  # what follows the last newline is torn
        added = tuple(self._decode(line, len(self._entries) + index) for index, line in enumerate(lines))
        if added:
            self._entries += added
            self._read_to += sum(len(line) + 1 for line in lines)
            self._last_line = lines[-1] + b"\n"

    def _decode(self, line: bytes, number: int) -> Entry:
        try:
            entry = codec.decode(line)
            if entry.number != number:
                raise codec.CodecError(f"it has the number {entry.number}, not {number}")
        except codec.CodecError as error:
            raise JournalDamagedError(
                f"Line {number + 1} of the project's journal is damaged: {error}", _RESTORE, value=str(self._path)
            ) from error
        return entry

    def _append(self, entries: list[Entry]) -> None:
        try:
            lines = b"".join(codec.encode(entry) for entry in entries)
        except codec.CodecError as error:
            raise StorageError(
                "A number cannot be saved", "Use settings that are finite numbers.", value=str(error)
            ) from error
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            try:
                self._write(descriptor, lines)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise storage_error("The project cannot be saved", self._path, error) from error

    def _write(self, descriptor: int, lines: bytes) -> None:
        if os.fstat(descriptor).st_size != self._read_to:
            self._disk.truncate(descriptor, self._read_to)
        try:
            Sink(self._disk, descriptor).write(lines)
            self._disk.sync(descriptor)
        except OSError:
            self._disk.truncate(descriptor, self._read_to)
            raise

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if not self._path.exists():
            raise _gone(self._path)
        lock = FileLock(self._path.with_suffix(".lock"), timeout=_LOCK_SECONDS, poll_interval=0.005)
        try:
            lock.acquire()
        except Timeout as error:
            raise StorageError(
                "Another process holds the project",
                "Close other Greenlight windows and terminals, then try again.",
                value=str(self._path),
                limit=f"{_LOCK_SECONDS:.0f} seconds",
            ) from error
        except OSError as error:
            raise storage_error("The project cannot be locked", self._path, error) from error
        try:
            yield
        finally:
            lock.release()


def _gone(path: Path) -> UnknownProjectError:
    return UnknownProjectError(
        "The project is not there", "It may have been removed: restore it from the bin.", value=path.parent.name
    )
