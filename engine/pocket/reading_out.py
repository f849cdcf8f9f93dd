"""How a critic is asked: a question as it reads it, the same of two things the other way round, a list of events, and
the orders in which a list is read out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from engine.pocket import facts
from engine.pocket.quiz import LETTERS

_EXCLUDES: Final[Mapping[str, bool]] = MappingProxyType({"nearer": True, "left of": True, "meet": False})
"""Facts of two things: whether it excludes the same of them the other way round, or is the same."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A question of two things, asked the other way round."""

    question: str
    excludes: bool
    """Whether only one of both can be so: `is the ball in front?`; else both ask the same."""

    def settled(self, first: float, other: float) -> float:
        """How likely the first is, 0..1, when both answers are known: two that exclude each other have 1 between them
        at most, and of two that ask the same it is the mean.
        """
        return first / max(1.0, first + other) if self.excludes else (first + other) / 2


def yes_no_text(question: str) -> str:
    """A question as it is read."""
    return f"{question.strip().rstrip('?')}?"


def turned(question: str) -> Turned | None:
    """A question of engine.pocket.facts about two things the other way round; None where there is no such thing."""
    for name, excludes in _EXCLUDES.items():
        found = _pattern(name).fullmatch(question.strip())
        if found:
            return Turned(facts.question((name, found["two"], found["one"])), excludes)
    return None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """What a question of this name looks like, whatever things it names."""
    text = re.escape(facts.question((name, "ONE", "TWO")))
    for noun in ("one", "two"):
        text = text.replace(noun.upper(), f"(?P<{noun}>[a-z ]+)", 1).replace(noun.upper(), f"(?P={noun})")
    return re.compile(text)


def order_text(events: Sequence[str]) -> str:
    """A list of events as it is read; the letters follow."""
    return "order: " + " ".join(f"{letter}: {event}" for letter, event in zip(LETTERS, events, strict=False)) + " so:"


def listings(count: int) -> list[tuple[int, ...]]:
    """Orders in which so many events are listed: every turn of the list, and each of these from its end."""
    turns = {tuple((first + step) % count for step in range(count)) for first in range(count)}
    return sorted(turns | {turn[::-1] for turn in turns})
