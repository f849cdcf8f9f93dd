"""Measure candidates for the next state, many transitions at a time: does the inverse model pick the better ones?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.evaluate.imagined import NUMBERS, summary, verdict
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.inverse import ActionReader

Pictures = NDArray[np.uint8]
"""(transitions, height, width, 3)."""


@dataclass(frozen=True, eq=False)
class Trial:
    """Some transitions, as they were drawn."""

    before: Pictures
    actions: Sequence[Action]
    after: Pictures


def measure(
    reader: ActionReader, trials: Iterable[tuple[Trial, Callable[[int], Pictures]]], most: int
) -> dict[str, float]:
    """Shares over all trials, each with what makes its n-th candidates: `made_action`, `made_kind`, `true_action`, the
    inverse model names the action in the first candidates and in what came; `likelihood_of_N`, of the likeliest among
    N; and where something happens `done_of_1`, `kept_of_1`, `right_of_N` (see engine.evaluate.imagined), and by the
    action's kind what `right_of_1` is of it; where nothing does, `stays`: the first candidate is as it was. Each with
    its `width_…`, gains over the first with theirs."""
    found: dict[str, list[float]] = {}
    for trial, make in trials:
        note(found, reader, trial, [make(number) for number in range(most)])
    return report(found, most)


def report(found: Mapping[str, Sequence[float]], most: int) -> dict[str, float]:
    """What was noted, as `measure` has it."""
    numbers = [number for number in NUMBERS if number <= most]
    return summary(found, numbers) | {"pairs": len(found["made_action"])}


def note(found: dict[str, list[float]], reader: ActionReader, trial: Trial, made: Sequence[Pictures]) -> None:
    """Add what one trial shows, of which so many candidates were made."""
    chances = np.stack([reader.likelihood(trial.before, each, trial.actions) for each in made])
    told, true = (reader.tell(trial.before, each, 1) for each in (made[0], trial.after))
    for place, action in enumerate(trial.actions):
        shown = {
            "made_action": told[place][0].action == action,
            "made_kind": told[place][0].action.kind == action.kind,
            "true_action": true[place][0].action == action,
        }
        right = [verdict(each[place], trial.before[place], trial.after[place]) for each in made]
        if action.kind == "wait":
            shown["stays"] = right[0][1]
        else:
            shown |= {"done_of_1": right[0][0], "kept_of_1": right[0][1], action.kind: all(right[0])}
        for number in (each for each in NUMBERS if each <= len(made)):
            best = int(chances[:number, place].argmax())
            shown[f"likelihood_of_{number}"] = chances[best, place]
            if action.kind != "wait":
                shown[f"right_of_{number}"] = all(right[best])
        for name, value in shown.items():
            found.setdefault(name, []).append(float(value))
