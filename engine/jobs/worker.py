"""The worker: a process that owns a device and the models on it, and makes the takes that are queued.

A home has one, or one for each GPU: see engine.jobs.posts.

It may be killed at any moment: dbos hands an interrupted job to the next worker, `Workshop.wanted` names what the
queue lost, and the journals say what is done already. Asked to stop, it lays its takes down at the next denoising
step. When its GPU is lost it ends, since nothing more can be done with it in this process; the app starts it anew, and
the take is taken up once more. It knows neither store nor agents: a Workshop brings them.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, Protocol

from dbos import DBOS

from engine.agent import Reporter
from engine.errors import DeviceLostError, GreenlightError
from engine.jobs.live import Live
from engine.jobs.pace import PaceHistory
from engine.jobs.presence import Presence, WorkerNote
from engine.jobs.queue import APPLICATION, POLL_SECONDS, VERSION, WORKFLOW, DurableQueue, Ticket, database_url
from engine.jobs.reporter import LiveReporter, WorkerStopping
from engine.jobs.watch import OCCUPIED_EXIT, READY_LINE
from engine.models.device import gpu_name

_NICENESS = 5
_RECONCILE_SECONDS = 60.0
_PATIENCE_SECONDS = 5.0
_LOG_BYTES = 4 * 1024**2
_log = logging.getLogger(__name__)


class Workshop(Protocol):
    """What the worker needs from the rest of the house."""

    def make(self, project: str, take: str, reporter: Reporter) -> None:
        """Make the take and record it, its failure or its cancelling; nothing when it has ended already.

        Raises DeviceLostError when the GPU is lost.
        """
        ...

    def release(self, project: str, take: str) -> None:
        """Record that the take was laid down unfinished, in good order."""
        ...

    def wanted(self) -> Sequence[Ticket]:
        """Bring every project forward, and name the takes that were asked for and have not ended."""
        ...

    def pace_key(self, project: str, take: str) -> str:
        """See engine.jobs.pace: the same for takes that cost the same; empty when nobody waits for the take."""
        ...

    def rest(self) -> None:
        """Let go of what nobody has used for a while; called about every minute."""
        ...

    def warm(self) -> str:
        """Load what every take needs; returns what it computes on: `2 cores`, or the name of the GPU."""
        ...


Compose = Callable[[], tuple[Workshop, DurableQueue]]


def main(home: Path, compose: Compose, attached: bool, number: int = 0) -> NoReturn:
    """Be a worker of `home` until told to stop; exits with 0, or OCCUPIED_EXIT when there is one of this number.

    Told by SIGTERM or Ctrl-C; when `attached` to an app also by the end of standard input, and then its log is
    `worker.log` in the home. Exits without winding Python down: threads of torch may be anywhere, and whatever must
    last is on the disk.
    """
    if attached:
        _log_to_file(home / (f"worker-{number}.log" if number else "worker.log"))
    presence = Presence(home / "queue", number)
    if not presence.claim():
        note = presence.note()
        _log.error("Another worker%s serves %s: this one ends.", f" (process {note.pid})" if note else "", home)
        _leave(OCCUPIED_EXIT)
    os.nice(_NICENESS)  # counts only while the cores are wanted by something else, such as the page
    orders = [_stop_signals()] + ([sys.stdin.fileno()] if attached else [])
    try:
        workshop, queue = compose()
        Worker(home, workshop, queue, presence).run(orders, ready=_say_ready if attached else lambda: None)
    except GreenlightError as error:
        _log.error("The worker ends: %s", error)
        _leave(1)
    presence.release()
    _leave(0)


class Worker:
    """Takes jobs from the queue of a home until it is told to stop."""

    def __init__(self, home: Path, workshop: Workshop, queue: DurableQueue, presence: Presence) -> None:
        self._folder = home / "queue"
        self._live = Live(home / "live")
        self._history = PaceHistory(self._folder / "pace.json")
        self._workshop = workshop
        self._queue = queue
        self._presence = presence
        self._stopping = threading.Event()
        self._idle = threading.Condition()
        self._making: dict[str, str] = {}
        self._warming = threading.Thread(target=self._warm, name="warm", daemon=True)
        self._lost: DeviceLostError | None = None
        self._alarm, self._bell = os.pipe()
        """One end can be read once the other was closed: the device is lost."""

    def run(self, orders: Sequence[int], ready: Callable[[], None]) -> None:
        """Work until one of the descriptors `orders` can be read, or its other end is closed.

        Calls `ready` once jobs are taken. Then waits a few seconds for what is being made to be laid down.
        Raises DeviceLostError, after the same, when the device is lost.
        """
        wanted = self._workshop.wanted()
        self._live.begin(frozenset(ticket.take for ticket in wanted), self._presence.name)
        self._queue.reconcile(wanted)
        self._launch()
        self._presence.tell(WorkerNote(os.getpid(), gpu_name() or cores()))
        ready()
        while not select.select([*orders, self._alarm], [], [], _RECONCILE_SECONDS)[0]:
            self._reconcile()
            self._workshop.rest()
        with self._idle:
            self._stopping.set()
            self._idle.wait_for(lambda: not self._making, _PATIENCE_SECONDS)
            for take, project in self._making.items():
                self._workshop.release(project, take)
        if self._lost is not None:
            raise self._lost

    def _reconcile(self) -> None:
        """Queue again what a journal waits for and the queue lost, or holds for ended: its page was killed, say."""
        try:
            self._queue.reconcile(self._workshop.wanted())
        except GreenlightError as error:
            _log.error("the projects could not be looked through: %s", error)

    def _launch(self) -> None:
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": database_url(self._folder),
                "application_version": VERSION,
                "executor_id": self._presence.name,
                "log_level": "WARNING",
            }
        )

        def make(project: str, take: str) -> None:  # dbos leaves its marks on a function, and cannot on a method
            self._job(project, take)

        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)(make)
        DBOS.launch()

    def _job(self, project: str, take: str) -> None:
        self._hold(take)
        with self._idle:
            if self._stopping.is_set():
                raise WorkerStopping
            self._making[take] = project
        try:
            self._live.start(take, self._presence.name)
            self._make(project, take)
        except WorkerStopping:
            self._workshop.release(project, take)
            raise
        except DeviceLostError as error:  # the take keeps its Started: this was one of its lives
            self._lose(error)
            raise WorkerStopping from error
        except GreenlightError as error:  # a full disk, say; what is still wanted is queued again
            _log.error("take %s of project %s was not made: %s", take, project, error)
        else:
            self._live.clear(take)
        finally:
            with self._idle:
                del self._making[take]
                self._idle.notify_all()
                if not self._warming.ident:  # after the first job, often a prompt, which should not wait for torch
                    self._warming.start()

    def _hold(self, take: str) -> None:
        """Wait as long as the queue is paused: dbos reads of a pause one poll late, and may have taken a job out."""
        while self._queue.paused and not self._live.cancelled(take):
            if self._stopping.wait(POLL_SECONDS):
                raise WorkerStopping

    def _make(self, project: str, take: str) -> None:
        reporter = LiveReporter(take, self._live, self._stopping)
        key = self._workshop.pace_key(project, take)
        if key:
            reporter.expect(self._history, key)
        self._workshop.make(project, take, reporter)
        reporter.finish()

    def _lose(self, error: DeviceLostError) -> None:
        """Begin nothing more, and end."""
        self._stopping.set()
        if self._lost is None:
            self._lost = error
            os.close(self._bell)

    def _warm(self) -> None:
        try:
            self._presence.tell(WorkerNote(os.getpid(), self._workshop.warm()))
        except DeviceLostError as error:
            self._lose(error)
        except GreenlightError as error:
            _log.warning("nothing was loaded ahead of the first take: %s", error)


def cores() -> str:
    """What a worker without a GPU computes on: `2 cores`."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return "1 core" if count == 1 else f"{count} cores"


def _stop_signals() -> int:
    """A descriptor that can be read once a signal said stop."""
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end)
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: None)
    return read_end


def _log_to_file(path: Path) -> None:
    """Let standard error be the log, with what torch and the interpreter say when they die."""
    path.parent.mkdir(parents=True, exist_ok=True)
    large = path.exists() and path.stat().st_size > _LOG_BYTES
    with path.open("wb" if large else "ab") as file:
        os.dup2(file.fileno(), sys.stderr.fileno())
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING, force=True)


def _say_ready() -> None:
    os.write(sys.stdout.fileno(), READY_LINE)


def _leave(code: int) -> NoReturn:
    logging.shutdown()
    os._exit(code)
