"""The boxes artifact in and out: the things that a detector found in a picture, and which of them count.

`{"width": …, "height": …, "things": [{"word": …, "score": …, "box": [left, top, right, bottom], "mask": [run lengths,
row by row, beginning with 0s]}, …], "chosen": [indices], "missing": [words]}`, UTF-8, pixels of the picture. The
person edits `chosen`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.errors import DecisionError, JournalDamagedError
from engine.types import Settings


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that was found."""

    word: str
    """The word that it was looked for by."""
    score: float
    """How sure the detector is, 0 to 1."""
    box: tuple[float, float, float, float]
    """left, top, right, bottom."""
    mask: tuple[int, ...] = ()
    """Run lengths of its shape, row by row, beginning with 0s; empty: the whole box."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """What was found in one picture."""

    width: int
    height: int
    """The picture's size."""
    things: tuple[Thing, ...]
    """The surest first, as the detector gives them."""
    chosen: tuple[int, ...]
    """Indices of the things that count."""
    missing: tuple[str, ...] = ()
    """Words that were looked for and not found."""

    def encode(self) -> bytes:
        """The artifact's bytes; the same boxes give the same bytes."""
        things = [
            {"word": one.word, "score": one.score, "box": list(one.box), "mask": list(one.mask)} for one in self.things
        ]
        answer = {"things": things, "chosen": list(self.chosen), "missing": list(self.missing)}
        whole = {"width": self.width, "height": self.height, **answer}
        return json.dumps(whole, ensure_ascii=False).encode()


def decode(data: bytes) -> Boxes:
    """The boxes in an artifact's bytes. Raises JournalDamagedError when there are none."""
    try:
        whole: Mapping[str, Any] = json.loads(data)
        things = tuple(_thing(one) for one in whole["things"])
        chosen = tuple(int(index) for index in whole["chosen"])
        missing = tuple(str(word) for word in whole.get("missing", ()))
        found = Boxes(int(whole["width"]), int(whole["height"]), things, chosen, missing)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged() from error
    if not all(0 <= index < len(things) for index in chosen):
        raise _damaged()
    return found


def choose(found: Boxes, chosen: Sequence[int]) -> Boxes:
    """The same things, with these of them chosen, each once and in order. Raises DecisionError for another index."""
    if not all(isinstance(index, int) and 0 <= index < len(found.things) for index in chosen):
        raise DecisionError(
            "There is no such thing in the picture",
            "Choose among the things that were found, or paint the mask yourself.",
            value=", ".join(str(index) for index in chosen)[:40],
            limit=f"0 to {len(found.things) - 1}" if found.things else "nothing was found",
        )
    return replace(found, chosen=tuple(sorted(set(chosen))))


def facts(found: Boxes) -> Settings:
    """What is kept in the artifact's facts."""
    return {
        "width": found.width,
        "height": found.height,
        "things": len(found.things),
        "chosen": len(found.chosen),
    }


def _thing(one: Mapping[str, Any]) -> Thing:
    left, top, right, bottom = (float(side) for side in one["box"])
    mask = tuple(int(length) for length in one.get("mask", ()))
    return Thing(str(one["word"]), float(one["score"]), (left, top, right, bottom), mask)


def _damaged() -> JournalDamagedError:
    return JournalDamagedError("The file does not hold what was found in a picture", "Make another take of the stage.")
