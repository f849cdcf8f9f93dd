"""What a critic is asked about a video, and what it says: two small JSON files, the first for a person to edit.

Questions: `{"checks": [{"dimension", "question"}], "events": [...]}`, a faithful video has "yes" everywhere and its
events in this order. Criticism: the same with each answer's probability, the frames that were looked at, and the scores
by dimension.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from engine.errors import PromptError

EVENTS: Final = "Event Following"
CHECKS: Final = (
    "Mechanics", "Interaction", "Material Properties", "Camera Control",
    "Natural Constraints", "Common Sense", "Attribution Correctness", "2d_layout", "3d_depth",
)  # fmt: skip
"""VideoVerse's dimensions of yes-or-no questions, as its files have them."""
MOST_CHECKS: Final = 30
MOST_EVENTS: Final = 8
LONGEST: Final = 300
"""Characters of a question or an event."""
_MEND: Final = "Mend the questions, or leave them out: then they are written anew."


@dataclass(frozen=True, slots=True)
class Check:
    """One yes-or-no question."""

    dimension: str
    """One of CHECKS."""
    question: str


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """All that is asked about one video."""

    checks: tuple[Check, ...]
    events: tuple[str, ...] = ()
    """In the order in which they should happen; one alone has no order, and is only asked whether it happens."""

    def encode(self) -> bytes:
        """The file's bytes."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True, slots=True)
class Criticism:
    """What a critic says of a video."""

    asked: Questionnaire
    sure: tuple[float, ...]
    """Of each check the probability of yes, 0..1."""
    in_order: float | None
    """The probability that the events happen in the order that was asked for; None where none were asked."""
    order: tuple[str, ...]
    """The events as they were seen."""
    frames: tuple[int, ...]
    """Which frames were looked at."""

    @property
    def scores(self) -> Mapping[str, float]:
        """`{"event_following": 0.82, "mechanics": 0.76, …}`: of each dimension that was asked about the mean."""
        found: dict[str, list[float]] = {} if self.in_order is None else {named(EVENTS): [self.in_order]}
        for check, sure in zip(self.asked.checks, self.sure, strict=True):
            found.setdefault(named(check.dimension), []).append(sure)
        return {name: round(sum(each) / len(each), 4) for name, each in found.items()}

    @property
    def overall(self) -> float:
        """The mean over dimensions, 0..1: what candidates are ranked by."""
        scores = self.scores
        return sum(scores.values()) / len(scores) if scores else 0.0

    def failing(self, least: float = 0.5) -> tuple[str, ...]:
        """What was asked for and is less likely than this, the surest miss first: questions, or the events in a row."""
        missed = [(sure, check.question) for check, sure in zip(self.asked.checks, self.sure, strict=True)]
        if self.in_order is not None:
            missed.append((self.in_order, f"Do these happen, in this order: {' '.join(self.asked.events)}"))
        return tuple(question for sure, question in sorted(missed) if sure < least)

    def encode(self) -> bytes:
        """The file's bytes."""
        answers = [
            {**asdict(check), "yes": round(sure, 4)} for check, sure in zip(self.asked.checks, self.sure, strict=True)
        ]
        whole = {
            "scores": dict(self.scores), "checks": answers, "events": self.asked.events, "in_order": self.in_order,
            "order": self.order, "frames": self.frames,
        }  # fmt: skip
        return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def named(dimension: str) -> str:
    """A dimension as scores have it: `event_following`."""
    return dimension.lower().replace(" ", "_")


def decode(data: bytes | str) -> Questionnaire:
    """The questions in a file's bytes. Raises PromptError for what is no list of questions, naming what is wrong."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise PromptError("The questions are no JSON", _MEND, value=str(error)[:120]) from error
    return questionnaire(whole)


def questionnaire(whole: Any) -> Questionnaire:
    """The questions in what a file, a page or a language model gave. Raises PromptError as `decode`."""
    if not isinstance(whole, dict):
        raise PromptError("The questions are no object", _MEND, value=type(whole).__name__)
    checks = tuple(_check(one) for one in _listed(whole, "checks", MOST_CHECKS))
    events = tuple(_text(one, "an event") for one in _listed(whole, "events", MOST_EVENTS))
    if not checks and not events:
        raise PromptError("There is nothing to ask", "Add a question.")
    return Questionnaire(checks, events)


def lines(asked: Questionnaire) -> str:
    """The questions as text for a person to edit: `Mechanics: Does the ball bounce?`, and `1. The ball lands.`"""
    checks = [f"{check.dimension}: {check.question}" for check in asked.checks]
    return "\n".join([*checks, *(f"{number}. {event}" for number, event in enumerate(asked.events, 1))])


def from_lines(text: str) -> Questionnaire:
    """The questions in such a text. Raises PromptError naming the line that is none, as `decode`."""
    checks, events = [], []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        number, _, event = line.partition(". ")
        dimension, _, question = line.partition(":")
        if number.isdecimal():
            events.append(event)
        else:
            known = next((one for one in CHECKS if named(one) == named(dimension.strip())), dimension.strip())
            checks.append({"dimension": known, "question": question.strip()})
    return questionnaire({"checks": checks, "events": events})


def _check(one: Any) -> Check:
    if not isinstance(one, dict) or one.get("dimension") not in CHECKS:
        said = one.get("dimension") if isinstance(one, dict) else one
        raise PromptError("A question is of no dimension", _MEND, value=str(said)[:80], limit=", ".join(CHECKS))
    return Check(one["dimension"], _text(one.get("question"), "a question"))


def _listed(whole: Mapping[str, Any], name: str, most: int) -> Sequence[Any]:
    listed = whole.get(name, [])
    if not isinstance(listed, list) or len(listed) > most:
        said = len(listed) if isinstance(listed, list) else type(listed).__name__
        raise PromptError(f"The {name} are no list, or too many", _MEND, value=str(said), limit=str(most))
    return listed


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise PromptError(
            f"The text of {what} is missing or too long", _MEND, value=str(value)[:80], limit=str(LONGEST)
        )
    return " ".join(value.split())
