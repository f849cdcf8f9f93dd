"""One file from a hub to the disk: written as it comes, taken up where it broke off, counted once its hash is right.

A process that is killed loses the chunk that was in its hands. Nothing that is not whole has the file's name.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from engine.disk import Disk, Sink, sync_folder
from engine.errors import HubUnreachableError
from engine.models.hub import refusals
from engine.models.hub.cache import Cache, feed, hasher
from engine.models.hub.choice import HubFile
from engine.models.hub.wire import Wire, failures

WAITS_SECONDS = (1.0, 2.0, 4.0, 8.0)
"""How long to wait before the connection is tried again, the more often it broke without bringing anything."""


class Stopped(Exception):
    """The person stopped it. What came is kept."""


class Cut(Exception):
    """The connection broke too often. What came is kept."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """How files come: over which wire, to which cache, and who is told."""

    wire: Wire
    """The hub."""
    cache: Cache
    """Where it goes."""
    commit: str
    """Whose files these are."""
    disk: Disk
    """Writes."""
    count: Callable[[int], None]
    """Told how many bytes more (or, begun anew, fewer) of the file there are."""
    stop: threading.Event
    """Set by whoever wants it to end."""
    waits_seconds: tuple[float, ...] = WAITS_SECONDS
    """See WAITS_SECONDS."""

    def run(self, file: HubFile) -> None:
        """Bring one file. What came of it before is not asked for again.

        Raises Stopped, Cut, HubError and its kinds, WeightsAlteredError when what came is not what the hub promised,
        OSError for the disk.
        """
        self.cache.blobs.mkdir(parents=True, exist_ok=True)
        with self._alone(file), _Growing(self.disk, self.cache.draft(file), file) as growing:
            fruitless = 0
            while growing.lacks_bytes > 0:
                if self._append(growing):
                    fruitless = 0
                elif fruitless == len(self.waits_seconds):
                    raise Cut
                else:
                    self.stop.wait(self.waits_seconds[fruitless])
                    fruitless += 1
                if self.stop.is_set():
                    raise Stopped
            if not growing.whole:
                self.count(-growing.size_bytes)
                growing.draft.unlink()
                raise refusals.altered(file.name, self.cache.repository, file.digest)
            growing.name(self.cache.blobs / file.digest)

    def _append(self, growing: _Growing) -> bool:
        """Write what one connection brings; whether it brought anything before it broke."""
        had = growing.size_bytes
        broken: tuple[type[Exception], ...] = (HubUnreachableError, *failures())
        try:
            location = self.wire.locate(self.cache.repository, self.commit, growing.file)
            with self.wire.stream(location, had) as (begin, chunks):
                if begin != had:
                    self.count(-had)
                    growing.clear()
                for chunk in chunks:
                    growing.add(chunk)
                    self.count(len(chunk))
                    if self.stop.is_set() or growing.lacks_bytes < 0:
                        break
        except broken:
            return growing.size_bytes > had
        return True

    @contextmanager
    def _alone(self, file: HubFile) -> Iterator[None]:
        """Nobody else writes this content meanwhile. Raises HubError at once when somebody does."""
        path = self.cache.lock(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise refusals.busy(file.name) from None
        try:
            yield
        finally:
            lock.release()


class _Growing:
    """A content on its way, and the hash of what is there of it."""

    def __init__(self, disk: Disk, draft: Path, file: HubFile) -> None:
        self.draft, self.file = draft, file
        self._disk = disk

    def __enter__(self) -> _Growing:
        self._descriptor = os.open(self.draft, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._sink = Sink(self._disk, self._descriptor)
        self._hashing = hasher(self.file)
        feed(self._hashing, self.draft)
        self.size_bytes = os.fstat(self._descriptor).st_size
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    @property
    def lacks_bytes(self) -> int:
        """How many are still to come; negative when there are too many."""
        return self.file.size_bytes - self.size_bytes

    @property
    def whole(self) -> bool:
        """Whether it is what the hub promised."""
        return self.lacks_bytes == 0 and self._hashing.hexdigest() == self.file.digest

    def add(self, chunk: bytes) -> None:
        """Write what came. Raises OSError."""
        self._sink.write(chunk)
        self._hashing.update(chunk)
        self.size_bytes += len(chunk)

    def clear(self) -> None:
        """Begin anew. Raises OSError."""
        self._disk.truncate(self._descriptor, 0)
        self._hashing, self.size_bytes = hasher(self.file), 0

    def name(self, path: Path) -> None:
        """Give it its name, durably. Raises OSError."""
        self._disk.sync(self._descriptor)
        self._disk.replace(self.draft, path)
        sync_folder(self._disk, path.parent)
