"""A project begun again from a recipe: the takes that no agent has to make, since they are there already.

Pure functions; who looks for the files says how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine import editing, road
from engine.events import Recorded
from engine.media.images import open_image
from engine.recipe import Restored
from engine.seen import ProjectView
from engine.store.projects import new_id
from engine.types import Artifact, Stage, Take

Find = Callable[[str], bytes | None]
"""Digest -> a picture of that digest, if any project has it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One take that the project begins with."""

    data: bytes
    """Its file."""
    event: Recorded


def openings(restored: Restored, view: ProjectView, at: str, find: Find) -> Iterator[Opening]:
    """The prompt as it was, and each picture that the person had made and that can still be found.

    `at` is the time that the takes get. Raises ImageError.
    """
    data, prompt = editing.prompt_file(restored.prompt)
    for shown in view.stages:
        if shown.stage.yields == "prompt":
            yield _opening(data, prompt, shown.stage, _inputs(shown.stage, view, prompt), at)
        picture = find(restored.by_hand.get(shown.stage.name, ""))
        if shown.stage.yields == "image" and picture is not None:
            artifact = editing.picture_artifact(picture, open_image(picture).size)
            yield _opening(picture, artifact, shown.stage, _inputs(shown.stage, view, prompt), at)


def _opening(data: bytes, artifact: Artifact, stage: Stage, inputs: Mapping[str, str], at: str) -> Opening:
    return Opening(data, Recorded(Take(new_id(), stage.name, 1, artifact, inputs, 0.0, at)))


def _inputs(stage: Stage, view: ProjectView, prompt: Artifact) -> Mapping[str, str]:
    """What the stage will be made from once the prompt is approved: the prompt's fields and the request alone."""
    return {
        need.name: road.given(need, view.request) if need.source == "request" else road.fingerprint(prompt, need.field)
        for need in stage.needs
    }
