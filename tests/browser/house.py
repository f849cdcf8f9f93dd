"""Greenlight as it is, with painters in place of models: the page and its worker, each a process of its own.

`python -m tests.browser.house app HOME PORT` serves the page; it starts `… worker HOME --attached` itself. Store,
journal, queue, prompt writer, frame fitter and page are the real ones.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from engine.approval import Automatic
from engine.configuration import Configuration
from engine.crew import Crew
from engine.house import House, Inspection, Workshop, open_queue
from engine.jobs.live import Live
from engine.jobs.presence import Presence
from engine.jobs.queue import DurableQueue
from engine.jobs.watch import Command, Watcher
from engine.jobs.worker import main
from engine.measuring import Measuring
from engine.models import own_rows
from engine.models.profiles import PROFILES
from engine.runner import AgentRow, Runner
from engine.seen import Queue
from engine.store.preferences import Preferences
from engine.store.projects import ProjectStore
from engine.studio import Studio
from engine.tasks import table
from tests.browser.painters import painters

ROOT = Path(__file__).resolve().parents[2]


def agents(home: Path, crew: Crew) -> Mapping[str, AgentRow]:
    """The real crew, but for those who need a model."""
    return {**crew.table, **painters(home)}


def furnish(configuration: Configuration, projects: ProjectStore, queue: Queue) -> House:
    """The house of a home around its queue."""
    preferences = Preferences(configuration.home)
    crew = Crew(lambda: preferences.language_model(configuration.language_model))
    runner = Runner(projects, table.task, agents(configuration.home, crew), Automatic(Inspection()), queue)
    rows = (*PROFILES, *own_rows.read(configuration.home / own_rows.FOLDER, PROFILES))
    return House(configuration, projects, preferences, crew, runner, table.RECIPES, rows=rows)


class PaintersWorkshop(Workshop):
    """A workshop without a model to warm."""

    def warm(self) -> str:
        return "2 cores"


class TestMachine:
    """This machine, with a worker of painters."""

    def __init__(self, home: Path, projects: ProjectStore) -> None:
        self._live = Live(home / "live")
        presence = Presence(home / "queue")
        arguments = (sys.executable, "-m", "tests.browser.house", "worker", str(home), "--attached")
        self._watcher = Watcher(Command(arguments, ROOT, dict(os.environ)), presence)
        self.queue = open_queue(projects, lambda: self._watcher.state)
        self._watcher.start()

    def preview(self, take: str) -> bytes | None:
        return self._live.preview(take)

    def device(self) -> str:
        return "2 cores"

    def work(self, guest: str) -> None:
        """Nothing: there is a worker."""

    def close(self) -> None:
        self._watcher.stop()
        self.queue.close()


def serve(home: Path, port: int) -> None:
    """Be the page."""
    from ui.shell import build, launch

    configuration = Configuration(home, port=port)
    projects = ProjectStore(home)
    machine = TestMachine(home, projects)
    with Studio(furnish(configuration, projects, machine.queue), machine) as studio:
        measurer = (sys.executable, "-m", "tests.browser.measurer", str(home))
        studio.measuring = Measuring(home, lambda words: (*measurer, *words), studio.language_model)
        launch(build(studio), studio, configuration.host, port)


def compose(home: Path) -> tuple[Workshop, DurableQueue]:
    """The worker's half of the house."""
    projects = ProjectStore(home)
    queue = open_queue(projects, lambda: "alive")
    return PaintersWorkshop(furnish(Configuration(home), projects, queue)), queue


if __name__ == "__main__":
    place = Path(sys.argv[2])
    if sys.argv[1] == "worker":
        main(place, lambda: compose(place), "--attached" in sys.argv)
    serve(place, int(sys.argv[3]))
