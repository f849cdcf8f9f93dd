"""Two judges as one approver: where they agree it is done, where they do not the person decides (Mora's rule).

An Opinion says how likely a take is what was asked for, and what it misses. What all judges like is kept, what
none likes is turned down with what was missed, as a proposal for the prompt; over anything else the person is asked.
Knows no model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.agent import Input
from engine.approval import Approver, Verdict
from engine.types import Kind, Stage, Take

_MOST_NAMED = 2
"""Misses that a proposal names."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a judge thinks of a take."""

    score: float
    """How likely it is what was asked for, 0..1."""
    misses: tuple[str, ...] = ()
    """What is not as it was asked for, the surest first: questions, or words."""


class Judge(Protocol):
    """Somebody with an opinion."""

    @property
    def name(self) -> str:
        """Stands in the note: `critic`, `pocket judge`."""

    @property
    def judges(self) -> frozenset[Kind]:
        """The kinds of artifact that it can judge."""

    def opinion(self, data: bytes, inputs: Mapping[str, Input]) -> Opinion | None:
        """Its opinion of a file by what it was made from; None where it can say nothing of it. Raises as Approver."""


class Panel:
    """An approver: first whether the take is plainly broken, then what the judges say."""

    name = "critic"

    def __init__(self, first: Approver, judges: Sequence[Judge], least: float = 0.5) -> None:
        """first: looks for what is plainly broken; least: the score from which on a judge likes a take."""
        self._first = first
        self._judges = judges
        self._least = least

    def judge(self, stage: Stage, take: Take, data: bytes, inputs: Mapping[str, Input]) -> Verdict:
        """See Approver. What no judge has an opinion of is left to the first look."""
        verdict = self._first.judge(stage, take, data, inputs)
        if not verdict.approved:
            return verdict
        able = [judge for judge in self._judges if take.artifact.kind in judge.judges]
        found = [(judge.name, said) for judge in able if (said := judge.opinion(data, inputs)) is not None]
        likes = {said.score >= self._least for _, said in found}
        if likes <= {True}:
            return verdict
        if len(likes) == 1:
            return Verdict(False, proposal([said for _, said in found]))
        told = ", ".join(f"{name} {said.score:.0%}" for name, said in found)
        return Verdict(False, f"The judges do not agree ({told}): you decide.", undecided=True)


def proposal(opinions: Sequence[Opinion]) -> str:
    """What the prompt could say first, as a sentence: what most opinions miss, the surest first."""
    counts: dict[str, int] = {}
    for opinion in opinions:
        for miss in opinion.misses:
            counts[miss] = counts.get(miss, 0) + 1
    most = sorted(counts, key=lambda miss: -counts[miss])[:_MOST_NAMED]
    return f"Not seen: {' '.join(most)} Say it first in the prompt." if most else "Not what was asked for."


def ranked(scores: Mapping[str, Sequence[float]]) -> tuple[str, ...]:
    """Candidates, the best first, by the mean of their judges' scores, 0..1; the earlier one where they are equal."""
    return tuple(sorted(scores, key=lambda take: -sum(scores[take]) / max(1, len(scores[take]))))
