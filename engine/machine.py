"""The part of the machine that the page sees: the queue, the worker process, what it computes on, its live pictures."""

from __future__ import annotations

import os
import sys
from typing import Protocol

from engine.configuration import Configuration
from engine.house import ROOT, open_queue
from engine.jobs.live import Live
from engine.jobs.presence import Presence
from engine.jobs.queue import WorkerState
from engine.jobs.watch import Command, Watcher
from engine.jobs.worker import cores
from engine.seen import Queue
from engine.store.projects import ProjectStore


class Machine(Protocol):
    """What the Studio asks of the machine."""

    @property
    def queue(self) -> Queue:
        """The line of jobs."""
        ...

    def preview(self, take: str) -> bytes | None:
        """The latest picture of a running take's latents (PNG or WebP); `None` when there is none."""
        ...

    def device(self) -> str:
        """What takes are computed on: `2 cores`, or the name of a GPU."""
        ...

    def close(self) -> None:
        """End what was started."""
        ...


class LocalMachine:
    """This machine, with the durable queue of one home."""

    def __init__(self, configuration: Configuration, projects: ProjectStore, *, worker: bool) -> None:
        """Open the queue; with `worker`, start a worker process and watch it. Raises StorageError."""
        home = configuration.home
        self._live = Live(home / "live")
        self._presence = Presence(home / "queue")
        self._watcher: Watcher | None = None
        self.queue = open_queue(projects, self._state)
        if worker:
            arguments = (sys.executable, "-m", "engine", "worker", "--attached")
            environment = {**os.environ, "GREENLIGHT_HOME": str(home)}
            self._watcher = Watcher(Command(arguments, ROOT, environment), self._presence)
            self._watcher.start()

    def preview(self, take: str) -> bytes | None:
        """See Machine. Raises UnknownProjectError for what is no take's name."""
        return self._live.preview(take)

    def device(self) -> str:
        """See Machine: as the worker told, and until it did, the cores."""
        note = self._presence.note()
        return cores() if note is None else note.device

    def close(self) -> None:
        """End the worker, which lays down what it makes, and let the queue go."""
        if self._watcher is not None:
            self._watcher.stop()
        self.queue.close()

    def _state(self) -> WorkerState:
        if self._watcher is not None:
            return self._watcher.state
        return "alive" if self._presence.taken() else "stopped"
