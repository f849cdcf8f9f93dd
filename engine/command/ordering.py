"""What was typed behind `run`, as a request and the files that go with it."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Mapping
from pathlib import Path

from engine.command.bringing import read_upload
from engine.errors import PromptError, SettingError, VideoError
from engine.models.script import OWN
from engine.questionnaire import decode, from_lines, lines
from engine.settings import SETTINGS
from engine.types import Request, Settings, Stage, Task, Value

OPTIONS = (
    *("segments", "seconds", "direction", "world", "strength"),
    *("start_seconds", "end_seconds", "second_start_seconds", "second_end_seconds"),
    *("enhancer", "mask", "end_frame"),
)
"""Choices about the whole road; argparse leaves those at None that were not typed."""
_EVERYWHERE = ("fit", "frames", "heading", "speed", "method", "writer", "memory", "sooner", "critic", "questions")
_GIVEN = (*_EVERYWHERE, *OWN, "takes")
_SEEDS = 2**31


def bring(chosen: argparse.Namespace) -> Mapping[str, bytes]:
    """The files that were named, by the name of their upload. Raises ImageError, VideoError."""
    videos: list[Path] = chosen.video or []
    if len(videos) > 2:
        raise VideoError("There are too many videos", "Give one, or two for connect.", value=str(len(videos)))
    named = {"image": chosen.image, "last_image": chosen.last_image, **dict(zip(_VIDEOS, videos, strict=False))}
    return {name: read_upload(name, path) for name, path in named.items() if path is not None}


_VIDEOS = ("video", "second_video")


def begin(chosen: argparse.Namespace, uploads: Mapping[str, bytes]) -> Request:
    """The request without its settings: they depend on the stages that it has."""
    options: dict[str, Value] = {name: getattr(chosen, name) for name in OPTIONS}
    return Request(
        task=chosen.task,
        prompt=chosen.prompt,
        uploads=dict.fromkeys(uploads, ""),
        options={name: value for name, value in options.items() if value is not None},
        seed=secrets.randbelow(_SEEDS) if chosen.seed is None else chosen.seed,
    )


def settings(chosen: argparse.Namespace, task: Task) -> Mapping[str, Settings]:
    """What was typed about single stages, given to every stage that it means something to.

    Raises SettingError for what no stage of the road has, PromptError for questions that cannot be read.
    """
    given: dict[str, dict[str, Value]] = {}
    asked = None if chosen.questions is None else _text(chosen.questions)
    typed = argparse.Namespace(**{**vars(chosen), "questions": asked})
    for name in _GIVEN:
        value = getattr(typed, name)
        stages = [stage for stage in task.stages if _has(stage, name)]
        if value is not None and not stages:
            raise SettingError(f"{task.title} has no stage with {name}", f"Leave --{name} out.", value=str(value))
        for stage in stages if value is not None else ():
            given.setdefault(stage.name, {})[name] = value.replace("-", " ") if name == "writer" else value
    return given


def _has(stage: Stage, name: str) -> bool:
    """Candidates are for the stages that offer several; everything else for all that know it."""
    return name in (stage.settings if name == "takes" else SETTINGS[stage.agent])


def _text(path: Path) -> str:
    """Questions out of a file: lines, or the JSON of engine.questionnaire."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError("The questions cannot be read", "Name another file.", value=path.name) from error
    return lines(decode(text) if text.lstrip().startswith("{") else from_lines(text))
