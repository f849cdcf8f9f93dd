"""Which worker serves a home: a lock that the system lets go when its process dies, and a note beside it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from engine.jobs.live import replace_file

_CLAIM_SECONDS = 1.0  # longer than any `taken` holds the lock, so that looking never keeps a worker out


@dataclass(frozen=True, slots=True)
class WorkerNote:
    """What the worker tells about itself once it takes jobs."""

    pid: int
    """Its process."""
    device: str
    """What it computes on: `2 cores`, or the name of the GPU."""


class Presence:
    """The lock and the note, below the queue's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / "worker.lock")
        self._note = folder / "worker.json"

    def claim(self) -> bool:
        """Be the worker of this home until the process ends; `False` when another one is."""
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
        """Whether a worker process lives. For other processes than the worker's own."""
        if not self._folder.exists():
            return False
        probe = FileLock(self._folder / "worker.lock")
        try:
            with probe.acquire(timeout=0):
                return False
        except Timeout:
            return True
