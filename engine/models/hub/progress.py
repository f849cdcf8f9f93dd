"""How far a download is: in bytes, for the file that comes and for all of them, and how fast."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from engine.models.hub.choice import HubFile


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a download stands."""

    file: str
    """The file that comes now."""
    file_done_bytes: int
    """How much of it is here."""
    file_bytes: int
    """How much it is."""
    done_bytes: int
    """How much of all files is here, what was here before included."""
    in_all_bytes: int
    """How much they are."""
    bytes_per_second: float
    """What came since this download began, over the time that it took; 0 before anything came."""

    @property
    def seconds_left(self) -> float | None:
        """At this rate; `None` while there is none."""
        return (self.in_all_bytes - self.done_bytes) / self.bytes_per_second if self.bytes_per_second > 0 else None


class Counter:
    """Adds up what comes, and tells it."""

    def __init__(self, in_all_bytes: int, here_bytes: int, tell: Callable[[Progress], None]) -> None:
        self.done_bytes = here_bytes
        self._in_all_bytes, self._here_bytes = in_all_bytes, here_bytes
        self._tell = tell
        self._begun = time.monotonic()
        self._file, self._file_bytes, self._file_done = "", 0, 0

    def begin(self, file: HubFile, drafted_bytes: int) -> None:
        """The next file, of which some may be here."""
        self._file, self._file_bytes, self._file_done = file.name, file.size_bytes, drafted_bytes
        self._say()

    def add(self, more_bytes: int) -> None:
        """So much more of it is here; fewer when it begins anew."""
        self._file_done += more_bytes
        self.done_bytes += more_bytes
        self._say()

    def _say(self) -> None:
        came, took = self.done_bytes - self._here_bytes, time.monotonic() - self._begun
        rate = came / took if came > 0 and took > 0 else 0.0
        file = self._file, self._file_done, self._file_bytes
        self._tell(Progress(*file, self.done_bytes, self._in_all_bytes, rate))
