"""A small house for the tests of the jobs room: real store, runner, queue and processes; agents that only pretend.

`python -m tests.jobs.house worker HOME [--attached]` is its worker, `… app HOME PROJECTS` its app: it makes that many
projects if they are not there yet, watches over a worker, and ends when all are finished. A file HOME/hold holds every
agent at its next step, so that a test chooses the moment.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.approval import Verdict
from engine.jobs.live import Live
from engine.jobs.pace import pace_key
from engine.jobs.presence import Presence
from engine.jobs.queue import DurableQueue, Ticket, WorkerState
from engine.jobs.watch import Command, Watcher
from engine.jobs.worker import main
from engine.runner import AgentRow, Runner
from engine.store.projects import ProjectStore
from engine.types import (
    Created,
    Draft,
    Input,
    Kind,
    Need,
    Progress,
    Reporter,
    Request,
    Settings,
    Stage,
    Take,
    Task,
)

ROOT = Path(__file__).resolve().parents[2]
STEPS = 4
PROMPT = Stage("prompt", "Prompt", "writer", "prompt", (Need("prompt", "request", "prompt"),))
VIDEO = Stage("video", "Video", "painter", "video", (Need("scene", "prompt", "scene"),))
TASK = Task("small", "Small", "Tests the jobs room.", ("prompt",), (PROMPT, VIDEO))


@dataclass(frozen=True)
class Pretender:
    """An agent that takes steps and yields a file made of its inputs and seed."""

    home: Path
    name: str
    yields: Kind
    needs: frozenset[str]

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        pause = threading.Event()
        for step in range(1, STEPS + 1):
            reporter.report(Progress("denoising", step, STEPS), b"preview")
            while (self.home / "hold").exists():
                pause.wait(0.01)
                reporter.report(Progress("denoising", step, STEPS))
        texts = {name: str(value) for name, value in inputs.items()}
        if self.yields == "prompt":
            fields = {"original": texts["prompt"], "scene": texts["prompt"], "motion": "", "avoid": "", "notes": []}
            return Draft("prompt", json.dumps(fields).encode(), ".json")
        return Draft("video", json.dumps([texts, seed]).encode() * 1000, ".mp4")


class Approving:
    """Approves everything."""

    name = "automatic"

    def judge(self, stage: Stage, take: Take, data: bytes, inputs: Mapping[str, Input]) -> Verdict:
        return Verdict(True)


class House:
    """One home, as one process sees it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.store = ProjectStore(home)
        self.live = Live(home / "live")
        self.presence = Presence(home / "queue")
        command = Command([sys.executable, "-m", "tests.jobs.house", "worker", str(home), "--attached"], ROOT)
        self.watcher = Watcher(command, self.presence)
        self.queue = DurableQueue(home / "queue", self.live, self._describe, self._worker_state)
        agents = {
            "writer": AgentRow(lambda: Pretender(home, "writer", "prompt", frozenset({"prompt"})), "words"),
            "painter": AgentRow(lambda: Pretender(home, "painter", "video", frozenset({"scene"})), "device"),
        }
        self.runner = Runner(self.store, {TASK.name: TASK}, agents, Approving(), self.queue)

    def create(self, prompt: str = "a ball") -> str:
        """A project that needs no person; its first take is asked for."""
        project = self.store.create(Created(Request("small", prompt, automatic=("prompt", "video")), prompt))
        self.runner.advance(project)
        return project

    def finished(self, project: str) -> bool:
        return self.runner.views.view(project).finished

    def pending(self, project: str) -> str | None:
        """The take that is asked for now."""
        asked = [one.take for shown in self.runner.views.view(project).stages for one in shown.pending]
        return asked[0] if asked else None

    def step(self, project: str) -> int:
        """Denoising steps done of the take that is running now; 0 when none is."""
        for job in self.queue.view().jobs:
            if job.project == project and job.status == "running" and job.progress is not None:
                return job.progress.step
        return 0

    def hold(self, on: bool) -> None:
        """Hold every agent at its next step, or let them go on."""
        if on:
            self.home.mkdir(parents=True, exist_ok=True)
            (self.home / "hold").touch()
        else:
            (self.home / "hold").unlink(missing_ok=True)

    def make(self, project: str, take: str, reporter: Reporter) -> None:
        self.runner.make(project, take, reporter)

    def release(self, project: str, take: str) -> None:
        self.runner.release(project, take)

    def wanted(self) -> Sequence[Ticket]:
        views = [self.runner.advance(project) for project in self.store.ids()]
        return [Ticket(view.id, take, lane) for view in views for take, lane in self.runner.jobs(view)]

    def pace_key(self, project: str, take: str) -> str:
        stages = [
            shown.stage for shown in self.runner.views.view(project).stages for one in shown.pending if one.take == take
        ]
        return pace_key(stages[0].agent, {}) if stages else ""

    def warm(self) -> str:
        return "2 pretended cores"

    def close(self) -> None:
        self.queue.close()

    def _describe(self, project: str, take: str) -> tuple[str, str]:
        view = self.runner.views.view(project)
        stages = [shown.stage.name for shown in view.stages for one in shown.pending if one.take == take]
        return view.title, stages[0] if stages else ""

    def _worker_state(self) -> WorkerState:
        return self.watcher.state


def run_app(home: Path, projects: int) -> None:
    """Make the projects that are not there yet, and see to it that all are finished."""
    house = House(home)
    house.watcher.start()
    for number in range(len(house.store.ids()), projects):
        house.create(f"ball {number}")
    house.runner.recover()
    pause = threading.Event()
    while not all(house.finished(project) for project in house.store.ids()):
        pause.wait(0.05)
    house.watcher.stop()
    house.close()


if __name__ == "__main__":
    place = Path(sys.argv[2])
    if sys.argv[1] == "worker":
        made = House(place)
        main(place, lambda: (made, made.queue), "--attached" in sys.argv)
    run_app(place, int(sys.argv[3]))
