"""A small house for the tests of the jobs room: real store, runner, queue and processes; agents that only pretend.

`python -m tests.jobs.house worker HOME [--number N]` is its worker as an app starts it, `… by-hand HOME` as a person
does, and `… app HOME` the app of bench.kill. A file HOME/hold holds every agent at its next step, `HOME/hold painter
WORDS` a painter that was given these words, so that a test chooses the moment; HOME/lose says how many painters lose
their GPU.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.kill import stream
from engine.agent import Draft, Input, Progress, Reporter
from engine.approval import Verdict
from engine.configuration import Configuration
from engine.crew import Crew
from engine.errors import DeviceLostError
from engine.events import Event, Recorded
from engine.house import House, Workshop, open_queue
from engine.jobs.live import Live
from engine.jobs.presence import Presence
from engine.jobs.queue import WorkerState
from engine.jobs.watch import Command, Watcher
from engine.jobs.worker import main
from engine.runner import AgentRow, Runner
from engine.store.preferences import Preferences
from engine.store.projects import ProjectStore
from engine.studio import Studio
from engine.tasks.table import task
from engine.types import Kind, Need, Recipe, Request, Settings, Stage, Take
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
STEPS = 4
STEP_SECONDS = 0.03
PROMPT = Stage("prompt", "Prompt", "writer", "prompt", (Need("prompt", "request", "prompt"),), fields=("scene",))
VIDEO = Stage("video", "Video", "painter", "video", (Need("scene", "prompt", "scene"),))
RECIPE = Recipe("small", "Small", "Tests the jobs room.", ("prompt",), (), {}, lambda _: (PROMPT, VIDEO))


@dataclass(frozen=True)
class Pretender:
    """An agent that takes steps and yields a file made of its inputs and seed."""

    home: Path
    name: str
    yields: Kind
    needs: frozenset[str]
    takes: frozenset[str] = frozenset()

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        pause = threading.Event()
        texts = {name: str(value) for name, value in inputs.items()}
        holds = [self.home / "hold", *(self.home / f"hold {self.name} {text}" for text in texts.values())]
        for step in range(1, STEPS + 1):
            reporter.report(Progress("denoising", step, STEPS), b"preview")
            pause.wait(STEP_SECONDS)
            self._lose()
            while any(hold.exists() for hold in holds):
                pause.wait(0.01)
                reporter.report(Progress("denoising", step, STEPS))
        if self.yields == "prompt":
            fields = {"original": texts["prompt"], "fields": {"scene": texts["prompt"]}, "notes": []}
            return Draft("prompt", json.dumps(fields).encode(), ".json")
        return Draft("video", json.dumps([texts, seed]).encode() * 1000, ".mp4")

    def _lose(self) -> None:
        left = self.home / "lose"
        times = int(left.read_text()) if self.name == "painter" and left.exists() else 0
        if times:
            left.write_text(str(times - 1))
            raise DeviceLostError("The GPU stopped answering", "Make another take.", value="CUDA error: Xid 79")


class Approving:
    """Approves everything."""

    name = "automatic"

    def judge(self, stage: Stage, take: Take, data: bytes, inputs: Mapping[str, Input]) -> Verdict:
        return Verdict(True)


class Shop(Workshop):
    """The worker's half of the house, with nothing to load."""

    def warm(self) -> str:
        return "2 pretended cores"


class SmallHouse:
    """One home, as one process sees it; also the Machine of its Studio."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.store = ProjectStore(home)
        self.live = Live(home / "live")
        self.presence = Presence(home / "queue")
        self.watcher = Watcher(started(home), self.presence)
        self.queue = open_queue(self.store, self._state)
        agents = {
            "writer": AgentRow(lambda: Pretender(home, "writer", "prompt", frozenset({"prompt"})), "words"),
            "painter": AgentRow(lambda: Pretender(home, "painter", "video", frozenset({"scene"})), "device"),
        }
        self.runner = Runner(self.store, partial(task, recipes={RECIPE.name: RECIPE}), agents, Approving(), self.queue)
        crew = Crew(lambda: None)
        self.house = House(Configuration(home), self.store, Preferences(home), crew, self.runner, {RECIPE.name: RECIPE})
        self.studio = Studio(self.house, self)

    def create(self, prompt: str = "a ball") -> str:
        """A project that needs no person; its first take is asked for."""
        return self.studio.create(request(prompt))

    def finished(self, project: str) -> bool:
        return self.studio.view(project).finished

    def pending(self, project: str) -> str | None:
        """The take that is asked for now."""
        asked = [one.take for shown in self.studio.view(project).stages for one in shown.pending]
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
            (self.home / "hold").touch()
        else:
            (self.home / "hold").unlink(missing_ok=True)

    def _state(self) -> WorkerState:
        if self.watcher.state != "stopped":
            return self.watcher.state
        return "alive" if self.presence.taken() else "stopped"

    def preview(self, take: str) -> bytes | None:
        return self.live.preview(take)

    def device(self) -> str:
        return "2 pretended cores"

    def work(self, guest: str) -> None:
        """Nothing: there are workers."""

    def close(self) -> None:
        self.watcher.stop()
        self.queue.close()


def started(home: Path) -> Command:
    """How an app starts the worker of a small house."""
    return Command([sys.executable, "-m", "tests.jobs.house", "worker", str(home)], ROOT)


def request(prompt: str) -> Request:
    return Request(RECIPE.name, prompt, automatic=("prompt", "video"))


def events(house: SmallHouse, project: str) -> list[Event]:
    """The project's history."""
    return [entry.event for entry in house.store.project(project).entries]


def finish(house: SmallHouse, *projects: str) -> None:
    """Wait for these projects, and hold that each of their takes was recorded once."""
    house.hold(False)
    until(lambda: all(house.finished(project) for project in projects), "all projects to be finished")
    for project in projects:
        recorded = Counter(event.take.id for event in events(house, project) if isinstance(event, Recorded))
        assert set(recorded.values()) == {1}
        assert len(recorded) == 2
    assert house.store.verify() == ()


def run_app(home: Path) -> None:
    """The page's side of a storm: see bench.kill."""
    house = SmallHouse(home)
    house.watcher.start()
    stream(house.studio, home, lambda number: request(f"ball {number}"))
    house.close()


if __name__ == "__main__":
    place = Path(sys.argv[2])
    if sys.argv[1] == "app":
        run_app(place)
    else:
        made = SmallHouse(place)
        number = int(sys.argv[4]) if "--number" in sys.argv else 0
        main(place, lambda: (Shop(made.house), made.queue), sys.argv[1] == "worker", number)
