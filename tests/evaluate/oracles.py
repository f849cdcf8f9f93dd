"""Agents that know the truth, and agents that know nothing: between the two every measure must tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.agent import Agent, Draft, Input, Reporter
from engine.evaluate.cases import Frames
from engine.evaluate.judge import Judge, JudgeModel, Seen, SeenThing
from engine.evaluate.workbench import Workbench, mp4, png
from engine.pocket.render import Renderer
from engine.pocket.world import Clip
from engine.types import Kind, Settings

Answer = Callable[[Mapping[str, Input], Settings], NDArray[np.uint8] | bytes]


class Oracle:
    """An agent whose answer is a function of its inputs: frames (a film), a picture, or a file."""

    def __init__(self, answer: Answer, yields: Kind = "video") -> None:
        self.name = "oracle"
        self.needs: frozenset[str] = frozenset()
        self.takes: frozenset[str] = frozenset()
        self.yields: Kind = yields
        self._answer = answer

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        made = self._answer(inputs, settings)
        if isinstance(made, bytes):
            return Draft(self.yields, made, ".bin")
        return Draft(self.yields, png(made) if made.ndim == 3 else mp4(made), ".mp4")


class Witness(Judge):
    """A judge that says what it was told beforehand, one answer after the other."""

    def __init__(self, answers: Sequence[Seen]) -> None:
        super().__init__(JudgeModel(width=16, layers=1))
        self._answers: Iterator[Seen] = iter(answers)

    def look(self, clips: Frames) -> list[Seen]:
        return [next(self._answers) for _ in clips]


def seen(clip: Clip, **changes: Any) -> Seen:
    """What a judge without a fault sees in the clip."""
    things = tuple(
        SeenThing(t.noun, t.colour, t.motion, t.direction if t.motion == "roll" else None, t.speed) for t in clip.things
    )
    return Seen(things, **{"scene": clip.scene, "camera": clip.camera, "style": clip.style, **changes})


def bench(renderer: Renderer, answers: Sequence[Seen] = (), **agents: Agent) -> Workbench:
    """A workbench with these agents, and a judge that gives these answers."""
    return Workbench({name: partial(_given, agent) for name, agent in agents.items()}, Witness(answers), renderer)


def _given(agent: Agent) -> Agent:
    return agent
