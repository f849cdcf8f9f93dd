"""What was approved, as files in a folder that the person named: each whole or not there at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from engine.disk import Disk, storage_error, write_file
from engine.seen import ProjectView
from engine.store.files import digest
from engine.studio import Studio
from engine.types import Take


@dataclass(frozen=True, slots=True)
class Delivered:
    """One file in the folder."""

    stage: str
    """The stage it comes from."""
    kind: str
    """`prompt`, `image`, `video`; `recipe` for the JSON beside a video."""
    path: str
    """Where it is, absolute."""
    sha256: str
    """Digest of this file (a video carries its recipe here, so it is not the one in the project)."""
    take: str
    """The take that was approved."""
    seed: int | None
    """Its seed, where it has one."""
    seconds: float
    """How long the take took to make."""


def deliver(studio: Studio, view: ProjectView, folder: Path) -> tuple[Delivered, ...]:
    """Write the approved take of every stage into `folder`, which is made if it is not there.

    `prompt.json`, `key_frame.png`, `video.mp4` with its recipe inside, and the recipe again in `video.json`. Files
    of these names are replaced. Raises StorageError.
    """
    delivered: list[Delivered] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for shown in view.stages:
            if shown.status == "approved" and shown.chosen is not None:
                delivered += _stage(studio, view.id, shown.chosen, folder.absolute())
    except OSError as error:
        raise storage_error("The files cannot be written", folder, error) from error
    return tuple(delivered)


def _stage(studio: Studio, project: str, take: Take, folder: Path) -> list[Delivered]:
    path = folder / f"{take.stage}{take.artifact.suffix}"
    if take.artifact.kind != "video":
        return [_write(path, studio.read(project, take.artifact.sha256), take, take.artifact.kind)]
    recipe = json.dumps(studio.recipe(project, take.id), ensure_ascii=False, indent=1).encode()
    return [
        _write(path, studio.export_video(project, take.id), take, "video"),
        _write(path.with_suffix(".json"), recipe, take, "recipe"),
    ]


def _write(path: Path, data: bytes, take: Take, kind: str) -> Delivered:
    write_file(Disk(), path, data)
    return Delivered(take.stage, kind, str(path), digest(data), take.id, take.artifact.seed, take.seconds)
