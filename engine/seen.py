"""What is seen of projects, of the queue, of the world and of its models: what is shown, and nothing to write.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from engine.agent import Lane, Progress
from engine.events import Failed, Requested
from engine.types import ModelProfile, Request, Stage, Status, Take, Task

State = Literal["ships", "yours", "here", "in part", "not here"]
"""Whether a model is on this machine: with Greenlight, in a folder of one's own, or from a hub."""


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
    declined: frozenset[tuple[str, str]] = frozenset()
    """Prompt takes of this stage, and what the judges proposed of them that the person did not want."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit of a prompt, to be accepted or not."""

    stage: str
    """Whose words they are."""
    field: str
    before: str
    after: str
    why: str
    """What was missed, as a sentence."""

    @property
    def told(self) -> str:
        """The edit in a line, as a decision about it has it: `motion: the ball bounces, it rolls`."""
        return f"{self.field}: {self.after}"


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
    device: str = ""
    """What a running one computes on; empty where it needs no device, or its worker has not told yet."""


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue as it stands now."""

    jobs: tuple[Job, ...]
    """The running ones first, then in order."""
    paused: bool
    """Whether the next job waits for `Studio.resume`."""
    worker: Literal["starting", "alive", "restarting", "lost", "stopped"]
    """How the process that does the work is; of several, the best of them. Lost: its GPU answers no more."""
    away: int = 0
    """How many others do not work now, and come back."""
    lost: int = 0
    """How many others wait for a GPU that answers no more."""


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


@dataclass(frozen=True, slots=True)
class Errand:
    """A download, or a check of what was downloaded, that the person asked for."""

    model: str
    """Name of its row."""
    what: Literal["download", "check"]
    status: Literal["waiting", "asking", "coming", "reading", "stopping", "stopped", "failed", "done"]
    """`asking` the hub what there is, `coming` from it; `reading` what is here."""
    done_bytes: int = 0
    """How much of it is here, also what was here before."""
    in_all_bytes: int = 0
    """How much it is; 0 while unknown."""
    seconds_left: float | None = None
    """At the rate so far; `None` while there is none."""
    bytes_per_second: float = 0.0
    """The rate so far."""
    problem: str = ""
    """What went wrong, and what to do."""

    @property
    def under_way(self) -> bool:
        """Whether it has not ended."""
        return self.status in ("waiting", "asking", "coming", "reading", "stopping")


@dataclass(frozen=True, slots=True)
class Speed:
    """What a job took on this machine, with one model, when it was done last."""

    job: str
    """Name of the agent."""
    step_seconds: float
    """One denoising step."""
    after_seconds: float
    """From the last step to the end of the take."""


@dataclass(frozen=True, slots=True)
class ModelView:
    """A row of the model table as it stands on this machine."""

    row: ModelProfile
    state: State
    size_bytes: int
    """What of it lies on this disk."""
    why_not: str = ""
    """Why it cannot run here; empty when it can, or nothing says otherwise."""
    speeds: tuple[Speed, ...] = ()
    """What was measured here, one a job."""
    shares: tuple[str, ...] = ()
    """Titles of other rows whose files are partly the same."""


@dataclass(frozen=True, slots=True)
class PresetView:
    """A choice of one model a job, for machines of one size."""

    name: str
    """Stable: `24`."""
    title: str
    """What a person reads: `24 GB`."""
    models: Mapping[str, str]
    """Job -> name of the row."""
    choice: Literal["", "proposed", "chosen"] = ""
    """Whether this machine's size proposes it, or the person chose it."""


@dataclass(frozen=True, slots=True)
class ShelfView:
    """The models of this machine as they stand now."""

    models: tuple[ModelView, ...]
    presets: tuple[PresetView, ...]
    errands: tuple[Errand, ...]
    """In the order in which they were asked for."""
    free_bytes: int
    """What the disk has left for downloads."""
    folder: str
    """Where downloads go."""
    gpu_gib: float | None
    """Memory of the GPU; `None` where there is none."""


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
