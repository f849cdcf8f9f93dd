"""The part of the machine that the page sees: the queue, the workers, what they compute on, their live pictures."""

from __future__ import annotations

import os
import sys
from typing import Protocol

from engine.configuration import Configuration
from engine.house import ROOT, open_queue
from engine.jobs.live import Live
from engine.jobs.posts import Shift, posts
from engine.jobs.watch import Command
from engine.jobs.worker import cores
from engine.models.device import gpus
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

    def work(self, guest: str) -> None:
        """Make a guest's next take inside this call, where the device is granted to calls; nothing elsewhere."""
        ...

    def close(self) -> None:
        """End what was started."""
        ...


class LocalMachine:
    """This machine, with the durable queue of one home."""

    def __init__(self, configuration: Configuration, projects: ProjectStore, *, worker: bool) -> None:
        """Open the queue; with `worker`, start the worker processes and watch them.

        Raises StorageError; SettingError or NoDeviceError where there are fewer GPUs than the configuration wants.
        """
        home = configuration.home
        self._live = Live(home / "live")
        arguments = (sys.executable, "-m", "engine", "worker", "--attached")
        environment = {**os.environ, "GREENLIGHT_HOME": str(home)}
        manned = posts(gpus(), configuration.workers, configuration.gpus_per_job) if worker else ()
        self._shift = Shift(Command(arguments, ROOT, environment), home / "queue", manned)
        self.queue = open_queue(projects, self._shift.state, self._shift.away)
        self._shift.start()

    def preview(self, take: str) -> bytes | None:
        """See Machine. Raises UnknownProjectError for what is no take's name."""
        return self._live.preview(take)

    def device(self) -> str:
        """See Machine: as the worker told, and until it did, the cores."""
        return self._shift.device() or cores()

    def work(self, guest: str) -> None:
        """Nothing: the workers do it."""

    def close(self) -> None:
        """End the workers, which lay down what they make, and let the queue go."""
        self._shift.stop()
        self.queue.close()
