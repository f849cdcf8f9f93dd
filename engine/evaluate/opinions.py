"""The pocket world's two judges with an opinion of a video (engine.panel): its critic, and the judge that shares
nothing with it. Both ask what the prompt says, as the offline reader understands it; of others they have no opinion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch

from engine.agent import Input
from engine.agents import question_writer
from engine.agents.critic import criticise
from engine.agents.offline_reader import understand
from engine.errors import PromptError
from engine.evaluate.cases import Frames
from engine.evaluate.judge import FRAMES, Judge, JudgeModel, Seen
from engine.media.videos import read_video
from engine.models.manifest import verify
from engine.panel import CRITIC, SECOND, Opinion
from engine.pocket.critic import PocketCritic
from engine.pocket.found import Found
from engine.questionnaire import Criticism


class CriticOpinion:
    """The critic's: the mean probability over the dimensions that the prompt speaks of."""

    name = CRITIC

    def __init__(self, critic: PocketCritic) -> None:
        self._critic = critic

    def opinion(self, data: bytes, inputs: Mapping[str, Input]) -> Opinion | None:
        """See engine.panel.Judge. Raises VideoError."""
        try:
            asked = question_writer.offline(said(inputs))
        except PromptError:
            return None
        found = criticise(self._critic, read_video(data)[0], asked)
        return Opinion(found.overall, found.failing(), found.scores, tuple(_told(found)))


class JudgeOpinion:
    """The judge's: the share of what the prompt says that it sees."""

    name = SECOND

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def opinion(self, data: bytes, inputs: Mapping[str, Input]) -> Opinion | None:
        """See engine.panel.Judge. Raises VideoError."""
        checks = understand(said(inputs)).found
        (seen,) = self._judge.look(_as_long(read_video(data)[0])[None])
        right = list(held(checks, seen))
        if not right:
            return None
        misses = tuple(f"{words}." for words, holds in right if not holds)
        return Opinion(sum(holds for _, holds in right) / len(right), misses)


def pocket_judge(folder: Path) -> JudgeOpinion:
    """The judge that ships, its files checked. Raises WeightsMissingError, WeightsAlteredError."""
    verify(folder)
    return JudgeOpinion(Judge(JudgeModel.from_pretrained(folder, dtype=torch.float32, local_files_only=True)))


def said(inputs: Mapping[str, Input]) -> str:
    """What a video was asked to show: its prompt, or its scene and its motion."""
    texts = [text for name in ("prompt", "scene", "motion") if isinstance(text := inputs.get(name), str) and text]
    return ". ".join(text.rstrip(" .") for text in texts)


def held(wanted: Found, seen: Seen) -> Iterator[tuple[str, bool]]:
    """Each thing that a prompt says and a judge can see, in words, and whether it sees it."""
    there = {thing.noun: thing for thing in seen.things}
    if wanted.scene is not None:
        yield f"The place: {wanted.scene}", seen.scene == wanted.scene
    if wanted.camera is not None:
        yield f"The camera: {wanted.camera}", seen.camera == wanted.camera
    for thing in wanted.things:
        found = there.get(thing.noun)
        yield f"A {thing.noun}", found is not None
        if thing.colour is not None:
            yield f"The {thing.noun} is {thing.colour}", found is not None and found.colour == thing.colour
        if thing.motion is not None:
            yield f"The {thing.noun}'s motion: {thing.motion}", found is not None and found.motion == thing.motion


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
