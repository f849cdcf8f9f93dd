"""Visitors of a public host: who they are to the house, and the part of the machine that each of them sees.

A visitor is known by a secret that their browser keeps. The house keeps only its digest, as the beginning of the names
of their projects: so nobody who sees a name learns the secret, and nobody without it finds the projects.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.errors import SettingError
from engine.house import House
from engine.seen import Queue, QueueView
from engine.store.projects import ProjectStore
from engine.views import Views

if TYPE_CHECKING:
    from engine.agent import Lane
    from engine.machine import Machine

_LEAST = 32
_DIGITS = 16


def guest_of(secret: str) -> str:
    """What the house calls the visitor with this secret: 16 hex digits.

    Raises SettingError for one that could be guessed.
    """
    if len(secret) < _LEAST:
        raise SettingError("This browser's mark is too short", "Reload the page: it gets another one.")
    return hashlib.sha256(secret.encode()).hexdigest()[:_DIGITS]


def house_of(house: House, guest: str) -> House:
    """The house as one guest sees it: the same models and agents, their own projects."""
    projects = house.projects.of(guest)
    return replace(house, projects=projects, runner=house.runner.among(projects))


@dataclass(frozen=True)
class GuestQueue:
    """A guest's jobs in the line; their places count everybody's."""

    whole: Queue
    projects: ProjectStore

    def put(self, project: str, take: str, lane: Lane) -> None:
        """See engine.seen.Queue."""
        self.whole.put(project, take, lane)

    def cancel(self, take: str) -> None:
        """See engine.seen.Queue."""
        self.whole.cancel(take)

    def view(self) -> QueueView:
        """See engine.seen.Queue."""
        seen = self.whole.view()
        return replace(seen, jobs=tuple(job for job in seen.jobs if job.project.startswith(self.projects.guest)))

    def pause(self) -> None:
        """Not for guests: it is everybody's line. Raises SettingError."""
        raise SettingError("The queue is everybody's", "Stop a take of your own instead.")

    def resume(self) -> None:
        """Not for guests either. Raises SettingError."""
        self.pause()


class GuestMachine:
    """The machine as one guest sees it."""

    def __init__(self, whole: Machine, house: House) -> None:
        self._whole = whole
        self._views: Views = house.runner.views
        self.queue: Queue = GuestQueue(whole.queue, house.projects)

    def preview(self, take: str) -> bytes | None:
        """See engine.machine.Machine; `None` for a take of somebody else."""
        mine = (one.take for view in self._views.all() for shown in view.stages for one in shown.pending)
        return self._whole.preview(take) if take in mine else None

    def device(self) -> str:
        """See engine.machine.Machine."""
        return self._whole.device()

    def work(self, guest: str) -> None:
        """See engine.machine.Machine."""
        self._whole.work(guest)

    def close(self) -> None:
        """Nothing: the machine is the host's."""
