"""Measure both world models at work, against the simulator's truth: did what was asked happen, and nothing else?

Truth is drawn, so no judge is needed. Where before and after differ, the picture has to be nearer to what came than
half of the way from what was; where they do not, it has to stay. Copying never does the first.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.evaluate.happened import half_width, pictures
from engine.pocket.render import Renderer
from engine.pocket.worlds.happening import Happening
from engine.pocket.worlds.imagining import Episode, Imagination, Outlook, Picture, Scene
from engine.pocket.worlds.sayings import say
from engine.pocket.worlds.spectra import heard_impact
from engine.pocket.worlds.steps import sample_step

NUMBERS = (1, 2, 4, 8)
"""How many candidates the inverse model picks among."""
_APART = 10**6
_CHANGED = 24
"""Levels by which a pixel has to differ between before and after to count as changed."""
_HALF = 0.25
"""Half of the way, squared."""
_KEPT_DB = 25.0
"""Where nothing should change: at least so near to what was."""


@dataclass(frozen=True)
class ImaginedPlan:
    """What to measure."""

    pairs: int = 60
    """Transitions for each seed, waiting left out."""
    seeds: tuple[int, ...] = (0, 1, 2)
    held_out: bool = True
    """Whether things and actions are those kept from training."""
    most: int = 8
    """Candidates for each."""


def measure(imagination: Imagination, plan: ImaginedPlan, renderer: Renderer) -> dict[str, float]:
    """Shares, 0..1: `right_of_N`, the candidate that the inverse model finds likeliest among N does what was asked and
    nothing else, and `done_of_1`, `kept_of_1` apart; `told` and `told_true`, the inverse model names the action in
    made and in true pairs; `blow`, who hit what is heard in the made sound. `width_…`: half of a 95 % interval;
    `gain_of_N` over the first candidate, with `gain_width_…` of the paired differences. `seconds` a candidate."""
    found: dict[str, list[float]] = {}
    numbers = [number for number in NUMBERS if number <= plan.most]
    began = time.perf_counter()
    for step, words in _steps(plan):
        before, after = (side[0] for side in pictures([step], renderer))
        looks = [imagination.foresee(Scene(before), words, step.action, seed) for seed in range(plan.most)]
        first = looks[0]
        done, kept = verdict(first.scene.picture, before, after)
        _note(found, done_of_1=done, kept_of_1=kept, told=first.told.action == step.action)
        true = imagination.reader.tell(before[None], after[None], 1)[0][0]
        _note(found, told_true=true.action == step.action)
        for number in numbers:
            best = max(looks[:number], key=lambda look: look.likelihood)
            _note(found, **{f"right_of_{number}": all(verdict(best.scene.picture, before, after))})
        if step.impact is not None:
            _note(found, blow=_heard(first) == step.impact)
    report = summary(found, numbers)
    looked = len(found["told"]) * plan.most
    return {**report, "pairs": len(found["told"]), "seconds": round((time.perf_counter() - began) / looked, 3)}


def summary(found: Mapping[str, Sequence[float]], numbers: Sequence[int]) -> dict[str, float]:
    """Means of shares with half of their 95 % intervals (`width_…`); of `right_of_N` also what is gained over the first
    candidate, paired (`gain_of_N`, `gain_width_N`)."""
    report = {name: round(float(np.mean(values)), 4) for name, values in found.items()}
    report |= {f"width_{name}": round(half_width(float(np.mean(v)), len(v)), 4) for name, v in found.items()}
    for number in numbers[1:]:
        gains = np.array(found[f"right_of_{number}"]) - np.array(found["right_of_1"])
        report[f"gain_of_{number}"] = round(float(gains.mean()), 4)
        report[f"gain_width_{number}"] = round(float(1.96 * gains.std() / len(gains) ** 0.5), 4)
    return report


def verdict(made: Picture, before: Picture, after: Picture) -> tuple[bool, bool]:
    """Whether what should change did, and whether the rest stayed; pictures uint8 (height, width, 3)."""
    truth, was, now = (picture.astype(np.float32) for picture in (after, before, made))
    changed = np.abs(truth - was).max(-1) > _CHANGED
    done = bool(changed.any()) and _error(now, truth, changed) < _HALF * _error(was, truth, changed)
    rest = ~changed
    near = 255**2 / 10 ** (_KEPT_DB / 10)
    return done, not rest.any() or min(_error(now, truth, rest), _error(now, was, rest)) < near


def _error(one: NDArray[np.float32], other: NDArray[np.float32], where: NDArray[np.bool_]) -> float:
    return float(((one - other)[where] ** 2).mean(dtype=np.float64))


def _steps(plan: ImaginedPlan) -> list[tuple[Happening, str]]:
    """Transitions in which something happens, with the words for it."""
    found: list[tuple[Happening, str]] = []
    for seed in plan.seeds:
        number = _APART * (seed + 1)
        wanted = len(found) + plan.pairs
        while len(found) < wanted:
            step = sample_step(number, plan.held_out)
            if step.action.kind != "wait":
                found.append((step, say(step.action, step.before, random.Random(number))))
            number += 1
    return found


def _heard(look: Outlook) -> object:
    return None if look.scene.sound is None else heard_impact(look.scene.sound)


def _note(found: dict[str, list[float]], **values: bool) -> None:
    for name, value in values.items():
        found.setdefault(name, []).append(float(value))


def rehearsed(imagination: Imagination, walk: Sequence[Happening], remembers: bool, renderer: Renderer) -> float:
    """After a walk foreseen step by step from its first state: the share of changed places, between the first state and
    the last, that are nearer to the last one's truth than half way; remembers: earlier steps may come to mind."""
    start = pictures([walk[0]], renderer)[0][0]
    scene = Scene(start)
    earlier: list[Episode] = []
    for number, step in enumerate(walk):
        words = say(step.action, step.before, random.Random(number))
        look = imagination.foresee(scene, words, step.action, number, earlier if remembers else ())
        earlier.append(Episode(scene, words, look.scene))
        scene = look.scene
    return share_right(start, scene.picture, pictures([walk[-1]], renderer)[1][0])


def share_right(start: Picture, made: Picture, truth: Picture) -> float:
    """Of the pixels that differ between the first state and the last: the share of those that are nearer to the last
    than half of the way."""
    was, now, right = (picture.astype(np.float64) for picture in (start, made, truth))
    changed = np.abs(right - was).max(-1) > _CHANGED
    near = ((now - right) ** 2).mean(-1) < _HALF * ((was - right) ** 2).mean(-1)
    return float(near[changed].mean()) if changed.any() else 1.0
