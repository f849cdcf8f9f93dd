"""Projects and jobs as lines of text and as plain JSON, for the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from engine.seen import Job, ProjectSummary, ProjectView
from engine.types import Take

PathOf = Mapping[str, Path]
"""Digest of an artifact -> where its file is."""


def project_lines(rows: Iterable[ProjectSummary]) -> Iterator[str]:
    """One line a project: id, when it was saved, where it stands, title."""
    for row in rows:
        yield f"{row.id}  {row.saved_at[:16]}  {row.open_stage:<10}{row.status:<10}{row.title}"


def job_lines(jobs: Iterable[Job]) -> Iterator[str]:
    """One line a job: place, status, project, stage, title."""
    for job in jobs:
        steps = job.progress is not None and job.progress.steps > 0
        step = f" {job.progress.step} of {job.progress.steps}" if steps and job.progress else ""
        yield f"{job.place}  {job.status}{step}  {job.project}  {job.stage}  {job.title}"


def view_lines(view: ProjectView, path_of: PathOf) -> Iterator[str]:
    """The stages of a project and their takes; an asterisk marks the chosen one."""
    yield f"{view.title} ({view.task.title}, seed {view.request.seed})"
    for shown in view.stages:
        yield f"{shown.stage.title}: {shown.status}"
        for take in shown.takes:
            mark = "*" if shown.chosen is not None and take.id == shown.chosen.id else " "
            yield f" {mark} {take.number}  {take_line(take, path_of)}"
        if shown.failure is not None:
            yield f"   {shown.failure.message} {shown.failure.remedy}"


def take_line(take: Take, path_of: PathOf) -> str:
    """Seed, time and file of one take."""
    seed = "" if take.artifact.seed is None else f"seed {take.artifact.seed}, "
    return f"{seed}{take.seconds:.1f} s: {path_of[take.artifact.sha256]}"


def view_json(view: ProjectView, path_of: PathOf) -> Mapping[str, object]:
    """The project as plain data."""
    return {
        "project": view.id,
        "title": view.title,
        "task": view.task.name,
        "finished": view.finished,
        "request": asdict(view.request),
        "stages": [
            {
                "stage": shown.stage.name,
                "status": shown.status,
                "chosen": shown.chosen.id if shown.chosen is not None else None,
                "failure": asdict(shown.failure) if shown.failure is not None else None,
                "takes": [{**asdict(take), "path": str(path_of[take.artifact.sha256])} for take in shown.takes],
            }
            for shown in view.stages
        ],
    }
