"""A pocket critic against what the simulator knows, on scenes that training never saw.

Yes-or-no questions, as many yes as no by construction, their no's near to the truth; lists of events by the strict way:
asked in one order and in that one turned round, an answer counts where both say the same, so an echo has no credit.
Controls: a black video, and the video of another clip. Probabilities: expected calibration error, temperatures applied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.evaluate import calibration
from engine.evaluate.calibration import Bin
from engine.evaluate.cases import Frames
from engine.evaluate.videoverse.dimensions import CHECKS, EVENTS
from engine.evaluate.videoverse.scoring import lcs
from engine.pocket import quiz
from engine.pocket.critic import Calibration, PocketCritic, Sight
from engine.pocket.happenings import FRAMES
from engine.pocket.quiz import LETTERS, Ordered
from engine.pocket.render import Renderer, layout

_QUESTIONS: Final = 18
"""Of a clip."""
_AT_ONCE: Final = 25
"""Clips that are drawn at once."""


@dataclass(frozen=True, slots=True)
class Exam:
    """Which held-out clips: so many from this index on."""

    first: int
    clips: int


@dataclass(frozen=True)
class Marks:
    """What a critic said, and what is so; probabilities 0..1, by what was asked."""

    said: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    """Dimension -> probability of yes."""
    so: dict[str, list[bool]] = field(default_factory=dict[str, list[bool]])
    """Dimension -> what is so."""
    orders: list[float] = field(default_factory=list[float])
    """Longest common subsequence of each list of two events or more, over the number of those that happen."""
    echoes: list[float] = field(default_factory=list[float])
    """The same of one who says "A, B, C …" to whatever is listed."""
    blank: list[float] = field(default_factory=list[float])
    """Whether a black video was given a yes."""
    wrong: list[float] = field(default_factory=list[float])
    """Whether another clip's video was given a yes to a question whose answer is yes in the clip's own."""

    def note(self, dimension: str, said: float, so: bool) -> None:
        """One probability, and what is so."""
        self.said.setdefault(dimension, []).append(said)
        self.so.setdefault(dimension, []).append(so)

    def pooled(self, dimensions: Sequence[str]) -> tuple[calibration.Floats, NDArray[np.bool_]]:
        """Some dimensions' together."""
        said = [each for name in dimensions for each in self.said.get(name, ())]
        so = [each for name in dimensions for each in self.so.get(name, ())]
        return np.array(said, np.float64), np.array(so, np.bool_)


def calibrated(critic: PocketCritic, exam: Exam, renderer: Renderer) -> Calibration:
    """The temperatures that fit these clips best; the critic's own are left out of it."""
    kept, critic.calibration = critic.calibration, Calibration()
    marks = marked(critic, exam, renderer)
    critic.calibration = kept
    return Calibration(
        calibration.temperature(*marks.pooled(CHECKS)), calibration.temperature(*marks.pooled((EVENTS,)))
    )


def examine(critic: PocketCritic, exam: Exam, renderer: Renderer) -> dict[str, float]:
    """All figures of these clips, 0..1; by name, `right Mechanics` and so on."""
    return figures(marked(critic, exam, renderer))


def figures(marks: Marks) -> dict[str, float]:
    """Shares right (events: a probability on the right side of a half), and the worst dimension; orders; controls."""
    right = {name: _right(marks, (name,)) for name in (*CHECKS, EVENTS) if name in marks.said}
    yes_no = [name for name in CHECKS if name in marks.said]
    return {
        "right": _right(marks, yes_no),
        "worst": min(right.values()),
        **{f"right {name}": share for name, share in right.items()},
        "order, strict": _mean(marks.orders),
        "order, echo": _mean(marks.echoes),
        "yes to a black video": _mean(marks.blank),
        "yes to a wrong video": _mean(marks.wrong),
        "ece": calibration.error(*marks.pooled((*CHECKS, EVENTS))),
        "ece, yes or no": calibration.error(*marks.pooled(CHECKS)),
    }


def reliability(marks: Marks) -> tuple[Bin, ...]:
    """The curve of all probabilities."""
    return calibration.curve(*marks.pooled((*CHECKS, EVENTS)))


def marked(critic: PocketCritic, exam: Exam, renderer: Renderer) -> Marks:
    """Everything asked about every clip."""
    marks = Marks()
    before: Sight | None = None
    for index, frames in _drawn(exam, renderer):
        clip, rng = quiz.clip_of(index, held_out=True)
        seen = critic.look(frames)
        asked = quiz.about(clip, _QUESTIONS, rng)
        questions = [one.question for one in asked]
        for one, said in zip(asked, critic.yes(seen, questions), strict=True):
            marks.note(one.dimension, said, one.yes)
        true = [one.question for one in asked if one.yes]
        marks.blank.extend(float(said > 0.5) for said in critic.yes(critic.look(np.zeros_like(frames)), questions))
        if before is not None:
            marks.wrong.extend(float(said > 0.5) for said in critic.yes(before, true))
        _ordered(critic, seen, quiz.order(clip, rng), index, marks)
        before = seen
    return marks


def _ordered(critic: PocketCritic, seen: Sight, asked: Ordered, index: int, marks: Marks) -> None:
    """A list of events, strictly; and the probabilities of the true order and of a false one in turn."""
    listed = len(asked.events)
    if listed < 2:
        return
    true = index % 2 == 0
    told = asked.order if true else asked.order[::-1] if len(asked.order) > 1 else LETTERS[:listed]
    marks.note(EVENTS, critic.order_is(seen, asked.events, told), told == asked.order)
    if asked.order:
        both = _both_ways(critic.order(seen, asked.events), critic.order(seen, asked.events[::-1]), listed)
        marks.orders.append(lcs(asked.order, both) / len(asked.order))
        marks.echoes.append(lcs(asked.order, _both_ways(LETTERS[:listed], LETTERS[:listed], listed)) / len(asked.order))


def _both_ways(first: str, turned: str, listed: int) -> str:
    """The order, where the answer to the list turned round says the same; else none."""
    meant = "".join(LETTERS[listed - 1 - LETTERS.index(letter)] for letter in turned)
    return first if first == meant else ""


def _drawn(exam: Exam, renderer: Renderer) -> Iterator[tuple[int, Frames]]:
    """Clips by index, as uint8 (frames, height, width, 3)."""
    for start in range(exam.first, exam.first + exam.clips, _AT_ONCE):
        places = range(start, min(start + _AT_ONCE, exam.first + exam.clips))
        plan = layout([quiz.clip_of(place, held_out=True)[0] for place in places], FRAMES)
        yield from zip(places, renderer.render(plan).movedim(2, -1).cpu().numpy(), strict=True)


def _right(marks: Marks, dimensions: Sequence[str]) -> float:
    said, so = marks.pooled(dimensions)
    return _mean(((said > 0.5) == so).tolist())


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else 0.0
