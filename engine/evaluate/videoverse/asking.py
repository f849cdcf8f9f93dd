"""A judge asked about videos, by the official protocol and by a strict one; and what its answers come to.

Strict: everything is asked twice, events in a shuffled order and then in that order backwards, questions with yes and
no turned round. An answer counts only where both agree, so that an echo ("A, B, C") and a guess have no credit.
Controls, strict too: a black video, and the video of another prompt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

import numpy as np
from PIL import Image

from engine.evaluate.cases import Frames
from engine.evaluate.videoverse import answers
from engine.evaluate.videoverse.benchmark import LETTERS, Item
from engine.evaluate.videoverse.dimensions import BLANK, EVENTS, OFFICIAL
from engine.evaluate.videoverse.scoring import lcs


class Witness(Protocol):
    """Looks at a video and answers a question about it."""

    @property
    def name(self) -> str:
        """Which model, for the report."""

    def answer(self, frames: Frames, fps: float, question: str) -> str:
        """What it says, as it says it; "" where that cannot be read. Greedy: the same every time.

        Raises LanguageModelError where it cannot be asked.
        """


@runtime_checkable
class Sure(Protocol):
    """A witness that also says how sure it is."""

    def yes(self, frames: Frames, question: str) -> float | None:
        """The probability of yes, 0..1, of a question in the words of `answer`; None of any other."""


@runtime_checkable
class Limited(Protocol):
    """A witness that can answer some questions only."""

    def within(self, item: Item) -> Item:
        """The item with nothing asked that it cannot answer."""


@dataclass(frozen=True, slots=True)
class Showing:
    """A video as a judge is shown it."""

    frames: Frames
    fps: float


def shown(frames: Frames, fps: float) -> Showing:
    """A video at 8 frames a second or fewer, and at most 360 x 420 pixels a frame."""
    wanted = max(1, min(len(frames), round(len(frames) / fps * answers.FPS)))
    chosen = frames[np.linspace(0, len(frames) - 1, wanted).round().astype(int)]
    height, width = frames.shape[1:3]
    scale = min(1.0, (answers.PIXELS / (height * width)) ** 0.5)
    if scale < 1:
        size = (max(1, int(width * scale)), max(1, int(height * scale)))
        chosen = np.stack([np.asarray(Image.fromarray(one).resize(size, Image.Resampling.BICUBIC)) for one in chosen])
    return Showing(chosen, min(fps, answers.FPS))


def ask(item: Item, showing: Showing, witness: Witness, protocol: str) -> tuple[Item, dict[str, str]]:
    """The item answered, and every answer word for word, by what was asked.

    Raises LanguageModelError.
    """
    asker = _Asker(showing, witness)
    if protocol == OFFICIAL:
        return asker.officially(item), asker.said
    if protocol == BLANK:
        asker = _Asker(Showing(np.zeros_like(showing.frames), showing.fps), witness)
    return asker.strictly(item), asker.said


def figures(item: Item) -> dict[str, float]:
    """One answered video: `score`, S(V), and `of`, the most that it could be; and shares of each dimension."""
    values: dict[str, list[float]] = {}
    if item.events:
        values[EVENTS] = [lcs(LETTERS[: len(item.events)], item.order) / len(item.events)] * len(item.events)
    for check in item.checks:
        if check.asked:
            values.setdefault(check.dimension, []).append(float(check.answer.lower() == "yes"))
    score, most = (sum(map(size, values.values())) for size in (sum, len))
    return {"score": float(score), "of": float(most), **{name: sum(one) / len(one) for name, one in values.items()}}


def written(item: Item, entry: dict[str, Any]) -> dict[str, Any]:
    """A result file's entry: the prompt file's own, with what was answered, and without what was not asked."""
    asked = [
        {**check, "res": answered.answer, **({} if answered.sure is None else {"yes": answered.sure})}
        if answered.asked
        else {**check, "check": False}
        for check, answered in zip(entry["verification_checks"], item.checks, strict=True)
    ]
    made = {**entry, "verification_checks": asked}
    if "t2v_eval_event_info" in entry:
        said = {"overall_event_res": item.order_said, "overall_event_processed_res": item.order}
        plan: dict[str, Any] = {} if item.events else {"verification_plan": []}
        made["t2v_eval_event_info"] = {**entry["t2v_eval_event_info"], **plan, **said}
    return made


class _Asker:
    """One video, and all that was said of it."""

    def __init__(self, showing: Showing, witness: Witness) -> None:
        self._showing = showing
        self._witness = witness
        self.said: dict[str, str] = {}

    def officially(self, item: Item) -> Item:
        """As the official scripts ask."""
        order = self._order(item.events) if item.events else ("", "")
        checks = [
            replace(check, answer=self._yes_or_no(place, check.question), sure=self._sure(check.question, (False,)))
            if check.asked
            else check
            for place, check in enumerate(item.checks)
        ]
        return replace(item, order=order[1], order_said=order[0], checks=tuple(checks))

    def strictly(self, item: Item) -> Item:
        """Everything twice; only what both answers say counts."""
        orders = {self._shuffled(item, turned) for turned in (False, True)} if item.events else {""}
        order = orders.pop() if len(orders) == 1 else None
        checks = []
        for place, check in enumerate(item.checks):
            twice = [self._strict(place, check.question, turned) for turned in (False, True)] if check.asked else [""]
            sure = self._sure(check.question, (False, True)) if check.asked else None
            checks.append(replace(check, answer=twice[0] if len({*twice}) == 1 else answers.WRONG, sure=sure))
        said = order if order is not None else "no order that both answers have"
        return replace(item, order=order or "", order_said=said, checks=tuple(checks))

    def _order(self, events: Sequence[str]) -> tuple[str, str]:
        for attempt in range(answers.TRIES):
            found = answers.official_order(self._say(f"events, try {attempt + 1}", answers.order_question(events)))
            if found:
                return found
        return "", ""

    def _yes_or_no(self, place: int, question: str) -> str:
        asked = answers.check_question(question)
        for attempt in range(answers.TRIES):
            found = answers.official_yes_no(self._say(f"question {place + 1}, try {attempt + 1}", asked))
            if found != answers.WRONG:
                return found
        return answers.WRONG

    def _shuffled(self, item: Item, turned: bool) -> str | None:
        places = answers.shuffled(len(item.events), item.key, turned)
        asked = answers.order_question([item.events[place] for place in places])
        return answers.strict_order(self._say(f"events{', turned' * turned}", asked), places)

    def _strict(self, place: int, question: str, turned: bool) -> str:
        asked = answers.check_question(question, turned)
        return answers.strict_yes_no(self._say(f"question {place + 1}{', turned' * turned}", asked))

    def _sure(self, question: str, turned: Sequence[bool]) -> float | None:
        """The mean probability of yes over the ways in which it was asked."""
        witness = self._witness
        if not isinstance(witness, Sure):
            return None
        said = [witness.yes(self._showing.frames, answers.check_question(question, each)) for each in turned]
        told = [one for one in said if one is not None]
        return round(sum(told) / len(told), 4) if told else None

    def _say(self, name: str, question: str) -> str:
        self.said[name] = self._witness.answer(self._showing.frames, self._showing.fps, question)
        return self.said[name]
