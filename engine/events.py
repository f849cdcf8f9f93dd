"""What a journal says: one event a line, in the order in which it happened.

Standard library only. Where a project stands is derived from these (engine.road), never stored beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.types import Request, Settings, Take

DecisionKind = Literal["approve", "edit", "retry", "pick", "reject", "decline"]


@dataclass(frozen=True, slots=True)
class Created:
    """The project began."""

    request: Request
    title: str


@dataclass(frozen=True, slots=True)
class Requested:
    """A take was asked for; a job of the same id is in the queue."""

    take: str
    stage: str
    seed: int
    settings: Settings
    inputs: Mapping[str, str]
    who: str = "person"
    """`person`, or `automatic` (counts against Stage.tries)."""


@dataclass(frozen=True, slots=True)
class Started:
    """A worker began the take (again, after a crash)."""

    take: str
    worker: int


@dataclass(frozen=True, slots=True)
class Released:
    """A worker that closes in good order laid the take down unfinished: it waits again, and was not lost."""

    take: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """The take's file is on disk, whole."""

    take: Take


@dataclass(frozen=True, slots=True)
class Failed:
    """The take ended without an artifact."""

    take: str
    error: str
    """Class name in engine.errors."""
    message: str
    """What happened, in the person's terms."""
    remedy: str
    """What to do about it."""
    offer: str = ""
    """An alternative that the page may offer as a button: `offline-writer`."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The person stopped the take."""

    take: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a stage, by whom, and when."""

    kind: DecisionKind
    """approve or pick: this take counts; edit: a new take by the person counts; retry: another take, please;
    reject: what was approved no longer is; decline: a prompt stays as it is, whatever the judges proposed."""
    stage: str
    """Name of the stage."""
    take: str | None = None
    """Take id it is about (approve, pick, edit, reject); of a proposal that is declined the prompt's."""
    inputs: Mapping[str, str] = field(default_factory=dict[str, str])
    """Fingerprints of the stage's inputs when it was decided: an approval holds for these inputs."""
    who: str = "person"
    """`person`, `automatic`, or a critic's name."""
    note: str = ""
    """In the decider's own words; of a proposal that is declined what it would have said (Proposal.told)."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision fell."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class Renamed:
    """The project, or a take of it, got a name."""

    name: str
    take: str | None = None


@dataclass(frozen=True, slots=True)
class Automatic:
    """From now on these stages are approved without asking."""

    stages: tuple[str, ...]


Event = Created | Requested | Started | Released | Recorded | Failed | Cancelled | Decided | Renamed | Automatic


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a journal."""

    number: int
    """0, 1, 2 …"""
    at: str
    """When it was written."""
    event: Event


@dataclass(frozen=True, slots=True)
class Project:
    """Identity, folder and journal. Where it stands is derived (engine.road), never stored."""

    id: str
    folder: Path
    entries: tuple[Entry, ...]
