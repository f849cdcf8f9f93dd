"""The worker's end of the Reporter: what an agent tells becomes live files, and a wish to stop reaches it."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace

from engine.agent import Progress
from engine.errors import StorageError, TakeCancelled
from engine.jobs.live import Live
from engine.jobs.pace import PaceHistory, Stopwatch

_SECONDS_BETWEEN = 0.2
_log = logging.getLogger(__name__)


class WorkerStopping(BaseException):
    """The worker is closing and lays the take down unfinished; it is taken up at the next start.

    Not an Exception, like KeyboardInterrupt: no agent may mistake it for a failure of its own.
    """


class LiveReporter:
    """Reporter of one take. Each report is a place to stop; at most five a second are written."""

    def __init__(self, take: str, live: Live, stopping: threading.Event) -> None:
        self._take = take
        self._live = live
        self._stopping = stopping
        self._watch = Stopwatch(None)
        self._key: str | None = None
        self._history: PaceHistory | None = None
        self._phase = ""
        self._written_at = 0.0

    def expect(self, history: PaceHistory, key: str) -> None:
        """Estimate from what takes of this kind cost before, and let `finish` learn from this one."""
        self._history, self._key = history, key
        self._watch = Stopwatch(history.expect(key))

    def report(self, progress: Progress, preview: bytes | None = None) -> None:
        """Show the progress and its preview (PNG); see engine.agent.Reporter.

        Raises TakeCancelled when the person stopped the take, WorkerStopping when the worker closes.
        """
        self.check()
        now = time.monotonic()
        left = self._watch.note(progress, now)
        if progress.phase == self._phase and now - self._written_at < _SECONDS_BETWEEN:
            return
        self._phase, self._written_at = progress.phase, now
        try:
            self._live.show(self._take, replace(progress, seconds_left=left), preview)
        except StorageError as error:
            _log.warning("progress of %s is not shown: %s", self._take, error)

    def check(self) -> None:
        """Raise what `report` would raise, and show nothing."""
        if self._stopping.is_set():
            raise WorkerStopping
        if self._live.cancelled(self._take):
            raise TakeCancelled("The take was stopped", "Make another one when you like.")

    def finish(self) -> None:
        """The take was recorded: learn from it."""
        pace = self._watch.pace(time.monotonic())
        if pace is None or self._history is None or self._key is None:
            return
        try:
            self._history.learn(self._key, pace)
        except StorageError as error:
            _log.warning("the pace of %s is not remembered: %s", self._take, error)
