"""The parts of making one take: what goes into the agent, and what is kept of what comes out.

Functions without a state of their own; the runner calls them in order. Knows no queue and no journal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine import prompts, road, worlds
from engine.agent import Draft, Input
from engine.decisions import stage_of
from engine.errors import (
    DeviceLostError,
    GreenlightError,
    JournalDamagedError,
    ModelError,
    OutOfMemoryError,
    WorkerLostError,
)
from engine.events import Created, Failed, Project, Recorded, Released, Requested, Started
from engine.media.videos import poster
from engine.seen import ProjectView
from engine.store.files import FILE_NAME, SUFFIXES, digest
from engine.store.projects import ID
from engine.types import Artifact, Need, Request, Settings, Stage, Take

Read = Callable[[str, str], bytes]
"""Digest and suffix -> the file's bytes."""
LIVES = 2
"""How many workers may die on one take."""
CORRECTIONS = "corrections"
"""Setting that names a mask (its digest), and input that it becomes."""
_REQUEST = "request"
_FIRST_FRAME = "first_frame"
_REMEMBERED = 64
"""Transitions of a world that a next state is given, the latest."""
_AGAIN = "Make another take."


@dataclass(frozen=True, slots=True)
class Material:
    """What an agent is given."""

    inputs: Mapping[str, Input]
    """Need name -> text or file."""
    parents: tuple[str, ...]
    """Digests of the files that it came from, each once."""


def material(view: ProjectView, stage: Stage, wanted: Mapping[str, str], read: Read) -> Material:
    """The inputs of the fingerprints `wanted`, even if the project has moved on since they were asked for.

    Raises JournalDamagedError when one of them is nowhere to be found, VideoError, and what `read` raises.
    """
    sources = road.sources(stage, wanted, view.stages)
    inputs: dict[str, Input] = {}
    parents: dict[str, None] = {}
    for need in stage.needs:
        if need.source == _REQUEST and need.field == "prompt":
            inputs[need.name] = view.request.prompt
            continue
        sha256, suffix = _file_of(need, view.request, wanted, sources)
        data = read(sha256, suffix)
        inputs[need.name] = data if need.source == _REQUEST else _part(data, need.field)
        parents[sha256] = None
    return Material(inputs, tuple(parents))


def corrected(given: Material, settings: Settings, read: Read) -> Material:
    """The same with the mask that the person drew over an earlier take, where the settings name one.

    Raises what `read` raises.
    """
    sha256 = settings.get(CORRECTIONS)
    if not isinstance(sha256, str):
        return given
    return Material({**given.inputs, CORRECTIONS: read(sha256, ".png")}, (*given.parents, sha256))


def in_a_world(given: Material, view: ProjectView, stage: Stage, settings: Settings, read: Read) -> Material:
    """The same with the state that the settings go on from, and with what happened on the way to it, the latest,
    for a next state; for anything else the way to the state that counts. Raises what `read` raises.
    """
    shown = worlds.stage_of_states(view)
    if shown is None or worlds.REMEMBERS not in settings:
        return given
    nodes, inputs, parents = worlds.tree(view), dict(given.inputs), given.parents
    origin = worlds.onward(settings)
    if origin is not None:
        inputs[worlds.ONWARD] = read(origin, ".png")
        parents = (*parents, origin)
    if stage.agent == worlds.STEPPER:
        way = worlds.learnable(worlds.path(nodes, origin or ""))
        nodes = way[-_REMEMBERED:] if settings[worlds.REMEMBERS] is True else ()
    else:
        nodes = worlds.path(nodes, shown.chosen.artifact.sha256 if shown.chosen else "")
    if nodes:
        inputs["earlier"] = worlds.packed(worlds.transitions(nodes, read))
    return Material(inputs, parents)


def check(draft: Draft, stage: Stage) -> None:
    """Raise ModelError when an agent did not make what its stage yields."""
    if draft.kind != stage.yields or draft.suffix not in SUFFIXES or not draft.data:
        raise ModelError(
            f"The agent {stage.agent} made something else than a {stage.yields}",
            _AGAIN,
            value=f"{draft.kind}, {len(draft.data)} bytes, {draft.suffix}",
        )
    if draft.kind == "prompt" and set(prompts.decode(draft.data).fields) != set(stage.fields):
        raise ModelError(f"The agent {stage.agent} wrote other fields than {', '.join(stage.fields)}", _AGAIN)


