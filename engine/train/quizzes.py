"""The critic's lessons: clips with questions in tokens, drawn up by number; training never sees a held-out scene.

Lesson n, from its number alone: clips n * batch and following, each with several sheets of questions, so that a clip
which is seen again is asked something else. A sheet is one row of tokens: YES_NO questions in fields of equal length,
then ORDERS lists of events in longer ones, then a description. `targets` says behind which token which one comes.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Dataset
from transformers import PreTrainedTokenizerFast

from engine.pocket import quiz
from engine.pocket.critic import IMAGE, SEEN
from engine.pocket.happenings import FRAMES
from engine.pocket.reading_out import order_text, yes_no_text
from engine.pocket.render import Layout, layout
from engine.pocket.world import Clip
from engine.train import components

YES_NO, ORDERS = 14, 3
"""Questions of a sheet."""
_FIELD, _LONG_FIELD, _TOLD = 18, 60, 48
"""Tokens of a yes-or-no question, of a list of events and of a description, answers included."""
FIELDS = (*(_FIELD,) * YES_NO, *(_LONG_FIELD,) * ORDERS, _TOLD)
PARTS = (YES_NO * _FIELD, ORDERS * _LONG_FIELD, _TOLD)
"""Tokens of all questions, of all lists and of the description."""
SHEET = sum(FIELDS)
"""Tokens of a sheet."""
SHARES: Mapping[str, float] = MappingProxyType(
    {
        "3d_depth": 6.0, "Interaction": 3.0, "Mechanics": 1.5, "Material Properties": 1.5, "2d_layout": 0.7,
        "Common Sense": 0.7, "Attribution Correctness": 0.7, "Camera Control": 0.4, "Natural Constraints": 0.4,
    }
)  # fmt: skip
"""How much of the lessons a dimension gets beside the others: the most what shows in the fewest pixels."""
UNASKED = -100
"""A target that counts for nothing."""
_NOTHING = 0.03
"""Share of the clips that show nothing at all: whatever is asked, the answer is no."""
_NOT_SHOWN = "nothing"
"""Their description."""


@dataclass(frozen=True)
class QuizOptions:
    """Which lessons there are."""

    batch: int
    """Clips of a lesson."""
    sheets: int = 1
    """Sheets of a clip."""
    held_out: bool = False
    """Whether the clips are those kept from training."""
    first: int = 0
    """Number of the first lesson."""
    stride: int = 1
    """From one lesson's number to the next: several processes share a range of clips, and none sees another's."""
    labels: int | None = None
    """So many yes-or-no answers there are in all, then the same clips and sheets come again, without descriptions,
    which would tell more than was asked; None: no end."""
    wrong: float = 0.0
    """Share of the yes-or-no answers that are turned round, as a careless teacher's are."""


@dataclass(frozen=True)
class Quiz:
    """One lesson, ready for the device."""

    layout: Layout
    """Whole clips."""
    tokens: NDArray[np.int16]
    """(batch, sheets, SHEET)"""
    targets: NDArray[np.int16]
    """(batch, sheets, SHEET): the token that follows, or UNASKED."""
    nothing: NDArray[np.bool_]
    """(batch,): clips in whose place nothing is shown."""


def clips_of(labels: int) -> int:
    """How many clips so many yes-or-no answers are about, a sheet each."""
    return max(1, labels // YES_NO)


@cache
def tokenizer() -> PreTrainedTokenizerFast:
    """The words of the questions, letters, and the mark of a visual token."""
    extra = ("yes", "no", "order", "so", "seen", _NOT_SHOWN, "?", *quiz.LETTERS.lower())
    made = components.tokenizer((*quiz.words(), *extra))
    made.add_special_tokens({"additional_special_tokens": [IMAGE]})
    made.model_max_length = 2048
    return made


class Quizzes(Dataset[Quiz]):
    """Lessons by number."""

    def __init__(self, options: QuizOptions) -> None:
        self._options = options
        self._answers = tokenizer().convert_tokens_to_ids(["no", "yes"])

    def __len__(self) -> int:
        return 10**9

    def __getitem__(self, index: int) -> Quiz:
        """Lesson `index` of this process."""
        options = self._options
        number = options.first + index * options.stride
        start = number * options.batch
        clips_in_all = 10**12 if options.labels is None else clips_of(options.labels)
        asked = [quiz.clip_of(place % clips_in_all, options.held_out) for place in range(start, start + options.batch)]
        sheets = 1 if options.labels is not None else options.sheets
        nothing = np.array([rng.random() < _NOTHING and options.labels is None for _, rng in asked])
        pages = [self._sheets(clip, rng, sheets, gone) for (clip, rng), gone in zip(asked, nothing, strict=True)]
        tokens, targets = (np.stack([page[part] for page in pages]) for part in (0, 1))
        return Quiz(layout([clip for clip, _ in asked], FRAMES), tokens, targets, nothing)

    def _sheets(
        self, clip: Clip, rng: random.Random, count: int, gone: bool
    ) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """Tokens and targets of a clip's sheets, (count, SHEET) each."""
        asked = quiz.about(clip, YES_NO * count, rng, SHARES)
        lists = [quiz.order(clip, rng) for _ in range(ORDERS * count)]
        read = tokenizer()
        texts = [yes_no_text(one.question) for one in asked] + [order_text(one.events) for one in lists]
        ids: list[list[int]] = read(texts)["input_ids"]
        said = [[self._answers[self._told(one.yes and not gone, rng)]] for one in asked]
        ends = [*read.convert_tokens_to_ids([*quiz.LETTERS.lower()])]
        orders = ["" if gone else one.order for one in lists]
        said += [[*(ends[quiz.LETTERS.index(x)] for x in order), read.eos_token_id] for order in orders]
        told = [*read(_NOT_SHOWN if gone else quiz.description(clip))["input_ids"], read.eos_token_id]
        ids.append(read(SEEN)["input_ids"])
        said.append(told if self._options.labels is None else [])
        tokens = np.zeros((count, SHEET), np.int16)
        targets = np.full((count, SHEET), UNASKED, np.int16)
        for sheet in range(count):
            yes_no = range(sheet * YES_NO, (sheet + 1) * YES_NO)
            listed = range(count * YES_NO + sheet * ORDERS, count * YES_NO + (sheet + 1) * ORDERS)
            _write(tokens[sheet], targets[sheet], [(ids[n], said[n]) for n in (*yes_no, *listed, -1)])
        return tokens, targets

    def _told(self, yes: bool, rng: random.Random) -> bool:
        """What the teacher says."""
        return yes != (rng.random() < self._options.wrong)


def _write(
    tokens: NDArray[np.int16], targets: NDArray[np.int16], pairs: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> None:
    """Fill a sheet with questions and their answers: each in its field, the answers as what follows."""
    place = 0
    for (question, answer), field in zip(pairs, FIELDS, strict=True):
        whole = [*question, *answer[:-1]]
        tokens[place : place + len(whole)] = whole
        first = place + len(question) - 1
        targets[first : first + len(answer)] = answer
        place += field
