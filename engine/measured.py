"""What is seen of videos that are measured beside the page: how far they are, each figure, and what stands behind it.

Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure of the videos of one system."""

    figure: str
    """Its name; with whose features, where they are not the published ones."""
    system: str
    """`first`, or the `second` that is held against it; of a benchmark the way in which it was asked."""
    mean: float
    low: float
    """Of the interval that holds the mean in 95 of 100 resamplings."""
    high: float
    cases: int
    """Videos that have it; of a benchmark, answers."""
    kind: Literal["dimension", "summary", "number"] = "number"
    """`dimension`: a share from 0 to 1, one axis of a picture of them all; `summary`: a share over several of those."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question about a video."""

    question: str
    said: str
    """`yes`, `no` or `wrong`; of an order of events, what was seen."""
    sure: float | None = None
    """The probability of yes, where the judge told one."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One video behind a figure."""

    name: str
    prompt: str
    """What it was made from; empty where nobody knows."""
    value: float
    """Its own figure."""
    file: str = ""
    """Its address among the measurement's files; empty where it is not kept there."""
    answers: tuple[Answered, ...] = ()
    """What was asked of it for this figure."""


@dataclass(frozen=True, slots=True)
class Questioner:
    """Somebody who can be asked about videos."""

    name: str
    """Stable: `critic`."""
    title: str
    """What a person reads."""


@dataclass(frozen=True, slots=True)
class Course:
    """A run of VideoVerse's pocket edition: what is made, and who is asked about it."""

    prompts: int
    """The first so many."""
    seeds: int
    """Each prompt is made once with each."""
    profile: str
    """Name of the model that makes the videos."""
    questioner: str
    """Name of who is asked."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The second system's figure less the first's, over the videos that both have."""

    figure: str
    mean: float
    low: float
    high: float
    says: str
    """`higher`, `lower`, or that no difference is shown."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Videos that are being measured, or were."""

    name: str
    """Its id."""
    title: str
    status: Literal["running", "stopped", "failed", "done"]
    done: int
    """Videos measured."""
    in_all: int
    seconds_left: float | None
    """At the rate so far; `None` while unknown."""
    problem: str
    """Why it failed."""
    figures: tuple[Measured, ...]
    differences: tuple[Difference, ...]
    unread: tuple[str, ...]
    """Videos that could not be made or read, and why."""
    facts: tuple[str, ...] = ()
    """What else the report says in a line each: the total score, who was asked."""
