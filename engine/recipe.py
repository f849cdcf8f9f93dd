"""The recipe of a take: everything that made it, as plain JSON, and the way back to a request.

`greenlight-recipe/1`. Holds no path, no key and no address: it travels inside a video. Knows no file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import prompts, road
from engine.decisions import SEEDS, take_of
from engine.errors import VideoError
from engine.making import Read
from engine.prompts import Prompt
from engine.seen import ProjectView
from engine.types import Artifact, Request, Settings, Take

FORMAT = "greenlight-recipe/1"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a recipe brings back."""

    request: Request
    """The same prompt, seeds, models and settings; without its picture."""
    prompt: Prompt
    """The prompt's fields as they were."""
    image: str | None
    """Digest of the picture that the request began with."""
    by_hand: Mapping[str, str]
    """Stage -> digest of a picture that the person had made: no agent can make it again."""


def recipe_of(view: ProjectView, take: str, read: Read) -> dict[str, object]:
    """What made this take. Raises DecisionError for an unknown take, and what `read` raises."""
    last = take_of(view, take)
    line = _line(view, last)
    prompt = next((_prompt(one.artifact, read) for one in line if one.artifact.kind == "prompt"), None)
    return {
        "format": FORMAT,
        "task": view.task.name,
        "title": view.title,
        "prompt": view.request.prompt,
        "enhanced": None if prompt is None else {name: prompt.field(name) for name in prompts.FIELDS},
        "image": view.request.image,
        "seed": view.request.seed,
        "stages": {one.stage: _stage(one) for one in line},
    }


def restore(recipe: Mapping[str, object]) -> Restored:
    """The request that makes it again. Raises VideoError when it is not a recipe of this format."""
    if recipe.get("format") != FORMAT:
        raise VideoError(
            "This is not a recipe that this version reads",
            "Choose a file that was downloaded from Greenlight.",
            value=str(recipe.get("format"))[:40],
            limit=FORMAT,
        )
    try:
        return _restore(recipe)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise VideoError(
            "The recipe is damaged", "Choose a file that was downloaded from Greenlight.", value=str(error)[:80]
        ) from error


def _restore(recipe: Mapping[str, Any]) -> Restored:
    stages: Mapping[str, Mapping[str, Any]] = recipe["stages"]
    settings = {name: _settings(stage) for name, stage in stages.items() if stage["kind"] != "prompt"}
    scene, motion, avoid = (_text(recipe["enhanced"][name]) for name in prompts.FIELDS)
    prompt = _text(recipe["prompt"])
    return Restored(
        request=Request(
            task=_text(recipe["task"]),
            prompt=prompt,
            seed=int(recipe["seed"]) % SEEDS,
            settings={name: kept for name, kept in settings.items() if kept},
        ),
        prompt=Prompt(prompt, scene, motion, avoid),
        image=_text(recipe["image"]) if recipe.get("image") else None,
        by_hand={
            name: _text(stage["sha256"])
            for name, stage in stages.items()
            if stage["agent"] == "person" and stage["kind"] == "image"
        },
    )


def _settings(stage: Mapping[str, Any]) -> Settings:
    """The stage's settings with its seed; the first take alone, since that is the one."""
    if stage["agent"] == "person":
        return {}
    takes = {} if stage["agent"] == "frame_fitter" else {"takes": 1}
    return {**stage["settings"], "seed": int(stage["seed"]), **takes}


def _line(view: ProjectView, last: Take) -> Sequence[Take]:
    """The take and the earlier ones that it was made from, in the order of the stages."""
    found: dict[str, Take] = {last.stage: last}
    for shown in reversed(view.stages):
        take = found.get(shown.stage.name)
        if take is not None:
            found = {**road.sources(shown.stage, take.inputs, view.stages), **found}
    return [found[shown.stage.name] for shown in view.stages if shown.stage.name in found]


def _stage(take: Take) -> dict[str, object]:
    artifact = take.artifact
    return {
        "agent": artifact.agent,
        "kind": artifact.kind,
        "model": artifact.model,
        "revision": artifact.revision,
        "seed": artifact.seed,
        "settings": dict(artifact.settings),
        "sha256": artifact.sha256,
    }


def _prompt(artifact: Artifact, read: Read) -> Prompt:
    return prompts.decode(read(artifact.sha256, artifact.suffix))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value
