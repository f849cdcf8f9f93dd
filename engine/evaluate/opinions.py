"""The pocket world's two judges with an opinion of a video (engine.panel): its critic, and the judge that shares
nothing with it. Both ask what the prompt says, as the offline reader understands it; of others they have no opinion.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import torch
from PIL import Image

from engine.agent import Input
from engine.agents import question_writer
from engine.agents.criticism import criticise
from engine.errors import LanguageModelAnswerError, NothingToAskError
from engine.evaluate.cases import Frames
from engine.evaluate.judge import FRAMES, Judge, JudgeModel, Seen
from engine.evaluate.videoverse.answers import check_question, strict_yes_no
from engine.evaluate.wanted import parts, said, statement, wanted
from engine.media.images import encode_png
from engine.media.videos import read_video
from engine.models.chat import Chat
from engine.models.manifest import verify
from engine.panel import CRITIC, LANGUAGE, QUESTIONS, SECOND, Opinion
from engine.pocket import facts
from engine.pocket.critic import PocketCritic
from engine.pocket.found import Found
from engine.proposals import stated
from engine.questionnaire import Criticism, Questionnaire, from_lines

_SHOWN: Final = 8
"""Frames that a language model is shown."""


class CriticOpinion:
    """The critic's: the mean probability over the dimensions that the prompt speaks of."""

    name = CRITIC

    def __init__(self, critic: PocketCritic) -> None:
        self._critic = critic

    def opinion(self, data: bytes, inputs: Mapping[str, Input]) -> Opinion | None:
        """See engine.panel.Judge. Raises VideoError, PromptError for questions of the person that cannot be read."""
        found = wanted(inputs)
        given = inputs.get(QUESTIONS)
        try:
            asked = from_lines(given) if isinstance(given, str) and given.strip() else question_writer.of(found)
        except NothingToAskError:
            return None
        told = criticise(self._critic, read_video(data)[0], asked)
        says = {facts.question(fact): statement(fact, found) for fact in question_writer.facts_of(found)}
        return _opinion(told, says)


class JudgeOpinion:
    """The judge's: the share of what the prompt says that it sees."""

    name = SECOND

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def opinion(self, data: bytes, inputs: Mapping[str, Input]) -> Opinion | None:
        """See engine.panel.Judge. Raises VideoError."""
        (seen,) = self._judge.look(_as_long(read_video(data)[0])[None])
        right = [*held(wanted(inputs), seen)]
        if not right:
            return None
        missed = [(f"{words}.", says) for words, says, holds in right if not holds]
        score = sum(holds for _, _, holds in right) / len(right)
        return Opinion(score, tuple(words for words, _ in missed), says=tuple(says for _, says in missed))


class LanguageOpinion:
    """A language model's that sees: the share of its own questions to which it says yes of the frames."""

    name = LANGUAGE

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def opinion(self, data: bytes, inputs: Mapping[str, Input]) -> Opinion | None:
        """See engine.panel.Judge. Raises VideoError, LanguageModelError, PromptError as CriticOpinion."""
        given = inputs.get(QUESTIONS)
        written = isinstance(given, str) and given.strip()
        asked = from_lines(str(given)) if written else question_writer.asked(said(inputs), 0, self._chat)
        frames = read_video(data)[0]
        shown = np.linspace(0, len(frames) - 1, min(_SHOWN, len(frames))).round().astype(int)
        pictures = [encode_png(Image.fromarray(frames[one])) for one in shown]
        sure = tuple(self._yes(check.question, pictures) for check in asked.checks)
        if not sure:
            return None
        return _opinion(Criticism(Questionnaire(asked.checks), sure, None, (), tuple(shown.tolist())), {})

    def _yes(self, question: str, pictures: list[bytes]) -> float:
        deadline = time.monotonic() + self._chat.server.timeout_seconds
        try:
            answer = self._chat.look(check_question(question), pictures, deadline)
        except LanguageModelAnswerError:
            return 0.0
        return float(strict_yes_no(answer) == "yes")


def pocket_judge(folder: Path) -> JudgeOpinion:
    """The judge that ships, its files checked. Raises WeightsMissingError, WeightsAlteredError."""
    verify(folder)
    return JudgeOpinion(Judge(JudgeModel.from_pretrained(folder, dtype=torch.float32, local_files_only=True)))


def held(asked: Found, seen: Seen) -> Iterator[tuple[str, str, bool]]:
    """Each thing that a text says and a judge can see: in words, as a statement, and whether it sees it."""
    there = {thing.noun: thing for thing in seen.things}
    for words, says, (about, noun, *which) in parts(asked):
        thing = there.get(noun)
        right = {
            "place": seen.scene == noun,
            "camera": seen.camera == noun,
            "there": thing is not None,
            "colour": thing is not None and [thing.colour] == which,
            "motion": thing is not None and [thing.motion] == which,
        }
        yield words, says, right[about]


def _opinion(found: Criticism, says: Mapping[str, str]) -> Opinion:
    """A criticism as an opinion. says: question -> statement; of others the question is turned round."""
    named = {check.question: check.dimension for check in found.asked.checks}
    misses = found.failing()
    told = tuple(says.get(miss) or stated(miss, named.get(miss, "")) for miss in misses)
    return Opinion(found.overall, misses, found.scores, tuple(_told(found)), told)


def _told(found: Criticism) -> Iterator[str]:
    """What was asked and answered, and which frames were looked at."""
    for check, sure in zip(found.asked.checks, found.sure, strict=True):
        yield f"{check.question} {sure:.0%}"
    if found.in_order is not None:
        yield f"{' '.join(found.asked.events)} {found.in_order:.0%}"
    yield f"Looked at frames {', '.join(map(str, found.frames))}."


def _as_long(frames: Frames) -> Frames:
    """As many frames as the judge looks at, evenly from the whole."""
    even: Frames = frames[np.linspace(0, len(frames) - 1, FRAMES).round().astype(int)]
    return even
