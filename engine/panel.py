"""Two judges as one approver: where they agree it is done, where they do not the person decides (Mora's rule).

An Opinion says how likely a take is what was asked for, and what it misses. Judges give theirs when a take is made
(engine.judging), as facts of the take. What all of them like is kept, what none likes is turned down with what was
missed, as a proposal for the prompt; over anything else the person is asked. Knows no model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine.agent import Input
from engine.approval import Approver, Verdict
from engine.types import Settings, Stage, Take, Value

CRITIC, SECOND, LANGUAGE = JUDGES = ("critic", "pocket judge", "language model")
"""Who has opinions."""
RANKING = (CRITIC, LANGUAGE)
"""By whose opinion candidates are ranked: the first one's that there is."""
QUESTIONS = "questions"
"""The person's own questions, among what a judge is given."""
LIKED = 0.5
"""The score from which on a judge likes a take."""
_MOST_NAMED = 2
"""Misses that a proposal names."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a judge thinks of a take."""

    score: float
    """How likely it is what was asked for, 0..1."""
    misses: tuple[str, ...] = ()
    """What is not as it was asked for, the surest first: questions, or words."""
    dimensions: Mapping[str, float] = field(default_factory=dict[str, float])
    """Score of each dimension that was asked about, `event_following`, `mechanics` …; empty for who knows none."""
    asked: tuple[str, ...] = ()
    """What was asked, each with how likely it is seen, and at which frames was looked: lines for the person."""
    says: tuple[str, ...] = ()
    """Of each miss what a prompt would say, `motion: the ball bounces`; empty for what nobody would say."""


class Judge(Protocol):
    """Somebody with an opinion."""

    @property
    def name(self) -> str:
        """One of JUDGES: what it says stands under this name among a take's facts."""

    def opinion(self, data: bytes, inputs: Mapping[str, Input]) -> Opinion | None:
        """Its opinion of a video by what it was made from; None where it can say nothing of it. Raises VideoError."""


class Panel:
    """An approver: first whether the take is plainly broken, then what the judges said of it when it was made."""

    def __init__(self, first: Approver) -> None:
        """first: looks for what is plainly broken."""
        self._first = first

    @property
    def name(self) -> str:
        """See Approver."""
        return self._first.name

    def judge(self, stage: Stage, take: Take, data: bytes, inputs: Mapping[str, Input]) -> Verdict:
        """See Approver. What no judge has an opinion of is left to the first look."""
        verdict = self._first.judge(stage, take, data, inputs)
        found = recorded(take.artifact.facts)
        if not verdict.approved or not found:
            return verdict
        likes = {said.score >= LIKED for said in found.values()}
        if len(likes) > 1:
            return Verdict(False, told(found), undecided=True)
        return Verdict(likes == {True}, "" if likes == {True} else proposal(list(found.values())), who=CRITIC)


def facts(opinions: Sequence[tuple[str, Opinion]]) -> Settings:
    """Opinions as facts of a take: each score, what was asked and what is missed; `judges`, all in a sentence."""
    found = dict(opinions)
    if not found:
        return {"judges": "The judges know only the pocket world, and nothing that these words ask for: no opinion."}
    kept: dict[str, Value] = {}
    for name, said in found.items():
        kept[name] = round(said.score, 4)
        kept[f"{name} missed"] = "\n".join(said.misses)
        kept[f"{name} asked"] = "\n".join(said.asked)
        kept[f"{name} says"] = "\n".join(said.says)
        kept |= {f"{name} {dimension}": round(score, 4) for dimension, score in said.dimensions.items()}
    return {**kept, "judges": told(found)}


def recorded(facts: Settings) -> Mapping[str, Opinion]:
    """The opinions among a take's facts, by judge."""
    found: dict[str, Opinion] = {}
    for name in JUDGES:
        score = facts.get(name)
        if isinstance(score, float | int):
            misses, says = (str(facts.get(f"{name} {what}") or "").split("\n") for what in ("missed", "says"))
            found[name] = Opinion(float(score), tuple(filter(None, misses)), says=tuple(says) if any(says) else ())
    return found


def statements(facts: Settings) -> list[tuple[str, str]]:
    """What was missed, each with what a prompt would say; what most judges miss first."""
    told = [pair for said in recorded(facts).values() for pair in zip(said.misses, said.says, strict=False) if pair[1]]
    count = Counter(statement for _, statement in told)
    return sorted(dict.fromkeys(told), key=lambda pair: -count[pair[1]])


def score(take: Take) -> float:
    """What candidates are ranked by, 0..1: the score of one of RANKING; below all of them where there is none."""
    found = recorded(take.artifact.facts)
    return next((found[name].score for name in RANKING if name in found), -1.0)


def told(found: Mapping[str, Opinion]) -> str:
    """Opinions in one sentence for the person."""
    scores = ", ".join(f"{name} {said.score:.0%}" for name, said in found.items())
    likes = {said.score >= LIKED for said in found.values()}
    if len(likes) > 1:
        return f"The judges do not agree ({scores}): you decide. {missing(list(found.values()))}".strip()
    if likes == {True}:
        return f"As it was asked for, as far as the judges see ({scores}). {missing(list(found.values()))}".strip()
    return f"Not what was asked for, as far as the judges see ({scores}). {proposal(list(found.values()))}"


def missing(opinions: Sequence[Opinion]) -> str:
    """What is not seen, as a sentence; empty where everything is."""
    counts: dict[str, int] = {}
    for opinion in opinions:
        for miss in opinion.misses:
            counts[miss] = counts.get(miss, 0) + 1
    most = sorted(counts, key=lambda miss: -counts[miss])[:_MOST_NAMED]
    return f"Not seen: {' '.join(most)}" if most else ""


def proposal(opinions: Sequence[Opinion]) -> str:
    """What the prompt could say first, as a sentence: what most opinions miss, the surest first."""
    missed = missing(opinions)
    return f"{missed} Say it first in the prompt." if missed else "Not what was asked for."
