"""What was preferred to what: read from a project's journal, a line of JSON a pair, for training.

Whoever chose, person or judge, preferred the take that was approved, picked or written to every other one of the same
stage, made from the same inputs, that was there to be chosen; of two takes that were judged, the judges preferred the
one with the better score; and a person who declined an edit of a prompt preferred the prompt as it was. Nothing is
stored: decisions and scores are in the journal, and undone ones are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from engine import panel
from engine.events import Created, Decided, Decision, Project, Recorded
from engine.types import Take


@dataclass(frozen=True, slots=True)
class Pair:
    """One preference."""

    project: str
    stage: str
    prompt: str
    """As the person typed it."""
    chosen: str
    """File name of the take that was preferred."""
    rejected: str
    """File name of the other; empty where there is none, but words in `proposed`."""
    who: str
    """`person`, `automatic` or `critic`."""
    note: str
    """In the decider's words, of the one that was turned down where that says something."""
    at: str
    """When it was decided."""
    proposed: str = ""
    """The edit of the prompt that was declined: `motion: the ball bounces, it rolls`."""


def of(project: Project) -> Iterator[Pair]:
    """Every pair of a project, in the order in which they were decided."""
    takes: dict[str, Take] = {}
    notes: dict[str, str] = {}
    prompt = next((entry.event.request.prompt for entry in project.entries if isinstance(entry.event, Created)), "")
    undone = _undone(project)
    for entry in project.entries:
        event = entry.event
        if isinstance(event, Recorded):
            yield from _judged(project.id, prompt, event.take, takes.values(), entry.at)
            takes[event.take.id] = event.take
        if not isinstance(event, Decided):
            continue
        decision = event.decision
        if decision.kind == "reject" and decision.take is not None:
            notes[decision.take] = decision.note
        if decision.kind == "decline" and decision.take in takes:
            kept = _file(takes[decision.take])
            yield Pair(project.id, decision.stage, prompt, kept, "", decision.who, "", entry.at, decision.note)
        if decision.kind in ("approve", "pick", "edit") and entry.number not in undone and decision.take in takes:
            for other in _passed_over(decision, takes.values()):
                yield Pair(
                    project.id, decision.stage, prompt, _file(takes[decision.take]), _file(other), decision.who,
                    decision.note or notes.get(other.id, ""), entry.at,
                )  # fmt: skip


def encoded(pairs: Iterable[Pair]) -> bytes:
    """As a file: a JSON object a line."""
    return "".join(json.dumps(asdict(pair), ensure_ascii=False) + "\n" for pair in pairs).encode()


def _judged(project: str, prompt: str, new: Take, before: Iterable[Take], at: str) -> Iterator[Pair]:
    """What the judges say of a new take beside those that could be made instead: the better score is preferred."""
    for other in before:
        scores = panel.score(new), panel.score(other)
        alike = other.stage == new.stage and dict(other.inputs) == dict(new.inputs)
        if alike and min(scores) >= 0 and scores[0] != scores[1]:
            better, worse = (new, other) if scores[0] > scores[1] else (other, new)
            note = str(worse.artifact.facts.get("judges") or "")
            yield Pair(project, new.stage, prompt, _file(better), _file(worse), panel.CRITIC, note, at)


def _passed_over(decision: Decision, takes: Iterable[Take]) -> Iterator[Take]:
    """The other takes that could have been chosen."""
    for take in takes:
        if take.stage == decision.stage and take.id != decision.take and dict(take.inputs) == dict(decision.inputs):
            yield take


def _undone(project: Project) -> frozenset[int]:
    """Numbers of the approvals that were taken back: the next decision about the same take rejects it."""
    last: dict[tuple[str, str | None], int] = {}
    undone: set[int] = set()
    for entry in project.entries:
        if isinstance(entry.event, Decided):
            decision = entry.event.decision
            about = (decision.stage, decision.take)
            if decision.kind == "reject" and about in last:
                undone.add(last.pop(about))
            elif decision.kind in ("approve", "pick", "edit"):
                last[about] = entry.number
    return frozenset(undone)


def _file(take: Take) -> str:
    return f"{take.artifact.sha256}{take.artifact.suffix}"
