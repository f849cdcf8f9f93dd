"""Which workers serve a home: each holds a lock that the system lets go when its process dies, and leaves a note."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from engine.jobs.live import replace_file

_NAME = re.compile(r"worker-(\d{1,4})")
_CLAIM_SECONDS = 1.0  # longer than any `taken` holds the lock, so that looking never keeps a worker out


@dataclass(frozen=True, slots=True)
class WorkerNote:
    """What the worker tells about itself once it takes jobs."""

    pid: int
    """Its process."""
    device: str
    """What it computes on: `2 cores`, or the name of the GPU."""


class Presence:
    """The lock and the note of one worker, below the queue's folder. Workers of a home are numbered from 0."""

    def __init__(self, folder: Path, number: int = 0) -> None:
        self.number = number
        self._folder = folder
        self._path = folder / f"{self.name}.lock"
        self._lock = FileLock(self._path)
        self._note = folder / f"{self.name}.json"

    @classmethod
    def named(cls, folder: Path, name: str) -> Presence | None:
        """The presence of the worker of that name; `None` for a name that none has today."""
        number = _NAME.fullmatch(name)
        return cls(folder, int(number[1])) if number else None

    @property
    def name(self) -> str:
        """What the queue calls the worker."""
        return f"worker-{self.number}"

    def claim(self) -> bool:
        """Be this worker of the home until the process ends; `False` when another one is."""
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=_CLAIM_SECONDS)
        except Timeout:
            return False
        self._note.unlink(missing_ok=True)
        return True

    def release(self) -> None:
        """No longer be the worker."""
        self._note.unlink(missing_ok=True)
        self._lock.release()

    def tell(self, note: WorkerNote) -> None:
        """Say that the worker takes jobs, and on what device."""
        replace_file(self._note, json.dumps(asdict(note)).encode())

    def note(self) -> WorkerNote | None:
        """What the latest worker told; `None` when none did. It may have died since: see `taken`."""
        try:
            return WorkerNote(**json.loads(self._note.read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    def taken(self) -> bool:
        """Whether its process lives."""
        with self.vacant() as free:
            return not free

    @contextmanager
    def vacant(self) -> Iterator[bool]:
        """Whether no process is this worker; while that is so, none becomes it before the block's end."""
        if not self._folder.exists():
            yield True
            return
        probe = FileLock(self._path)
        try:
            probe.acquire(timeout=0)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            probe.release()
