"""Walks a project along its task's stages: the only loop.

`advance` says what happens next and puts it in the queue; `make`, in the worker, makes one take. Both go by the
journal alone, so they may be called again after any crash, in any process. Knows no task by name and no model.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from engine import decisions, making, walk
from engine.agent import Agent, Lane, Progress, Reporter
from engine.approval import Approver, Verdict
from engine.errors import DeviceLostError, GreenlightError, StorageError, TakeCancelled, UnknownProjectError
from engine.events import Cancelled, Event, Project, Recorded, Released, Requested, Started
from engine.seen import ProjectView, Queue
from engine.store.projects import ProjectStore, new_id
from engine.types import Artifact, Take
from engine.views import TaskOf, Views

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One row of the studio's table of agents."""

    make: Callable[[], Agent]
    """Gives the agent; called in the worker, for every take."""
    lane: Lane = "device"
    """Which line its jobs stand in."""


class Runner:
    """Moves projects on. Threads and processes may do so at the same time."""

    def __init__(
        self,
        projects: ProjectStore,
        task: TaskOf,
        agents: Mapping[str, AgentRow],
        approver: Approver,
        queue: Queue,
    ) -> None:
        self.views = Views(projects, task)
        self._projects = projects
        self._agents = agents
        self._approver = approver
        self._queue = queue

    def among(self, projects: ProjectStore) -> Runner:
        """The same, for these projects alone."""
        return Runner(projects, self.views.task, self._agents, self._approver, self._queue)

    def decide(self, project: str, wish: Callable[[ProjectView], Sequence[Event]]) -> ProjectView:
        """Write what the wish gives for the project as it stands, and go on from there; returns where it stands then.

        Raises what the wish raises, and UnknownProjectError, JournalDamagedError, StorageError.
        """
        self.views.change(project, wish)
        return self.advance(project)

    def advance(self, project: str) -> ProjectView:
        """Do what can be done without the person: ask for takes that are ready to be made, approve what may be.

        Doing it again does nothing more. Returns where the project stands then; raises as `decide`.
        """
        before = self.views.view(project)
        while True:
            judged = self._judge(before)
            after = self.views.change(project, partial(self._next, judged))
            if after.entries == before.entries:
                break
            before = after
        for take, lane in self.jobs(after):
            self._queue.put(project, take, lane)
        return after

    def cancel(self, project: str, takes: Sequence[str]) -> ProjectView:
        """Stop these takes: a waiting one at once, one that a worker runs at its next denoising step."""
        for take in takes:
            self._queue.cancel(take)
        jobs = self._queue.view()
        at_work = {job.take for job in jobs.jobs if job.status == "running" and jobs.worker != "stopped"}

        def decide(view: ProjectView) -> Sequence[Event]:
            stopping = {shown.running for shown in view.stages} & at_work
            return decisions.cancel(view, [take for take in takes if take not in stopping])

        return self.decide(project, decide)

    def lay_down(self, project: str) -> None:
        """Stop everything that is made for the project, and do nothing more for it."""
        for take, _ in self.jobs(self.views.view(project)):
            self._queue.cancel(take)
        self.views.change(project, decisions.cancel_all)

    def settle(self, project: Project) -> Sequence[Event]:
        """What a project that was made elsewhere begins with here: what was pending there is not made here.

        Raises JournalDamagedError when it cannot be read as a project of a known task.
        """
        making.check_ids(project)
        return decisions.cancel_all(self.views.read(project))

    def jobs(self, view: ProjectView) -> Iterator[tuple[str, Lane]]:
        """The project's takes that were asked for and have not ended, each with its lane."""
        for shown in view.stages:
            for one in shown.pending:
                yield one.take, self._agents[shown.stage.agent].lane

    def recover(self) -> Sequence[ProjectView]:
        """Take up every project again, for a worker that starts; returns where each stands.

        One that cannot be read is left out, one that cannot be written is left as it stands; both are logged.
        Raises StorageError when the projects cannot be listed.
        """
        return [self._recover(view) for view in self.views.all()]

    def make(self, project: str, take: str, reporter: Reporter) -> None:
        """Make one take: the agent runs, its file is stored, and last the journal says so. Then the project goes on.

        Returns at once for a take that has ended already, or whose project was removed. What goes wrong stands in
        the journal as Failed; raises StorageError when not even that can be written, and lets an interruption of
        the worker (no Exception) through after the take was laid down. Raises DeviceLostError when the GPU is lost,
        with which this process can do nothing more: the take waits for the next worker, and fails if it is lost again.
        """
        try:
            request = self._begin(project, take)
            if request is not None:
                self._finish(project, request, reporter)
            self.advance(project)
        except UnknownProjectError as error:
            _log.info("take %s is dropped: %s", take, error)

    def give_up(self, project: str, take: str, error: Exception) -> None:
        """Write why a take failed, where who made it could not; nothing if it has ended. Raises as `decide`."""
        self._end(project, take, lambda _: making.failure(take, error))

    # ------------------------------------------------------------------------------------ what comes next

    def _next(self, judged: tuple[Take, Verdict] | None, view: ProjectView) -> Sequence[Event]:
        return walk.next_events(view, judged, self._approver.name, new_id)

    def _judge(self, view: ProjectView) -> tuple[Take, Verdict] | None:
        """The approver's word on the next take that needs it; takes its time, so it is asked outside the lock."""
        take = walk.to_judge(view)
        if take is None:
            return None
        shown = decisions.stage_of(view, take.stage)
        if not shown.stage.waits:
            return take, Verdict(True)
        try:
            read = self._projects.files(view.id).read
            material = making.material(view, shown.stage, take.inputs, read)
            data = read(take.artifact.sha256, take.artifact.suffix)
            return take, self._approver.judge(shown.stage, take, data, material.inputs)
        except GreenlightError as error:
            return take, Verdict(False, str(error))

    # -------------------------------------------------------------------------------------- making a take

    def release(self, project: str, take: str) -> None:
        """Write that a worker which closes laid the take down: it waits again, and no life was lost on it.

        Nothing for a take that has ended or is not begun, or whose project was removed. Raises StorageError.
        """

        def decide(view: ProjectView) -> Sequence[Event]:
            return (Released(take),) if any(shown.running == take for shown in view.stages) else ()

        try:
            self.views.change(project, decide)
        except UnknownProjectError as error:
            _log.info("take %s is dropped: %s", take, error)

    def _recover(self, view: ProjectView) -> ProjectView:
        try:
            self._projects.files(view.id).sweep()
            return self.advance(view.id)
        except (StorageError, UnknownProjectError) as error:
            _log.warning("project %s is left as it stands: %s", view.id, error)
            return view

    def _begin(self, project: str, take: str) -> Requested | None:
        """Write that the take is begun; `None` when there is nothing to do."""
        begun: list[Requested] = []

        def begin(now: Project) -> Sequence[Event]:
            """Start the take if it is still wanted, and was not the end of too many workers."""
            begun.clear()
            view = self.views.of(now)
            request = next((one for shown in view.stages for one in shown.pending if one.take == take), None)
            if request is None:
                return ()
            lost = making.lost(now, take)
            if lost is not None:
                return (lost,)
            begun.append(request)
            return (Started(take, os.getpid()),)

        self._projects.change(project, begin)
        return begun[0] if begun else None

    def _finish(self, project: str, request: Requested, reporter: Reporter) -> None:
        begun = time.monotonic()
        try:
            artifact = self._run(project, request, reporter)
            seconds = round(time.monotonic() - begun, 3)
            at = self._projects.clock()
            self._end(
                project, request.take, lambda view: Recorded(making.take_from(view, request, artifact, seconds, at))
            )
        except TakeCancelled:
            self._end(project, request.take, lambda _: Cancelled(request.take))
        except UnknownProjectError:
            raise
        except DeviceLostError as error:
            gone = error
            if making.last_life(self._projects.project(project), request.take):
                self._end(project, request.take, lambda _: making.lost_again(request.take, gone))
            raise
        except Exception as error:
            failed = making.failure(request.take, error)
            _log.warning("take %s failed: %s", request.take, failed.message, exc_info=error)
            self._end(project, request.take, lambda _: failed)

    def _run(self, project: str, request: Requested, reporter: Reporter) -> Artifact:
        """Run the agent and store its file. Raises whatever the agent and the store raise."""
        view = self.views.view(project)
        stage = decisions.stage_of(view, request.stage).stage
        files = self._projects.files(project)
        material = making.material(view, stage, request.inputs, files.read)
        material = making.corrected(material, request.settings, files.read)
        material = making.in_a_world(material, view, stage, request.settings, files.read)
        agent = self._agents[stage.agent].make()
        reporter.report(Progress("preparing"))
        draft = agent.run(material.inputs, request.seed, request.settings, reporter)
        making.check(draft, stage)
        files.put(draft.data, draft.suffix)
        return making.artifact_from(draft, request, agent.name, material.parents)

    def _end(self, project: str, take: str, event: Callable[[ProjectView], Event]) -> None:
        """Write how the take ended, unless it ended already."""

        def decide(view: ProjectView) -> Sequence[Event]:
            pending = (one.take for shown in view.stages for one in shown.pending)
            return (event(view),) if take in pending else ()

        self.views.change(project, decide)
