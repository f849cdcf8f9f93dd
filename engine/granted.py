"""A machine whose GPU is granted to single calls (a ZeroGPU Space): each job is made inside the call that asks for it.

Same runner, same journal, no worker. While a page is open it asks again and again (`work`), and each time the next take
of that visitor is made. What needs the device runs in a process that the host forks from this one, with the models that
were loaded here at the start: what it makes lies on the disk, and nothing else of it is left.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final, Protocol

from engine import overview
from engine.configuration import Configuration
from engine.errors import DeviceRefusedError, GreenlightError, UnknownProjectError
from engine.house import Workshop, build
from engine.jobs.calls import CallQueue
from engine.jobs.live import Live
from engine.jobs.pace import PaceHistory
from engine.jobs.queue import Ticket
from engine.jobs.reporter import LiveReporter
from engine.models.memory.modes import DEVICE
from engine.models.profiles import POCKET
from engine.store.projects import ProjectStore
from engine.types import Value

Make = Callable[[str, str], None]
"""Project and take -> made."""
GPU_GIB: Final = 47.0
"""Memory of what is granted: half an RTX Pro 6000 Blackwell, as Hugging Face had it last in 2026; half an
H200, which holds more, before."""
_UNKNOWN_SECONDS: Final = 60
_LEAST_SECONDS: Final = 15
_MOST_SECONDS: Final = 120
"""More than this few visitors are granted at once."""


class Grant(Protocol):
    """`spaces.GPU`: makes a function one that runs with a GPU, for so many seconds at most."""

    def __call__(self, *, duration: Callable[[str, str], int]) -> Callable[[Make], Make]:
        """duration: from the function's own arguments."""
        ...


class GrantedMachine:
    """See the module. Every take is made by `work`."""

    def __init__(self, configuration: Configuration, projects: ProjectStore, grant: Grant) -> None:
        """Load the models, and line up what the journals wait for. Raises StorageError, and what loading raises."""
        self._projects = projects
        self._live = Live(configuration.home / "live")
        self._pace = configuration.home / "queue" / "pace.json"
        self.queue = CallQueue(self._live, self._describe)
        whole = replace(configuration, memory=DEVICE.name)  # what is loaded here cannot be held in parts there
        self.house = build(whole, self.queue, projects, lambda: GPU_GIB, whole=True)
        self._workshop = Workshop(self.house)
        self._on_device = grant(duration=self._seconds)(self._make)
        self._load()
        for ticket in self._workshop.wanted():
            self.queue.put(ticket.project, ticket.take, ticket.lane)

    def preview(self, take: str) -> bytes | None:
        """See engine.machine.Machine."""
        return self._live.preview(take)

    def device(self) -> str:
        """See engine.machine.Machine."""
        return "ZeroGPU"

    def work(self, guest: str) -> None:
        """Make the next take of a guest, or of anybody where none is named. Raises StorageError."""
        ticket = self.queue.begin(lambda one: one.project.startswith(guest))
        if ticket is None:
            return
        try:
            self._make_here(ticket)
        finally:
            self.queue.end(ticket)
        with suppress(UnknownProjectError):  # removed meanwhile
            self.house.runner.advance(ticket.project)

    def close(self) -> None:
        """Nothing was started."""

    def _make_here(self, ticket: Ticket) -> None:
        """Make a take in this call: with the device, if it needs one."""
        if not self._workshop.pace_key(ticket.project, ticket.take):
            return  # it is wanted no more
        try:
            (self._on_device if ticket.lane == "device" else self._make)(ticket.project, ticket.take)
        except Exception as error:
            with suppress(UnknownProjectError):
                self.house.runner.give_up(ticket.project, ticket.take, _named(error))

    def _make(self, project: str, take: str) -> None:
        """Make a take, in the process that the host forks or in this one.

        Nothing is waited for that another thread may have held when it was forked: so the store is opened anew.
        """
        runner = self.house.runner.among(ProjectStore(self._projects.home))
        reporter = LiveReporter(take, self._live, threading.Event())
        reporter.expect(PaceHistory(self._pace), self._workshop.pace_key(project, take))
        runner.make(project, take, reporter)
        reporter.finish()

    def _seconds(self, project: str, take: str) -> int:
        """How long to ask for: half as much again as takes of its kind took here, and some time to begin."""
        pace = PaceHistory(self._pace).expect(self._workshop.pace_key(project, take))
        if pace is None:
            return _UNKNOWN_SECONDS
        steps = self._steps(project, take)
        if not isinstance(steps, int):
            return _UNKNOWN_SECONDS
        needed = 1.5 * (steps * pace.step_seconds + pace.after_seconds) + _LEAST_SECONDS
        return round(min(max(needed, _LEAST_SECONDS), _MOST_SECONDS))

    def _steps(self, project: str, take: str) -> Value:
        """The denoising steps of a take that is asked for: its own, or its model's."""
        stages = self.house.runner.views.view(project).stages
        settings = next((one.settings for shown in stages for one in shown.pending if one.take == take), {})
        rows = {row.name: row for row in self.house.rows}
        row = rows.get(str(settings.get("profile", POCKET.name)), POCKET)
        return settings.get("steps", row.defaults.get("steps"))

    def _load(self) -> None:
        """Bring every model that may be asked for to the device, before any is granted: the host wants it so."""
        lease = self.house.crew.lease()
        for row in (POCKET, *(row for row in self.house.profiles if row.gpu)):
            with lease.borrow(row):
                pass

    def _describe(self, project: str, take: str) -> tuple[str, str]:
        return overview.describe(self._projects.project(project), take)


def _named(error: Exception) -> GreenlightError:
    """What went wrong, in the person's terms: what is not the house's own is the host's."""
    if isinstance(error, GreenlightError):
        return error
    return DeviceRefusedError(
        "The host did not grant its GPU, or took it back before the take was done",
        "Make another take in a while; who signs in to Hugging Face is granted more.",
        value=" ".join(str(error).split())[:200],
    )
