"""Where a project stands: a pure function from its journal and its task to what a page shows.

Nothing is stored beside the journal, so nothing can disagree with it. An approval holds for the inputs it was given
for: going back to them makes it hold again, and a change of inputs makes the stage stale. Knows no file, no queue
and no agent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine import prompts
from engine.errors import JournalDamagedError
from engine.events import (
    Automatic,
    Cancelled,
    Created,
    Decided,
    Failed,
    Project,
    Recorded,
    Released,
    Renamed,
    Requested,
    Started,
)
from engine.seen import ProjectView, StageView
from engine.types import Artifact, Need, Request, Stage, Status, Take, Task

Inputs = Mapping[str, str]
_Key = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _StageHistory:
    """What the journal says of one stage."""

    requested: dict[str, Requested] = field(default_factory=dict[str, Requested])
    takes: dict[str, Take] = field(default_factory=dict[str, Take])
    approvals: dict[_Key, str] = field(default_factory=dict[_Key, str])
    """Inputs -> approved take, the latest last."""
    turned_down: dict[_Key, dict[str, str]] = field(default_factory=dict[_Key, dict[str, str]])
    """Inputs -> rejected take -> why."""
    declined: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Take -> a proposal for it that the person did not want."""


@dataclass(slots=True)
class _History:
    """What the journal says, sorted by what it is about."""

    created: Created
    title: str
    automatic: tuple[str, ...]
    stages: dict[str, _StageHistory]
    started: set[str] = field(default_factory=set[str])
    ended: dict[str, Recorded | Failed | Cancelled] = field(default_factory=dict[str, Recorded | Failed | Cancelled])
    names: dict[str, str] = field(default_factory=dict[str, str])


def view(project: Project, task: Task) -> ProjectView:
    """The project as it stands now. Raises JournalDamagedError when its journal does not begin as it should."""
    history = _read(project, task)
    stages: list[StageView] = []
    for stage in task.stages:
        stages.append(_stage_view(stage, history, tuple(stages)))
    return ProjectView(
        id=project.id,
        title=history.title,
        task=task,
        request=history.created.request,
        stages=tuple(stages),
        automatic=history.automatic,
        created_at=project.entries[0].at,
        saved_at=project.entries[-1].at,
        entries=len(project.entries),
    )


def created(project: Project) -> Created:
    """The project's first event. Raises JournalDamagedError when it is another."""
    first = project.entries[0].event if project.entries else None
    if not isinstance(first, Created):
        raise JournalDamagedError(
            "The project's journal does not begin with its request",
            "Restore it from a backup or an exported project; the other projects are not touched.",
            value=str(project.folder),
        )
    return first


def fingerprint(artifact: Artifact, name: str | None) -> str:
    """What a need remembers: the artifact's digest, or that of one field of a prompt.

    Raises JournalDamagedError when the prompt has no such field.
    """
    if name is None or artifact.kind != "prompt":
        return artifact.sha256
    value = prompts.field_fingerprint(artifact.facts, name)
    if value is None:
        raise JournalDamagedError(
            f"A take has no field {name}", "Make another take of that stage.", value=artifact.sha256
        )
    return value


def given(need: Need, request: Request) -> str:
    """The fingerprint of what the person gave at the start: of the prompt's text, or the digest of an upload."""
    if need.field == "prompt":
        return prompts.fingerprint(request.prompt)
    return request.uploads.get(need.field or "", "").partition(".")[0]


def sources(stage: Stage, wanted: Inputs, stages: tuple[StageView, ...]) -> Mapping[str, Take]:
    """Earlier stage -> the take of it that the inputs `wanted` came from: the chosen one if it fits, else the latest.

    A stage none of whose takes fits is left out.
    """
    found: dict[str, Take] = {}
    for shown in stages:
        needs = [need for need in stage.needs if need.source == shown.stage.name]
        preferred = (*shown.takes, shown.chosen) if shown.chosen else shown.takes
        for take in preferred if needs else ():
            if all(fingerprint(take.artifact, need.field) == wanted.get(need.name) for need in needs):
                found[shown.stage.name] = take
    return found


