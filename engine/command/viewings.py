"""Which videos the command line names, and what belongs to each."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import BenchmarkError, SettingError
from engine.evaluate.brought import brought
from engine.evaluate.metrics.table import METRICS
from engine.evaluate.suites import Asked, aigcbench, vbench
from engine.evaluate.viewing import FIRST, SECOND, SUFFIXES, Viewing, videos

if TYPE_CHECKING:
    from engine.studio import Studio

_PICTURES = (".png", ".jpg", ".jpeg", ".webp")


def of_files(chosen: argparse.Namespace) -> list[Viewing]:
    """`files`: what lies in the folders; the others' files belong to a video by their name.

    Raises SettingError where there is no video, BenchmarkError for a file of prompts that is none.
    """
    first = _named(chosen.videos)
    second = _named([chosen.against]) if chosen.against else {}
    prompts = _prompts(chosen.prompts)
    metrics = _metrics(chosen)
    names = sorted({*first, *second})
    return [
        Viewing(
            name, found[name], number, metrics, system, prompts.get(name, ""),
            image=_beside(chosen.images, name, _PICTURES),
            reference=_beside(chosen.references, name, SUFFIXES),
            second=_beside(chosen.seconds, name, SUFFIXES),
        )
        for number, name in enumerate(names)
        for system, found in ((FIRST, first), (SECOND, second))
        if name in found
    ]  # fmt: skip


def of_vbench(chosen: argparse.Namespace) -> list[Viewing]:
    """`vbench`: the videos that its prompt file asks for."""
    return list(_asked(vbench(chosen.prompts), chosen))


def of_aigcbench(chosen: argparse.Namespace) -> list[Viewing]:
    """`aigcbench`: the videos that its prompts ask for, with their pictures."""
    return list(_asked(aigcbench(chosen.prompts), chosen))


def of_project(chosen: argparse.Namespace, studio: Studio) -> list[Viewing]:
    """`project`: every take of a video in it. Raises UnknownProjectError, SettingError where there is none."""
    metrics = _metrics(chosen)
    view = studio.view(chosen.project)
    frames = [
        shown.chosen.artifact.sha256
        for shown in view.stages
        if shown.chosen is not None and shown.chosen.artifact.kind == "image"
    ]
    image = studio.path(view.id, frames[0]) if frames else None
    uploads = view.request.uploads
    reference, second = (
        studio.path(view.id, uploads[name]) if name in uploads else None for name in ("video", "second_video")
    )
    takes = [
        (f"{shown.stage.name}, take {take.number}", studio.path(view.id, take.artifact.sha256))
        for shown in view.stages
        for take in shown.takes
        if take.artifact.kind == "video"
    ]
    if not takes:
        raise SettingError("The project has no video yet", "Make one first.", value=view.id)
    words = view.request.prompt
    return [
        Viewing(name, path, number, metrics, FIRST, words, image=image, reference=reference, second=second)
        for number, (name, path) in enumerate(takes)
    ]


def _metrics(chosen: argparse.Namespace) -> tuple[str, ...]:
    """The metrics that were named, or all. Raises SettingError for one that there is not."""
    metrics = tuple(chosen.metric or METRICS)
    unknown = [name for name in metrics if name not in METRICS]
    if unknown:
        what, limit = "There is no such metric", ", ".join(METRICS)
        raise SettingError(what, "Name others.", value=", ".join(unknown), limit=limit)
    return metrics


def _asked(wanted: Sequence[Asked], chosen: argparse.Namespace) -> Iterator[Viewing]:
    """A video that is not there is asked for all the same: its row says that it is missing."""
    for number, one in enumerate(wanted):
        path = chosen.videos / f"{one.name}.mp4"
        image = chosen.images / one.image if one.image else None
        reference = _beside(getattr(chosen, "references", None), one.name, SUFFIXES)
        yield Viewing(
            one.name, path, number, one.metrics, FIRST, one.prompt, one.style, image=image, reference=reference
        )


def _named(places: Sequence[Path]) -> dict[str, Path]:
    """The videos in folders, or files, by name: their paths without suffix."""
    found: dict[str, Path] = {}
    for place in places:
        for path in videos(place):
            name = path.relative_to(place).with_suffix("").as_posix() if place.is_dir() else path.stem
            if name in found:
                what = "Two videos have one name"
                raise SettingError(what, "Name one folder with different names in it.", value=name)
            found[name] = path
    if not found:
        value = ", ".join(place.name for place in places)
        raise SettingError("There is no video in the folder", "Name another one.", value=value)
    return found


def _prompts(path: Path | None) -> Mapping[str, str]:
    if path is None:
        return {}
    try:
        found = json.loads(brought(path).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BenchmarkError("The file of prompts cannot be read", "Name another one.", value=path.name) from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        what = "The file of prompts is no object of texts"
        raise BenchmarkError(what, 'Write {"name of a video": "its prompt"}.', value=path.name)
    return found


def _beside(folder: Path | None, name: str, suffixes: Sequence[str]) -> Path | None:
    """The file that belongs to a video by its name, if there is one."""
    if folder is None:
        return None
    return next((path for suffix in suffixes if (path := folder / f"{name}{suffix}").is_file()), None)
