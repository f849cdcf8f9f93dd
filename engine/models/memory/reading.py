"""Weights read ahead: a thread goes through the files that will be loaded next, so that they lie in memory by then.

Nothing is kept: the system's page cache does that, as long as there is room. More than three quarters of what is
available is never read, since the beginning would be dropped for the end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from engine.errors import GreenlightError
from engine.models import places, sources
from engine.models.memory.weights import components, files_of
from engine.types import ModelProfile

_CHUNK: Final = 4 * 2**20
_SHARE: Final = 0.75
_MEMINFO: Final = Path("/proc/meminfo")


def available_bytes(told: Path = _MEMINFO) -> int | None:
    """Memory of this machine that is free or could be; `None` where the system does not say so here."""
    try:
        lines = told.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError, IndexError):
        return None


def files(profile: ModelProfile, root: Path) -> tuple[Path, ...]:
    """The weights files that loading will read, in its order; none where they are not all here."""
    try:
        lent = sources.borrowed(profile, sources.lenders(profile, root))
        own = components(places.locate(profile.repository, profile.revision, root).folder, lent)
        second = components(places.locate(profile.refiner, None, root).folder) if profile.refiner else ()
        return tuple(path for part in (*own, *second) for path in files_of(part.folder, part.variant))
    except (GreenlightError, OSError, ValueError):
        return ()


class ReadAhead:
    """At most one model is read at a time."""

    def __init__(self, available: Callable[[], int | None] = available_bytes) -> None:
        self._available = available
        self._stop = threading.Event()
        self._name = ""
        self.thread: threading.Thread | None = None
        """The one that reads, or that has read last."""
        self.read_bytes = 0
        """How much it has read so far."""

    def begin(self, profile: ModelProfile, root: Path) -> None:
        """Begin with a model's files, unless they are being read or were the last to be."""
        if profile.name == self._name:
            return
        self.stop()
        self._name, self._stop, self.read_bytes = profile.name, threading.Event(), 0
        arguments = (files(profile, root), self._stop)
        self.thread = threading.Thread(target=self._read, args=arguments, name="read-ahead", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Leave off: something is about to be loaded."""
        self._stop.set()
        self._name = ""

    def _read(self, paths: Sequence[Path], stop: threading.Event) -> None:
        available = self._available()
        most = None if available is None else int(available * _SHARE)
        buffer = bytearray(_CHUNK)
        for path in paths:
            try:
                with path.open("rb", buffering=0) as stream:
                    while not stop.is_set() and (most is None or self.read_bytes < most):
                        count = stream.readinto(buffer)
                        if not count:
                            break
                        self.read_bytes += count
            except OSError:
                return  # loading will say what is wrong
