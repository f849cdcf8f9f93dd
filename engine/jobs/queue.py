"""The durable queue: a dbos queue on SQLite under `GREENLIGHT_HOME/queue/`.

A job is (project, take); its workflow id is the take's id, so nothing is queued twice. There are two lanes:
`device`, one job at a time in each worker, and `words`, two. Whichever worker is free takes the job that was put
first, so a project's are handed out in their order. The queue only says what is to be done: what *was* done stands
in the journals, and `reconcile` puts again what a journal still waits for. Any process may hold a queue; it
never imports torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dbos import DBOS, DBOSClient, WorkflowStatus
from sqlalchemy.exc import DBAPIError

from engine.agent import Lane
from engine.errors import StorageError, UnknownProjectError
from engine.jobs.live import Live
from engine.jobs.presence import Presence
from engine.seen import Job, QueueView

APPLICATION = "greenlight"
WORKFLOW = "make"
VERSION = "jobs-1"
"""Names the shape of a job's arguments; change it only with them, or what is queued is stranded."""
LANES: dict[Lane, int] = {"device": 1, "words": 2}
"""Lane -> jobs at the same time, in each worker."""
POLL_SECONDS = 0.15
_OPEN = ["PENDING", "ENQUEUED"]
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


WorkerState = Literal["starting", "alive", "restarting", "lost", "stopped"]
Describe = Callable[[str, str], tuple[str, str]]
"""Project and take -> the project's title and the take's stage; raises UnknownProjectError."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A job that somebody waits for."""

    project: str
    take: str
    lane: Lane


