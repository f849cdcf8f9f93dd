"""Things at a glance: a project in one row of a list or of the queue, the world in one sentence. Pure functions."""

from __future__ import annotations

from engine import road
from engine.errors import UnknownProjectError
from engine.events import Project, Renamed, Requested
from engine.pocket import vocabulary
from engine.seen import ProjectSummary, ProjectView, World

_TITLE_CHARACTERS = 60


def title(prompt: str) -> str:
    """What a project is called until the person names it: the first words of its prompt."""
    words = " ".join(prompt.split())
    return words if len(words) <= _TITLE_CHARACTERS else words[: _TITLE_CHARACTERS - 1].rstrip() + "…"


def summary(shown: ProjectView) -> ProjectSummary:
    """The project in one row of a list."""
    pictures = [take for stage in shown.stages for take in stage.takes if take.artifact.kind in ("image", "video")]
    latest = max(pictures, key=lambda take: take.at, default=None)
    return ProjectSummary(
        id=shown.id,
        title=shown.title,
        task=shown.task.name,
        status=shown.open_stage.status,
        open_stage=shown.open_stage.stage.name,
        created_at=shown.created_at,
        saved_at=shown.saved_at,
        cover=None if latest is None else latest.artifact.sha256,
        finished=shown.finished,
    )


def describe(project: Project, take: str) -> tuple[str, str]:
    """The project's title, and the stage that a take was asked for at. Raises UnknownProjectError when it was not."""
    title, stage = road.created(project).title, None
    for entry in project.entries:
        match entry.event:
            case Renamed(name=name, take=None):
                title = name
            case Requested() if entry.event.take == take:
                stage = entry.event.stage
            case _:
                pass
    if stage is None:
        raise UnknownProjectError("The project has no such take", "Choose one of the takes that are shown.", value=take)
    return title, stage


def world(device: str) -> World:
    """What the embedded models can draw, and what they run on."""
    nouns, colours, scenes = vocabulary.NOUNS, tuple(vocabulary.COLOURS), vocabulary.SCENES
    return World(
        title="Pocket world",
        nouns=nouns,
        colours=colours,
        scenes=scenes,
        motions=vocabulary.MOTIONS,
        device=device,
        sentence=f"Small models that need no GPU and no download. "
        f"They know {len(nouns)} things, {len(colours)} colours and {len(scenes)} places.",
    )
