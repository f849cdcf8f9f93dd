"""What is seen of projects, of the queue and of the world: what a page or a terminal shows, and nothing to write.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from engine.agent import Lane, Progress
from engine.events import Failed, Requested
from engine.types import Request, Stage, Status, Take, Task


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage of a project as it stands now."""

    stage: Stage
    status: Status
    takes: tuple[Take, ...]
    """All takes, oldest first, of whatever inputs."""
    chosen: Take | None
    """The approved take, or the stale one that was approved before."""
    pending: tuple[Requested, ...]
    """Takes asked for and not ended yet, oldest first."""
    running: str | None
    """The pending take that a worker has begun."""
    failure: Failed | None
    """Why the latest request failed, while no later one was made."""
    inputs: Mapping[str, str] | None
    """Fingerprints of its inputs now; `None` while an earlier stage is open."""
    tries: int
    """Automatic tries used for these inputs."""
    stale_because: tuple[str, ...] = ()
    """Names of the stages whose change made it stale."""
    asked: int = 0
    """Takes asked for so far, whatever became of them: the next one's seed is derived from it."""
    turned_down: Mapping[str, str] = field(default_factory=dict[str, str])
    """Take id -> why, for the takes that were rejected for these inputs, by the person or automatically."""


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A project as it stands now: what a page or a terminal shows."""

    id: str
    title: str
    task: Task
    request: Request
    stages: tuple[StageView, ...]
    automatic: tuple[str, ...]
    created_at: str
    saved_at: str
    """Time of the last journal entry."""
    entries: int
    """Number of journal entries: changes exactly when the view changes."""

    @property
    def open_stage(self) -> StageView:
        """The first stage that is not approved; when all are, an offered one that was begun, or the last."""
        begun = (s for s in self.stages if s.stage.optional and s.status in ("queued", "running", "waiting"))
        needed = [s for s in self.stages if not s.stage.optional]
        return next((s for s in needed if s.status != "approved"), next(begun, needed[-1]))

    @property
    def finished(self) -> bool:
        """Whether every stage is approved that is not merely offered."""
        return all(s.status == "approved" for s in self.stages if not s.stage.optional)


@dataclass(frozen=True, slots=True)
class Job:
    """One take in the queue."""

    take: str
    project: str
    title: str
    """The project's title."""
    stage: str
    status: Literal["queued", "running"]
    place: int
    """0 for the running one, 1 for the next …"""
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue as it stands now."""

    jobs: tuple[Job, ...]
    """The running ones first, then in order."""
    paused: bool
    """Whether the next job waits for `Studio.resume`."""
    worker: Literal["starting", "alive", "restarting", "stopped"]
    """How the process that does the work is."""


@dataclass(frozen=True, slots=True)
class ProjectSummary:
    """One project in a list."""

    id: str
    title: str
    task: str
    """Name of the task."""
    status: Status
    """Of the open stage."""
    open_stage: str
    """Name of the first stage that is not approved, or of the last."""
    created_at: str
    saved_at: str
    cover: str | None
    """Digest of the latest picture or video."""
    finished: bool


@dataclass(frozen=True, slots=True)
class World:
    """What the embedded models can draw, and what they run on."""

    title: str
    nouns: tuple[str, ...]
    colours: tuple[str, ...]
    scenes: tuple[str, ...]
    motions: tuple[str, ...]
    device: str
    """`2 cores`, or the name of a GPU."""
    sentence: str
    """What it knows, in one sentence."""


class Queue(Protocol):
    """The durable line of jobs between the page and the worker."""

    def put(self, project: str, take: str, lane: Lane) -> None:
        """Line up the job that makes this take; a take that was put before is left as it is."""
        ...

    def cancel(self, take: str) -> None:
        """Take a waiting job out; tell a running one to stop at its next denoising step."""
        ...

    def view(self) -> QueueView:
        """Say what is running and waiting."""
        ...

    def pause(self) -> None:
        """Begin no further job; the running ones finish."""
        ...

    def resume(self) -> None:
        """Go on."""
        ...