def database_url(folder: Path) -> str:
    """Address of the queue's database below `folder`, which is made if it is not there.

    Raises StorageError when it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            "The queue's folder cannot be made",
            "Set GREENLIGHT_HOME to a folder that may be written.",
            value=f"{folder}: {error.strerror}",
        ) from error
    return f"sqlite:///{folder / 'queue.sqlite'}"


class DurableQueue:
    """engine.seen.Queue on disk. Threads may share one.

    Every method raises StorageError when the database cannot be read or written.
    """

    def __init__(
        self,
        folder: Path,
        live: Live,
        describe: Describe,
        worker: Callable[[], WorkerState],
        away: Callable[[], Sequence[WorkerState]] = lambda: (),
    ) -> None:
        """Open the queue below `folder`; `worker` and `away` say how those who do the work are: see QueueView."""
        self._folder = folder
        self._live = live
        self._describe = describe
        self._worker = worker
        self._away = away
        url = database_url(folder)
        with _stored(folder):
            DBOS.migrate(url)
            self._client = DBOSClient(system_database_url=url, application_name=APPLICATION)
            for lane, at_once in LANES.items():
                self._client.register_queue(
                    lane,
                    worker_concurrency=at_once,
                    polling_interval_sec=POLL_SECONDS,
                    on_conflict="never_update",  # a pause outlives the process
                )

    def close(self) -> None:
        """Let the database go."""
        self._client.destroy()

    def put(self, project: str, take: str, lane: Lane) -> None:
        """Queue the job; nothing happens when it is there already."""
        with _stored(self._folder):
            self._client.enqueue(
                {
                    "workflow_name": WORKFLOW,
                    "queue_name": lane,
                    "workflow_id": take,
                    "app_version": VERSION,
                    "attributes": {"project": project},
                },
                project,
                take,
            )

    def cancel(self, take: str) -> None:
        """Take a waiting job out; tell a running one to stop at its next denoising step.

        The mark goes first: a job that begins between the two still meets it at its first step.
        """
        self._live.cancel(take)
        with _stored(self._folder):
            if self._rows(["ENQUEUED"], takes=[take]):
                self._client.cancel_workflow(take)

    def view(self) -> QueueView:
        """All jobs: the running ones (or those that a dead worker ran), then the others, in order.

        The place counts within the job's lane: nothing in another lane holds it up. A job that a worker took out
        while a pause came, and holds, still waits.
        """
        with _stored(self._folder):
            rows = self._rows(_OPEN)
        running, waiting = [], []
        places = dict.fromkeys(LANES, 0)
        for row in rows:
            if row.status == "PENDING" and self._live.begun(row.workflow_id):
                running.append(self._job(row, 0))
            elif row.queue_name in places:
                places[row.queue_name] += 1
                waiting.append(self._job(row, places[row.queue_name]))
        jobs = tuple(job for job in (*running, *waiting) if job is not None)
        away = self._away()
        lost = away.count("lost")
        return QueueView(jobs, self.paused, self._worker(), len(away) - lost, lost)

    def pause(self) -> None:
        """Let no waiting job begin, also after a restart; what runs is finished."""
        for lane in LANES:
            self._set_at_once(lane, 0)

    def resume(self) -> None:
        """Let waiting jobs begin again."""
        for lane, at_once in LANES.items():
            self._set_at_once(lane, at_once)

    @property
    def paused(self) -> bool:
        """Whether waiting jobs are held back."""
        with _stored(self._folder):
            return any(row.worker_concurrency == 0 for row in self._client.list_queues())

    def reconcile(self, wanted: Iterable[Ticket]) -> tuple[str, ...]:
        """Let jobs of dead workers wait again, where they stood; forget ended ones, then put each wanted one that the
        queue does not hold; returns those takes."""
        with _stored(self._folder):
            for row in self._rows(["PENDING"]):
                self._inherit(row)
            self._client.delete_workflows([row.workflow_id for row in self._rows(_ENDED)])
            held = {row.workflow_id for row in self._rows(_OPEN)}
        lost = [ticket for ticket in wanted if ticket.take not in held]
        for ticket in lost:
            self.put(ticket.project, ticket.take, ticket.lane)
        return tuple(ticket.take for ticket in lost)

    def _job(self, row: WorkflowStatus, place: int) -> Job | None:
        project: str = (row.attributes or {})["project"]
        try:
            title, stage = self._describe(project, row.workflow_id)
        except UnknownProjectError:
            return None
        if place:
            return Job(row.workflow_id, project, title, stage, "queued", place)
        progress = self._live.progress(row.workflow_id)
        return Job(row.workflow_id, project, title, stage, "running", 0, progress, self._device(row))

    def _device(self, row: WorkflowStatus) -> str:
        """What a running job computes on, as its worker told; empty for one that needs no device."""
        worker = Presence.named(self._folder, row.executor_id or "")
        note = worker.note() if worker is not None and row.queue_name == "device" else None
        if worker is None or note is None:
            return ""
        alone = len([*self._folder.glob("worker-*.json")]) == 1
        return note.device if alone else f"{note.device} (worker {worker.number + 1})"

    def _inherit(self, row: WorkflowStatus) -> None:
        """Let a job wait again that a worker held, if that one is dead. One that comes back finds its own by itself."""
        worker = Presence.named(self._folder, row.executor_id or "")
        with worker.vacant() if worker is not None else nullcontext(True) as free:
            if free:
                self._live.lay_down(row.workflow_id)
                self._client.resume_workflow(row.workflow_id, queue_name=row.queue_name)

    def _rows(self, status: list[str], takes: list[str] | None = None) -> list[WorkflowStatus]:
        rows: list[WorkflowStatus] = self._client.list_workflows(
            status=status, workflow_ids=takes, name=WORKFLOW, load_input=False, load_output=False
        )
        return rows

    def _set_at_once(self, lane: Lane, jobs: int) -> None:
        with _stored(self._folder):
            row = self._client.retrieve_queue(lane)
            if row is not None:
                row.set_worker_concurrency(jobs)


@contextmanager
def _stored(folder: Path) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StorageError(
            "The queue could not be read or written",
            "Make room on the disk. If that is not it, close Greenlight and delete this folder: what is still to be "
            "done stands in the projects, and is queued again.",
            value=f"{folder}: {error.orig}",
        ) from error
