"""Measure the inverse model on transitions that the simulator makes, of held-out things in held-out actions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from engine.pocket.render import Renderer, layout
from engine.pocket.worlds.happening import Happening
from engine.pocket.worlds.inverse import ActionReader
from engine.pocket.worlds.steps import sample_step

_AT_ONCE = 50
"""Pairs that are drawn together."""
_APART = 10**6
"""From one seed's transitions to the next one's."""
_SIGMAS = 1.96


@dataclass(frozen=True)
class HappenedPlan:
    """What to measure."""

    pairs: int = 600
    """Pairs of states for each seed."""
    seeds: tuple[int, ...] = (0, 1, 2)
    held_out: bool = True
    """Whether things and actions are those kept from training."""
    styled: float = 0.0
    """Share of pairs in another style than flat."""


@dataclass(frozen=True)
class HappenedReport:
    """Figures over all seeds; shares are 0..1."""

    action_right: float
    """Share of pairs whose likeliest action is the true one, in every word."""
    half_width: float
    """Of the 95 % interval around it (Wilson, 1927)."""
    in_three: float
    """Share whose true action is among the three likeliest."""
    kind_right: float
    """Share whose likeliest action is of the true kind."""
    sure: float
    """Mean confidence in the likeliest action: as high as `action_right` where confidences are honest."""
    backwards: float
    """Share of pairs shown in the wrong order of which the true action is told all the same; waiting left out."""
    pairs: int
    """Pairs looked at."""
    seconds: float
    """Mean time for a pair."""


def measure(reader: ActionReader, plan: HappenedPlan, renderer: Renderer) -> HappenedReport:
    """The plan's figures."""
    right: list[bool] = []
    three: list[bool] = []
    kinds: list[bool] = []
    sure: list[float] = []
    backwards: list[bool] = []
    spent = 0.0
    for steps in _steps(plan):
        before, after = pictures(steps, renderer)
        began = time.perf_counter()
        told = reader.tell(before, after, 3)
        spent += time.perf_counter() - began
        turned = reader.tell(after, before, 1)
        for step, each, back in zip(steps, told, turned, strict=True):
            right.append(each[0].action == step.action)
            three.append(any(one.action == step.action for one in each))
            kinds.append(each[0].action.kind == step.action.kind)
            sure.append(each[0].confidence)
            if step.action.kind != "wait":
                backwards.append(back[0].action == step.action)
    share = float(np.mean(right))
    return HappenedReport(
        round(share, 4), round(half_width(share, len(right)), 4), _mean(three), _mean(kinds), _mean(sure),
        _mean(backwards), len(right), round(spent / len(right), 5),
    )  # fmt: skip


def pictures(steps: list[Happening], renderer: Renderer) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Both states of each transition: uint8 (transitions, size, size, 3) twice."""
    sides = ([step.before for step in steps], [step.after for step in steps])
    drawn: list[torch.Tensor] = [renderer.render(layout(side, 1))[:, 0].permute(0, 2, 3, 1) for side in sides]
    return drawn[0].cpu().numpy(), drawn[1].cpu().numpy()


def _steps(plan: HappenedPlan) -> Iterator[list[Happening]]:
    for seed in plan.seeds:
        for first in range(0, plan.pairs, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, plan.pairs))
            yield [sample_step(_APART * (seed + 1) + number, plan.held_out, plan.styled) for number in numbers]


def half_width(share: float, count: int) -> float:
    """Half of the Wilson interval of a share of so many."""
    squared = _SIGMAS**2
    spread = (share * (1 - share) / count + squared / (4 * count**2)) ** 0.5
    return float(_SIGMAS * spread / (1 + squared / count))


def _mean(values: list[bool] | list[float]) -> float:
    return round(float(np.mean(values)), 4)
