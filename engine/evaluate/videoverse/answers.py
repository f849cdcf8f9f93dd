"""What is asked of a judge, and what its words mean: the official way, and a strict one.

Official (scripts/eval_with_other_vlm.py of VideoVerse's repository): events are asked in their true order, so that
echoing "A, B, C" scores full marks; the first "yes" or "no" in the text counts, so that "I do not know" is a no.
Strict: events are shuffled per video; only a whole word is a yes or a no; only letters that were asked for, each once,
are an order.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Final

from engine.evaluate.videoverse.benchmark import LETTERS

FPS: Final = 8.0
"""Frames a second that a judge is shown."""
PIXELS: Final = 360 * 420
"""Most pixels of a frame that a judge is shown."""
TRIES: Final = 3
"""How often an answer that cannot be read is asked for, in the official protocol."""
WRONG: Final = "wrong"
"""`res` of an answer that is neither yes nor no."""
_ORDER: Final = (
    "These are several events that may happened in the video."
    "Please sort them in the order in which they occurred. "
    "If an event does not occur, the letter corresponding to the event is ignored."
    "Only output the corresponding letters in order, use commas to separate, and wrap your response with "
    "<output></output>. Such as <output>B,D</output> or <output>A,B,C</output>{}"
)
_QUESTION: Final = "In this video.\n{}\nAnswer with {}."
_OUTPUT: Final = re.compile(r"<output>(.*?)</output>", re.DOTALL)
_YES_OR_NO: Final = re.compile(r"yes|no", re.IGNORECASE)
_WHOLE: Final = re.compile(r"\b(yes|no)\b", re.IGNORECASE)


def order_question(events: Sequence[str]) -> str:
    """The question for the order of events, shown as A, B, C …; worded as the official scripts word it."""
    listed = "".join(f"\n{letter}: {event}" for letter, event in zip(LETTERS, events, strict=False))
    return _ORDER.format(listed)


def check_question(question: str, turned: bool = False) -> str:
    """A yes-or-no question, worded as the official scripts word it; turned: "Answer with No or Yes." instead."""
    return _QUESTION.format(question, "No or Yes" if turned else "Yes or No")


def shuffled(count: int, key: str, turned: bool = False) -> list[int]:
    """In which order a video's events are shown: its own, the same every time; turned: that one backwards."""
    places = list(range(count))
    random.Random(f"{key}/events").shuffle(places)
    return places[::-1] if turned else places


def official_order(text: str) -> tuple[str, str] | None:
    """What stands in the output marks, and its capital letters; None where there are no marks."""
    found = _OUTPUT.search(text)
    return (found[1], "".join(re.findall("[A-Z]", found[1]))) if found else None


def official_yes_no(text: str) -> str:
    """`yes`, `no` or `wrong`."""
    found = _YES_OR_NO.search(text)
    return found[0].lower() if found else WRONG


def strict_order(text: str, shown: Sequence[int]) -> str | None:
    """The answer as letters of the true order; None where it is not just letters that were shown, each once.

    shown: which event stood behind each letter, as `shuffled` gives it. No letter at all is an answer: nothing
    happened.
    """
    found = _OUTPUT.search(text)
    if found is None:
        return None
    letters = [part.strip() for part in found[1].split(",") if part.strip()]
    if any(letter not in list(LETTERS[: len(shown)]) for letter in letters) or len({*letters}) < len(letters):
        return None
    return "".join(LETTERS[shown[LETTERS.index(letter)]] for letter in letters)


def strict_yes_no(text: str) -> str:
    """`yes` or `no` where the text begins with that word by itself, or has just one of the two; else `wrong`."""
    found = [word.lower() for word in _WHOLE.findall(text)]
    first = re.match(r"[\W_]*(yes|no)\s*(?:[,.;:!]|$)", text, re.IGNORECASE)
    if first:
        return first[1].lower()
    return found[0] if len({*found}) == 1 else WRONG
