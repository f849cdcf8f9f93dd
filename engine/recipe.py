"""The recipe of a take: everything that made it, as plain JSON, and the way back to a request.

`greenlight-recipe/2`. Holds no path, no key and no address: it travels inside a video. Knows no file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import prompts, road, worlds
from engine.decisions import SEEDS, take_of
from engine.errors import VideoError
from engine.making import CORRECTIONS, Read
from engine.prompts import Prompt
from engine.seen import ProjectView
from engine.types import Artifact, Request, Settings, Take

FORMAT = "greenlight-recipe/2"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a recipe brings back."""

    request: Request
    """The same prompt, uploads, options, seeds, models and settings."""
    prompt: Prompt | None
    """The prompt's fields as they were; `None` for a take that no prompt had a part in."""
    files: Mapping[str, str]
    """Stage -> name of the file that it gave."""
    by_hand: Mapping[str, int]
    """Stage whose picture, mask or choice the person had a hand in (no agent can make it alone) -> number of frames."""
    way: tuple[Artifact, ...] = ()
    """Of a state of a world: those on the way to it, from the first on; their lengths are not known."""


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
        "enhanced": None if prompt is None else dict(prompt.fields),
        "uploads": dict(view.request.uploads),
        "options": dict(view.request.options),
        "seed": view.request.seed,
        "stages": {one.stage: _stage(one) for one in line},
        "way": [_stage(one) for one in _way(view, line)],
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
    prompt = _text(recipe["prompt"])
    enhanced = recipe["enhanced"]
    return Restored(
        request=Request(
            task=_text(recipe["task"]),
            prompt=prompt,
            uploads=_texts(recipe["uploads"]),
            options=dict(recipe["options"]),
            seed=int(recipe["seed"]) % SEEDS,
            settings={name: kept for name, kept in settings.items() if kept},
        ),
        prompt=None if enhanced is None else Prompt(prompt, _texts(enhanced)),
        files={name: _text(stage["sha256"]) + _text(stage["suffix"]) for name, stage in stages.items()},
        by_hand={
            name: int(stage["facts"].get("frames", 1))
            for name, stage in stages.items()
            if (stage["agent"] == "person" or CORRECTIONS in stage["settings"]) and stage["kind"] != "prompt"
        },
        way=tuple(_state(told) for told in recipe.get("way", ())),
    )


def _way(view: ProjectView, line: Sequence[Take]) -> Sequence[Take]:
    """The states of a world that the one in the line goes on from, from the first on; none for anything else."""
    nodes = worlds.tree(view)
    origins = [worlds.onward(one.artifact.settings) for one in line]
    return [node.take for origin in origins if origin for node in worlds.path(nodes, origin)]


def _state(told: Mapping[str, Any]) -> Artifact:
    """A state on the way, as `_stage` told it."""
    return Artifact(
        "image", _text(told["sha256"]), ".png", 0, _text(told["agent"]), (), told["seed"], dict(told["settings"]),
        told["model"], told["revision"], dict(told["facts"]),
    )  # fmt: skip


def _settings(stage: Mapping[str, Any]) -> Settings:
    """The stage's settings with its seed."""
    return {} if stage["agent"] == "person" else {**stage["settings"], "seed": int(stage["seed"])}


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
        "suffix": artifact.suffix,
        "facts": dict(artifact.facts),
    }


def _prompt(artifact: Artifact, read: Read) -> Prompt:
    return prompts.decode(read(artifact.sha256, artifact.suffix))


def _texts(values: Mapping[str, object]) -> Mapping[str, str]:
    return {_text(name): _text(value) for name, value in values.items()}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value
