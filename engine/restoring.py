"""A project begun again from a recipe: the takes that no agent has to make, since they are there already.

Pure functions; who looks for the files says how.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from engine import editing, prompts, road, worlds
from engine.errors import ImageError
from engine.events import Recorded
from engine.recipe import Restored
from engine.seen import ProjectView
from engine.store.projects import new_id
from engine.types import Request, Stage, Take
from engine.uploads import Find


@dataclass(frozen=True, slots=True)
class Opening:
    """One take that the project begins with."""

    data: bytes
    """Its file."""
    event: Recorded


def openings(restored: Restored, view: ProjectView, at: str, find: Find) -> Iterator[Opening]:
    """The prompt as it was, and each file that the person had made and that can still be found.

    `at` is the time that the takes get. Raises ImageError, JournalDamagedError.
    """
    words = None if restored.prompt is None else editing.prompt(restored.prompt)
    for shown in view.stages:
        stage = shown.stage
        inputs = _inputs(stage, view.request, restored)
        made = words if stage.yields == "prompt" else None
        if stage.name in restored.by_hand:
            data = find(restored.files[stage.name])
            made = None if data is None else editing.edited(stage.yields, data, restored.by_hand[stage.name])
        if stage.agent == worlds.STEPPER:
            yield from _on_the_way(stage, restored, at, find)
        if made is not None and inputs is not None:
            take = Take(new_id(), stage.name, 1, made.artifact, inputs, 0.0, at)
            yield Opening(made.data, Recorded(take))


def check(restored: Restored, find: Find) -> None:
    """Raise ImageError where a state of a world goes on from one that is nowhere to be found."""
    origins = [worlds.onward(settings) for settings in restored.request.settings.values()]
    for sha256 in (*(origin for origin in origins if origin), *(state.sha256 for state in restored.way)):
        if find(f"{sha256}.png") is None:
            raise ImageError(
                "A state that this one goes on from is nowhere to be found",
                "Export the whole project where it was made, and import that.",
                value=sha256[:12],
            )


def _on_the_way(stage: Stage, restored: Restored, at: str, find: Find) -> Iterator[Opening]:
    """The states that a world goes on from, as they were: none of them is made again."""
    for number, state in enumerate(restored.way, 1):
        data = find(f"{state.sha256}.png") or b""
        inputs = {"image": PurePath(restored.files.get("key_frame", "")).stem}
        artifact = replace(state, size_bytes=len(data))
        yield Opening(data, Recorded(Take(new_id(), stage.name, number, artifact, inputs, 0.0, at)))


def _inputs(stage: Stage, request: Request, restored: Restored) -> Mapping[str, str] | None:
    """What the stage will be made from when all before it is as it was; `None` when the recipe does not say."""
    words = {} if restored.prompt is None else restored.prompt.fields
    inputs: dict[str, str] = {}
    for need in stage.needs:
        if need.source == "request":
            inputs[need.name] = road.given(need, request)
        elif need.field is not None and need.field in words:
            inputs[need.name] = prompts.fingerprint(words[need.field])
        elif need.source in restored.files:
            inputs[need.name] = PurePath(restored.files[need.source]).stem
        else:
            return None
    return inputs
