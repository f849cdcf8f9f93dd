"""The pocket judge as a judge of VideoVerse's pocket edition: it answers what it can see, and is asked nothing else.

It was never taught questions: it sees which things are there, their colours and motions, the place and the camera. The
edition's questions about those are read back into what they ask; of sizes, places in the picture, depth, meetings and
the order of events it knows nothing, and `within` leaves them out as the official files leave questions out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import torch

from engine.evaluate.cases import Frames
from engine.evaluate.judge import FRAMES, Judge, JudgeModel
from engine.evaluate.videoverse.answers import check_question
from engine.evaluate.videoverse.benchmark import Item
from engine.models.manifest import verify
from engine.pocket import facts
from engine.pocket.happenings import Fact
from engine.pocket.vocabulary import CAMERAS, COLOURS, MOTIONS, NOUNS, SCENES

_SURE: Final = 0.5
"""From which probability on it says yes."""
_TURNED: Final = re.compile(r"Answer with No or Yes\.$")


class JudgeWitness:
    """See engine.evaluate.videoverse.asking.Witness and Sure."""

    def __init__(self, folder: Path, device: str) -> None:
        """folder: of a saved judge. Raises WeightsMissingError, WeightsAlteredError."""
        revision = verify(folder)
        model = JudgeModel.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
        self._judge = Judge(model, device)
        self._facts = {check_question(facts.question(fact)): fact for fact in _seen()}
        self._looked: tuple[Frames, Mapping[str, torch.Tensor]] | None = None
        self.name = f"pocket judge {revision[:16]}, asked what it can see"

    def within(self, item: Item) -> Item:
        """The item without what the judge cannot see."""
        checks = tuple(replace(one, asked=one.asked and self._fact(one.question) is not None) for one in item.checks)
        return replace(item, events=(), checks=checks)

    def answer(self, frames: Frames, fps: float, question: str) -> str:
        """Yes or No; "" for what it cannot see."""
        likely = self.yes(frames, question)
        return "" if likely is None else "Yes" if likely >= _SURE else "No"

    def yes(self, frames: Frames, question: str) -> float | None:
        """See Sure."""
        fact = self._facts.get(_TURNED.sub("Answer with Yes or No.", question))
        return None if fact is None else likely(fact, self._likelihoods(frames))

    def _fact(self, question: str) -> Fact | None:
        return self._facts.get(check_question(question))

    def _likelihoods(self, frames: Frames) -> Mapping[str, torch.Tensor]:
        """What it sees in the video, looked at once for all questions about it."""
        if self._looked is None or self._looked[0] is not frames:
            even = frames[np.linspace(0, len(frames) - 1, FRAMES).round().astype(int)]
            self._looked = frames, self._judge.likelihoods(even)
        return self._looked[1]


def likely(fact: Fact, seen: Mapping[str, torch.Tensor]) -> float:
    """The probability of a fact, 0..1, by what engine.evaluate.judge.Judge.likelihoods gives."""
    name, *words = fact
    if name == "camera":
        return float(seen["camera"][CAMERAS.index(words[0])])
    if name == "place":
        return float(seen["scene"][SCENES.index(words[0])])
    if name == "kind":
        there = [seen["present"][NOUNS.index(noun)] for noun, kind in facts.KINDS.items() if kind == words[0]]
        return float(1 - torch.stack([1 - one for one in there]).prod())
    noun = NOUNS.index(words[0])
    if name == "colour":
        return float(seen["present"][noun] * seen["colour"][noun, list(COLOURS).index(words[1])])
    return float(seen["present"][noun] * _moves(words[1], seen["motion"][noun]))


def _moves(motion: str, likelihoods: torch.Tensor) -> torch.Tensor:
    """How likely a motion is, or that a thing keeps its size; the class after the last is rolling to the left."""
    if motion == "rigid":
        return 1 - _moves("grow", likelihoods) - _moves("shrink", likelihoods)
    one = likelihoods[MOTIONS.index(motion)]
    return one + likelihoods[len(MOTIONS)] if motion == "roll" else one


def _seen() -> Iterator[Fact]:
    """Every fact that the judge sees."""
    yield from (("camera", one) for one in CAMERAS)
    yield from (("place", one) for one in SCENES)
    yield from (("kind", one) for one in {*facts.KINDS.values()})
    for noun in NOUNS:
        yield from (("colour", noun, one) for one in COLOURS)
        yield from (("moves", noun, one) for one in facts.MECHANICS)
        yield from (("material", noun, one) for one in facts.MATERIAL)
