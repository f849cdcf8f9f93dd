"""A project in memory: a journal without a disk, walked by the same pure functions as the real one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from engine import decisions, prompts, road, walk
from engine.approval import Verdict
from engine.decisions import Wish
from engine.events import (
    Cancelled,
    Created,
    Decided,
    Decision,
    Entry,
    Event,
    Failed,
    Project,
    Recorded,
    Requested,
    Started,
)
from engine.prompts import Prompt
from engine.seen import ProjectView, StageView
from engine.store.files import digest
from engine.tasks import table
from engine.types import Artifact, Request, Stage, Take


class Walk:
    """One project of one task. `go_on` does what the runner would; the files are only names."""

    def __init__(self, task: str = "text-to-video", request: Request | None = None) -> None:
        self.request = request or Request(task, "a red ball")
        self.task = table.task(self.request)
        self._ids = (f"{number:012x}" for number in itertools.count(1))
        self.entries: list[Entry] = []
        self.bad: set[int] = set()
        """Seeds that the approver turns down."""
        self.write([Created(self.request, "a title")])
        self.go_on()

    @property
    def view(self) -> ProjectView:
        return road.view(Project("0" * 12, Path("nowhere"), tuple(self.entries)), self.task)

    def stage(self, name: str) -> StageView:
        return decisions.stage_of(self.view, name)

    def statuses(self) -> list[str]:
        return [shown.status for shown in self.view.stages]

    def new_id(self) -> str:
        return next(self._ids)

    def write(self, events: Sequence[Event]) -> None:
        for event in events:
            number = len(self.entries)
            self.entries.append(Entry(number, f"2026-01-01T00:{number // 60:02}:{number % 60:02}Z", event))

    def decide(self, wish: Callable[[ProjectView], Sequence[Event]]) -> None:
        self.write(wish(self.view))
        self.go_on()

    def go_on(self) -> None:
        while events := self._next():
            self.write(events)

    def _next(self) -> Sequence[Event]:
        view = self.view
        take = walk.to_judge(view)
        judged = None if take is None else (take, Verdict(take.artifact.seed not in self.bad, "It is bad."))
        return walk.next_events(view, judged, "automatic", self.new_id)

    def pending(self) -> list[Requested]:
        return [one for shown in self.view.stages for one in shown.pending]

    def start(self, request: Requested) -> None:
        self.write([Started(request.take, 1)])

    def record(self, request: Requested) -> None:
        """The worker made the take: prompts say something new with each seed, unless they are edited."""
        shown = self.stage(request.stage)
        artifact = made(shown.stage, request)
        take = Take(request.take, request.stage, len(shown.takes) + 1, artifact, request.inputs, 1.0, "now")
        self.write([Recorded(take)])
        self.go_on()

    def fail(self, request: Requested) -> None:
        self.write([Failed(request.take, "ModelError", "It failed.", "Try again.")])
        self.go_on()

    def cancel(self, request: Requested) -> None:
        self.write([Cancelled(request.take)])
        self.go_on()

    def record_all(self) -> None:
        while pending := self.pending():
            self.record(pending[0])

    def approve(self, stage: str, number: int = 1) -> None:
        take = self.stage(stage).takes[number - 1]
        self.decide(lambda view: decisions.approve(view, stage, take.id))

    def retry(self, stage: str, takes: int = 1) -> None:
        self.decide(lambda view: decisions.retry(view, stage, Wish(takes=takes), self.new_id))

    def edit(self, **fields: str) -> str:
        """The person writes a prompt and approves it; returns the take."""
        words: Mapping[str, str] = {"scene": "a scene", "motion": "a motion", "avoid": "", **fields}
        shown = self.stage("prompt")
        inputs = decisions.inputs_of(self.view, shown)
        artifact = prompt_artifact(Prompt("a red ball", words))
        take = Take(self.new_id(), "prompt", len(shown.takes) + 1, artifact, inputs, 0.0, "now")
        self.write([Recorded(take), Decided(Decision("edit", "prompt", take.id, inputs))])
        self.go_on()
        return take.id

    def finish(self) -> None:
        """Make and approve everything."""
        for shown in self.view.stages:
            self.record_all()
            if self.stage(shown.stage.name).status != "approved":
                self.approve(shown.stage.name, len(self.stage(shown.stage.name).takes))


def prompt_artifact(prompt: Prompt) -> Artifact:
    data = prompt.encode()
    return Artifact("prompt", digest(data), ".json", len(data), "person", facts=prompts.facts(prompt))


def made(stage: Stage, request: Requested) -> Artifact:
    kind = stage.yields
    if kind == "prompt":
        return prompt_artifact(Prompt("a red ball", {name: f"{name} {request.seed}" for name in stage.fields}))
    name = digest(f"{sorted(request.inputs.items())} {request.seed} {request.take}".encode())
    return Artifact(kind, name, ".png" if kind == "image" else ".mp4", 1, "fake", seed=request.seed)
