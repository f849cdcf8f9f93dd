"""Transitions as lessons: indices in, layouts of both states and the right answers out, drawn by worker processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset

from engine.pocket.render import Layout, Renderer, layout
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.happening import Happening
from engine.pocket.worlds.inverse import ANSWERS
from engine.pocket.worlds.steps import sample_step

STYLED = 0.2
"""Share of transitions in another style than flat."""


@dataclass(frozen=True)
class StepChunk:
    """Some transitions, ready for the device."""

    number: int
    before: Layout
    """One frame each."""
    after: Layout
    answers: NDArray[np.int64]
    """(transitions, questions): ids as ANSWERS has them, -1 where the kind asks for none."""


def answers_of(action: Action) -> list[int]:
    """The right answer to each question, -1 where there is none."""
    values = [getattr(action, name) for name in ANSWERS]
    return [-1 if value is None else known.index(value) for value, known in zip(values, ANSWERS.values(), strict=True)]


def chunk_of(steps: Sequence[Happening], number: int = 0) -> StepChunk:
    """Transitions as numbers."""
    answers = np.array([answers_of(step.action) for step in steps], np.int64)
    before, after = layout([step.before for step in steps], 1), layout([step.after for step in steps], 1)
    return StepChunk(number, before, after, answers)


def draw(chunk: StepChunk, renderer: Renderer) -> torch.Tensor:
    """The states' pictures: uint8 (transitions, 2, 3, size, size)."""
    return torch.cat([renderer.render(chunk.before), renderer.render(chunk.after)], 1)


class Steps(Dataset[StepChunk]):
    """Chunk n, from its number alone: transitions n * batch and following. It does not end."""

    def __init__(self, batch: int, first: int = 0) -> None:
        self._batch, self._first = batch, first

    def __len__(self) -> int:
        return 10**9

    def __getitem__(self, index: int) -> StepChunk:
        number = self._first + index
        numbers = range(number * self._batch, (number + 1) * self._batch)
        return chunk_of([sample_step(each, False, STYLED) for each in numbers], number)


def stream(batch: int, first: int, processes: int) -> DataLoader[StepChunk]:
    """Chunks from number `first` on, made ahead in so many processes, or as they are asked for when it is 0."""
    context, ahead = ("spawn", 4) if processes else (None, None)
    return DataLoader(
        Steps(batch, first),
        batch_size=None,
        num_workers=processes,
        multiprocessing_context=context,
        prefetch_factor=ahead,
    )