def _read(project: Project, task: Task) -> _History:
    first = created(project)
    stages = {stage.name: _StageHistory() for stage in task.stages}
    history = _History(first, first.title, first.request.automatic, stages)
    for entry in project.entries:
        event = entry.event
        match event:
            case Requested() if event.stage in stages:
                stages[event.stage].requested[event.take] = event
            case Started():
                history.started.add(event.take)
            case Released():
                history.started.discard(event.take)
            case Recorded() if event.take.stage in stages:
                stages[event.take.stage].takes[event.take.id] = event.take
                history.ended[event.take.id] = event
            case Failed() | Cancelled():
                history.ended[event.take] = event
            case Decided() if event.decision.stage in stages:
                _decide(stages[event.decision.stage], event)
            case Renamed(take=None):
                history.title = event.name
            case Renamed(take=str(take)):
                history.names[take] = event.name
            case Automatic():
                history.automatic = event.stages
            case _:
                pass
    return history


def _decide(stage: _StageHistory, event: Decided) -> None:
    decision, key = event.decision, _key(event.decision.inputs)
    turned_down = stage.turned_down.setdefault(key, {})
    if decision.kind in ("approve", "pick", "edit") and decision.take is not None:
        stage.approvals.pop(key, None)  # so that the latest comes last
        stage.approvals[key] = decision.take
        turned_down.pop(decision.take, None)
    elif decision.kind == "reject" and decision.take is not None:
        turned_down[decision.take] = decision.note
        if stage.approvals.get(key) == decision.take:
            del stage.approvals[key]
    elif decision.kind == "decline" and decision.take is not None:
        stage.declined.add((decision.take, decision.note))


def _stage_view(stage: Stage, history: _History, earlier: tuple[StageView, ...]) -> StageView:
    past = history.stages[stage.name]
    inputs = _inputs(stage, history.created.request, earlier)
    key = None if inputs is None else _key(inputs)
    asked = [one for one in past.requested.values() if _key(one.inputs) == key]
    pending = tuple(one for one in past.requested.values() if one.take not in history.ended)
    takes = {take.id: _named(take, history.names) for take in past.takes.values()}
    holds = None if key is None else past.approvals.get(key)
    chosen = holds or next(reversed(past.approvals.values()), None)
    last = history.ended.get(asked[-1].take) if asked else None
    shown = StageView(
        stage=stage,
        status="locked",
        takes=tuple(takes.values()),
        chosen=takes.get(chosen) if chosen else None,
        pending=pending,
        running=next((one.take for one in pending if one.take in history.started), None),
        failure=last if isinstance(last, Failed) else None,
        inputs=inputs,
        tries=sum(one.who == "automatic" for one in asked),
        asked=len(past.requested),
        turned_down={} if key is None else past.turned_down.get(key, {}),
        declined=frozenset(past.declined),
    )
    status = _status(shown, approved=holds in takes, asked=[one for one in asked if one in pending], last=last)
    stale = _changed(shown, earlier) if status == "stale" else ()
    return replace(shown, status=status, stale_because=stale)


def _status(shown: StageView, approved: bool, asked: list[Requested], last: object) -> Status:
    if approved:
        return "approved"
    if asked:
        return "running" if any(one.take == shown.running for one in asked) else "queued"
    if shown.inputs is not None and any(_key(take.inputs) == _key(shown.inputs) for take in shown.takes):
        return "waiting"
    if isinstance(last, Failed | Cancelled):
        return "failed" if isinstance(last, Failed) else "cancelled"
    if shown.chosen is not None:
        return "stale"
    return "locked" if shown.inputs is None else "ready"


def _inputs(stage: Stage, request: Request, earlier: tuple[StageView, ...]) -> Inputs | None:
    """What the stage would be made from now; `None` while an earlier stage is open."""
    if any(one.status != "approved" for one in earlier):
        return None
    chosen = {one.stage.name: one.chosen for one in earlier if one.chosen is not None}
    return {
        need.name: given(need, request)
        if need.source == "request"
        else fingerprint(chosen[need.source].artifact, need.field)
        for need in stage.needs
    }


def _changed(shown: StageView, earlier: tuple[StageView, ...]) -> tuple[str, ...]:
    """Which earlier stages are not what they were when the chosen take was made."""
    was = shown.chosen.inputs if shown.chosen else {}
    unlike = {
        need.source
        for need in shown.stage.needs
        if shown.inputs is not None and was.get(need.name) != shown.inputs[need.name]
    }
    return tuple(
        one.stage.name for one in earlier if one.stage.name in unlike or (not shown.inputs and one.status != "approved")
    )


def _named(take: Take, names: Mapping[str, str]) -> Take:
    return replace(take, name=names[take.id]) if take.id in names else take


def _key(inputs: Inputs) -> _Key:
    return tuple(sorted(inputs.items()))
