"""The house put together: which store, agents, approver and queue serve one home. Studio and worker both start here.

Nothing is written, and neither torch nor dbos imported, before it is needed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine import overview, walk
from engine.agent import Reporter
from engine.approval import Automatic
from engine.configuration import Configuration, LanguageModel
from engine.crew import Crew
from engine.errors import UnknownProjectError
from engine.media import inspection
from engine.media.cutting import glimpse
from engine.media.images import open_image
from engine.models import own_rows
from engine.models.device import gpu_gib
from engine.models.memory import modes
from engine.models.profiles import POCKET, PROFILES, choosable, held_by, here
from engine.panel import Panel
from engine.runner import Runner
from engine.seen import Queue
from engine.store.preferences import Preferences
from engine.store.projects import ProjectStore
from engine.tasks import table
from engine.types import ModelProfile, Recipe

if TYPE_CHECKING:
    import torch

    from engine.jobs.queue import DurableQueue, Ticket, WorkerState


class Inspection:
    """Looks into files through the media room; see engine.approval.Inspection."""

    def blank(self, image: bytes) -> bool:
        """Whether the picture shows nothing. Raises ImageError."""
        return inspection.blank(open_image(image))

    def empty(self, mask: bytes) -> bool:
        """Whether the mask covers nothing. Raises ImageError."""
        return open_image(mask).convert("L").getextrema()[1] == 0

    def frozen(self, video: bytes) -> bool:
        """Whether nothing moves in the video. Raises VideoError."""
        return inspection.frozen(glimpse(video))


ROOT = Path(__file__).resolve().parents[1]
"""The project's root: the models that ship lie below it."""


@dataclass(frozen=True, slots=True)
class House:
    """What one home is served by."""

    configuration: Configuration
    projects: ProjectStore
    preferences: Preferences
    crew: Crew
    runner: Runner
    recipes: Mapping[str, Recipe]
    profiles: tuple[ModelProfile, ...] = (POCKET,)
    """The models that can be chosen on this machine."""
    rows: tuple[ModelProfile, ...] = PROFILES
    """The whole table, rows of one's own included."""


def build(
    configuration: Configuration,
    queue: Queue,
    projects: ProjectStore | None = None,
    gpu: Callable[[], float | None] = gpu_gib,
    whole: bool = False,
) -> House:
    """Put the house of a home together around its queue. gpu: its memory in GiB, if any; whole: whether models are held
    there whole or not at all.

    Raises SettingError for a row of one's own or a way to hold models that is wrong.
    """
    preferences = Preferences(configuration.home)

    def language_model() -> LanguageModel | None:
        return preferences.language_model(configuration.language_model)

    rows = (*PROFILES, *own_rows.read(configuration.home / own_rows.FOLDER, PROFILES))
    crew = Crew(language_model, rows, mode=modes.named(configuration.memory))
    projects = projects or ProjectStore(configuration.home)
    runner = Runner(projects, table.task, crew.table, Panel(Automatic(Inspection())), queue)
    models = held_by(here(ROOT, rows), gpu, whole=whole)
    return House(configuration, projects, preferences, crew, runner, table.offered(models), choosable(models), rows)


def open_queue(
    projects: ProjectStore, worker: Callable[[], WorkerState], away: Callable[[], Sequence[WorkerState]] = lambda: ()
) -> DurableQueue:
    """The home's durable queue. worker: how the process is that does the work, of several the best; away: how those are
    that do not work while others do. Raises StorageError."""
    from engine.jobs.live import Live
    from engine.jobs.queue import DurableQueue

    def describe(project: str, take: str) -> tuple[str, str]:
        return overview.describe(projects.project(project), take)

    projects.make_home()
    return DurableQueue(projects.home / "queue", Live(projects.home / "live"), describe, worker, away)


class Workshop:
    """What the worker needs from the house: see engine.jobs.worker.Workshop."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._runner = house.runner

    def make(self, project: str, take: str, reporter: Reporter) -> None:
        """Make one take: see Runner.make. Then, beside the person who looks at it, read what the next stage needs."""
        self._runner.make(project, take, reporter)
        row = self._ahead(project)
        if row is not None:
            threading.Thread(target=self._read_ahead, args=(row,), name="look-ahead", daemon=True).start()

    def rest(self) -> None:
        """Let models go that nobody has used for a while."""
        lease = self._house.crew.lent()
        if lease is not None:
            lease.rest()

    def _ahead(self, project: str) -> ModelProfile | None:
        """The model of the project's next stage, where it is one that takes long to load."""
        try:
            name = walk.model_ahead(self._runner.views.view(project))
        except UnknownProjectError:
            return None
        return next((row for row in self._house.profiles if row.name == name and row.gpu), None)

    def _read_ahead(self, row: ModelProfile) -> None:
        self._house.crew.lease().read_ahead(row)

    def release(self, project: str, take: str) -> None:
        """Lay one take down: see Runner.release."""
        self._runner.release(project, take)

    def wanted(self) -> Sequence[Ticket]:
        """Bring every project forward, and name the takes that were asked for and have not ended."""
        from engine.jobs.queue import Ticket

        return [
            Ticket(view.id, take, lane) for view in self._runner.recover() for take, lane in self._runner.jobs(view)
        ]

    def pace_key(self, project: str, take: str) -> str:
        """The same for takes that cost the same; empty for a take that is no longer wanted."""
        from engine.jobs.pace import pace_key

        try:
            view = self._runner.views.view(project)
        except UnknownProjectError:
            return ""
        asked = ((shown.stage.agent, one) for shown in view.stages for one in shown.pending)
        return next((pace_key(agent, one.settings) for agent, one in asked if one.take == take), "")

    def warm(self) -> str:
        """Load the embedded models, unless others are at work; returns what computes: `2 cores`, or the GPU's name."""
        return _device_name(self._house.crew.lease().warm(POCKET))


def compose(configuration: Configuration) -> tuple[Workshop, DurableQueue]:
    """The worker's half of the house. Raises StorageError."""
    projects = ProjectStore(configuration.home)
    queue = open_queue(projects, lambda: "alive")
    return Workshop(build(configuration, queue, projects)), queue


def _device_name(device: torch.device) -> str:
    if device.type == "cuda":
        import torch

        return torch.cuda.get_device_name(device)
    from engine.jobs.worker import cores

    return cores() if device.type == "cpu" else "this computer's GPU"