def artifact_from(draft: Draft, request: Requested, agent: str, parents: tuple[str, ...]) -> Artifact:
    """The draft as an artifact; a prompt's fields get their fingerprints."""
    fields = prompts.facts(prompts.decode(draft.data)) if draft.kind == "prompt" else {}
    return Artifact(
        kind=draft.kind,
        sha256=digest(draft.data),
        suffix=draft.suffix,
        size_bytes=len(draft.data),
        agent=agent,
        parents=parents,
        seed=request.seed,
        settings={**request.settings, **draft.settings},
        model=draft.model,
        revision=draft.revision,
        facts={**draft.facts, **fields},
    )


def take_from(view: ProjectView, request: Requested, artifact: Artifact, seconds: float, at: str) -> Take:
    """The next take of its stage."""
    number = len(stage_of(view, request.stage).takes) + 1
    return Take(request.take, request.stage, number, artifact, request.inputs, seconds, at)


def lost(project: Project, take: str) -> Failed | None:
    """The end of a take on which too many workers died: they began it and neither ended it nor laid it down."""
    if not last_life(project, take):
        return None
    error = WorkerLostError(
        "The worker died twice on this take, so it was set aside",
        "Close other programs that need much memory, or ask for fewer frames, then make another take.",
    )
    return failure(take, error)


def last_life(project: Project, take: str) -> bool:
    """Whether the take has been begun as often as may be, but for the times that it was laid down."""
    events = [entry.event for entry in project.entries]
    begun = sum(isinstance(event, Started) and event.take == take for event in events)
    released = sum(isinstance(event, Released) and event.take == take for event in events)
    return begun - released >= LIVES


def lost_again(take: str, error: DeviceLostError) -> Failed:
    """The end of a take on which the GPU was lost once more."""
    what = f"{error.what}, twice on this take, so it was set aside"
    return failure(take, DeviceLostError(what, error.remedy, value=error.value))


def check_ids(project: Project) -> None:
    """Raise JournalDamagedError when a take or an upload has a name that none can have."""
    for entry in project.entries:
        match entry.event:
            case Created(request=request) if not all(map(FILE_NAME.fullmatch, request.uploads.values())):
                raise JournalDamagedError("An upload has a name that none can have", "Begin the project anew.")
            case Requested(take=str(name)) | Recorded(take=Take(id=name)) if not ID.fullmatch(name):
                raise JournalDamagedError("A take has a name that none can have", _AGAIN, value=ascii(name)[:40])
            case _:
                pass


def failure(take: str, error: Exception) -> Failed:
    """Why a take failed, in the person's terms, whatever was raised."""
    named = _named(error)
    return Failed(take, type(named).__name__, named.message, named.remedy, named.offer)


def _named(error: Exception) -> GreenlightError:
    if isinstance(error, GreenlightError):
        return error
    if isinstance(error, MemoryError):
        return OutOfMemoryError(
            "The machine has too little free memory for this take", "Close other programs, or ask for fewer frames."
        )
    return ModelError(
        "The take failed for a reason that Greenlight does not know",
        "Make another take; if that fails too, report it with the worker's log.",
        value=f"{type(error).__name__}: {error}"[:200],
    )


def _part(data: bytes, name: str | None) -> Input:
    """A file, the first frame of a video (PNG), or a field of a prompt."""
    if name is None:
        return data
    if name == _FIRST_FRAME:
        return poster(data)
    text = prompts.decode(data).fields.get(name)
    if text is None:
        raise JournalDamagedError(f"A prompt has no field {name}", _AGAIN)
    return text


def _file_of(need: Need, request: Request, wanted: Mapping[str, str], sources: Mapping[str, Take]) -> tuple[str, str]:
    """Digest and suffix of the file that a need was met from."""
    if need.source == _REQUEST:
        sha256, dot, suffix = request.uploads.get(need.field or "", "").partition(".")
        return sha256, dot + suffix
    if need.source not in sources:
        raise JournalDamagedError(
            f"What the take was asked to be made from is gone: {need.name}", _AGAIN, value=wanted.get(need.name, "")
        )
    artifact = sources[need.source].artifact
    return artifact.sha256, artifact.suffix
