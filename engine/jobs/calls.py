"""The line of jobs of a house without a worker: kept in memory, since the journals say what is still to be made.

Each job is made by the call that takes it: see engine.granted. Threads share it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from engine.agent import Lane
from engine.errors import UnknownProjectError
from engine.jobs.live import Live
from engine.jobs.queue import LANES, Describe, Ticket
from engine.seen import Job, QueueView


class CallQueue:
    """engine.seen.Queue in memory. `begin` hands a job to the call that asks, `end` takes it out."""

    def __init__(self, live: Live, describe: Describe) -> None:
        self._live = live
        self._describe = describe
        self._guard = threading.Lock()
        self._waiting: dict[str, Ticket] = {}
        self._running: dict[str, Ticket] = {}

    def put(self, project: str, take: str, lane: Lane) -> None:
        """See engine.seen.Queue."""
        with self._guard:
            if take not in self._running:
                self._waiting.setdefault(take, Ticket(project, take, lane))

    def cancel(self, take: str) -> None:
        """See engine.seen.Queue."""
        self._live.cancel(take)
        with self._guard:
            self._waiting.pop(take, None)

    def begin(self, wanted: Callable[[Ticket], bool]) -> Ticket | None:
        """Hand out the first job in the line that is wanted, one of a project at a time; `None` when there is none."""
        with self._guard:
            busy = {one.project for one in self._running.values()}
            free = (one for one in self._waiting.values() if one.project not in busy)
            ticket = next((one for one in free if wanted(one)), None)
            if ticket is not None:
                self._running[ticket.take] = self._waiting.pop(ticket.take)
            return ticket

    def end(self, ticket: Ticket) -> None:
        """Forget a job that was handed out."""
        with self._guard:
            self._running.pop(ticket.take, None)
        self._live.clear(ticket.take)

    def view(self) -> QueueView:
        """See engine.seen.Queue."""
        with self._guard:
            running, waiting = tuple(self._running.values()), tuple(self._waiting.values())
        return QueueView(tuple(self._jobs(running, waiting)), False, "alive")

    def pause(self) -> None:
        """Nothing: a job is made when somebody asks for it."""

    def resume(self) -> None:
        """Nothing."""

    def _jobs(self, running: tuple[Ticket, ...], waiting: tuple[Ticket, ...]) -> Iterator[Job]:
        places = dict.fromkeys(LANES, 0)
        for ticket in (*running, *waiting):
            try:
                title, stage = self._describe(ticket.project, ticket.take)
            except UnknownProjectError:
                continue
            if ticket in running:
                progress = self._live.progress(ticket.take)
                yield Job(ticket.take, ticket.project, title, stage, "running", 0, progress)
                continue
            places[ticket.lane] += 1
            yield Job(ticket.take, ticket.project, title, stage, "queued", places[ticket.lane])
