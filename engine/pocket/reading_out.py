"""How a critic is asked: a question as it reads it, a list of events, and the orders in which a list is read out."""

from __future__ import annotations

from collections.abc import Sequence

from engine.pocket.quiz import LETTERS


def yes_no_text(question: str) -> str:
    """A question as it is read."""
    return f"{question.strip().rstrip('?')}?"


def order_text(events: Sequence[str]) -> str:
    """A list of events as it is read; the letters follow."""
    return "order: " + " ".join(f"{letter}: {event}" for letter, event in zip(LETTERS, events, strict=False)) + " so:"


def listings(count: int) -> list[tuple[int, ...]]:
    """Orders in which so many events are listed: every turn of the list, and each of these from its end."""
    turns = {tuple((first + step) % count for step in range(count)) for first in range(count)}
    return sorted(turns | {turn[::-1] for turn in turns})
