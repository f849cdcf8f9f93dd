"""Projects as a page may meet them, built by hand: no store, no queue, no studio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.agent import Progress
from engine.events import Failed, Requested
from engine.seen import Job, ProjectView, StageView
from engine.tasks import table
from engine.types import Artifact, Kind, Request, Stage, Status, Take

TASK = table.task(Request("text-to-video", "a red ball"))
AT = "2026-11-21T12:01:00+00:00"
NOW = {"prompt": "now"}
FACTS: Mapping[Kind, Mapping[str, int]] = {
    "image": {"width": 192, "height": 192},
    "video": {"width": 192, "height": 192, "frames": 17, "fps": 8},
}


def take(stage: Stage, number: int, *, fits: bool = True, agent: str = "", seed: int | None = 17) -> Take:
    """A take of a stage; `fits` says whether it was made from the inputs of today."""
    suffix = {"prompt": ".json", "image": ".png", "video": ".mp4"}[stage.yields]
    artifact = Artifact(
        kind=stage.yields,
        sha256=f"{stage.name}-{number}",
        suffix=suffix,
        size_bytes=10,
        agent=agent or stage.agent,
        parents=("prompt-1",) if stage.name != "prompt" else (),
        seed=seed,
        settings={"steps": 8},
        model="pocket",
        facts=FACTS.get(stage.yields, {}),
    )
    inputs = NOW if fits else {"prompt": "before"}
    return Take(f"{stage.name}-{number}", stage.name, number, artifact, inputs, 4.1, AT)


def stage(name: str, status: Status, *takes: Take, chosen: Take | None = None, asked: int = 0) -> StageView:
    """A stage that stands so; `asked` takes are on their way."""
    own = next(each for each in TASK.stages if each.name == name)
    pending = tuple(Requested(f"{name}-asked-{n}", name, 40 + n, {}, NOW) for n in range(asked))
    running = pending[0].take if pending and status == "running" else None
    inputs = None if status == "locked" else NOW
    return StageView(own, status, takes, chosen, pending, running, None, inputs, 0)


def failed(name: str, offer: str = "") -> StageView:
    """A stage whose take failed."""
    why = Failed("x", "LanguageModelUnreachableError", "Nothing answers at the address.", "Start the server.", offer)
    return replace(stage(name, "failed"), failure=why)


def project(*stages: StageView, title: str = "The red ball", prompt: str = "a red ball") -> ProjectView:
    """A project of these stages; those not given are locked."""
    given = {each.stage.name: each for each in stages}
    whole = tuple(given.get(own.name) or stage(own.name, "locked") for own in TASK.stages)
    request = Request(TASK.name, prompt)
    return ProjectView("p1", title, TASK, request, whole, (), AT, AT, len(stages))


def job(take_id: str, place: int = 0, progress: Progress | None = None) -> Job:
    """A job in the queue: running at place 0, waiting behind."""
    return Job(take_id, "p1", "The red ball", "video", "queued" if place else "running", place, progress)
