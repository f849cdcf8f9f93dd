"""The World tab's own way, measured: `python -m bench.stepping --pairs 200 --seeds 3 --most 8 --walks 50 --steps 20`.

The studio's generator animates and edits, the inverse model says how likely each candidate is: held-out transitions,
best of N, and many actions in a row. Prints each part as a line of JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from engine.evaluate import candidates, imagined, remaining
from engine.evaluate.candidates import Pictures, Trial
from engine.evaluate.happened import pictures
from engine.evaluate.stepping import Step, Stepper, There, walked
from engine.pocket.detector import PocketDetector
from engine.pocket.pipeline import PocketPipeline
from engine.pocket.render import Renderer
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.happening import Happening
from engine.pocket.worlds.inverse import ActionReader
from engine.pocket.worlds.steps import sample_step, walk
from engine.train.futures import future

ROOT = Path(__file__).resolve().parents[1]
Ways = Sequence[Sequence[Happening]]


class Bench:
    """The tab's models, loaded, and what draws the truth."""

    def __init__(self, device: str, at_once: int) -> None:
        dtype = torch.float32 if device == "cpu" else torch.bfloat16
        pipeline = PocketPipeline.from_pretrained(ROOT / "assets/pocket", dtype=dtype, local_files_only=True)
        pipeline.set_progress_bar_config(disable=True)
        detector = PocketDetector.from_pretrained(ROOT / "assets/detector").to(torch.device(device))
        self.stepper = Stepper(pipeline.to(device), detector, at_once)
        self.reader = ActionReader.from_pretrained(ROOT / "assets/inverse").to(torch.device(device))
        self.renderer = Renderer(device)
        self.at_once = at_once

    def trials(self, pairs: int, seeds: int) -> Iterator[tuple[Trial, Callable[[int], Pictures]]]:
        """Held-out transitions, those of bench.painting, and what makes their candidates."""
        for seed in range(1, seeds + 1):
            for first in range(seed * 10**6, seed * 10**6 + pairs, self.at_once):
                numbers = range(first, min(first + self.at_once, seed * 10**6 + pairs))
                steps = [future(number, True)[1] for number in numbers]
                before, after = pictures(steps, self.renderer)
                actions = [step.action for step in steps]
                make = partial(self._made, before, actions, self.stepper.beheld(before), first)
                yield Trial(before, actions, after), make

    def _made(self, before: Pictures, actions: Sequence[Action], there: There, first: int, number: int) -> Pictures:
        return self.stepper.follow(before, actions, first + 1000 * number, there)

    def likeliest(self, choices: int) -> Step:
        """A step of a walk: of so many candidates the likeliest."""

        def step(number: int, states: Pictures, actions: Sequence[Action]) -> Pictures:
            there = self.stepper.beheld(states)
            made = [self.stepper.follow(states, actions, 1000 * number + each, there) for each in range(choices)]
            chances = np.stack([self.reader.likelihood(states, each, actions) for each in made])
            return np.stack(made)[chances.argmax(0), np.arange(len(states))]

        return step

    def ends(self, step: Step, ways: Ways) -> tuple[Pictures, dict[str, list[float]]]:
        """The last states of the ways, and what is right of each: its facts, and its changed places."""
        first = pictures([way[0] for way in ways], self.renderer)[0]
        last = pictures([way[-1] for way in ways], self.renderer)[1]
        made = walked(step, first, ways)
        shares = [imagined.share_right(*each) for each in zip(first, made, last, strict=True)]
        return made, {"changed places": shares, **self.facts(ways, made)}

    def facts(self, ways: Ways, made: Pictures) -> dict[str, list[float]]:
        """Of each way the share of its last state's facts that are right in the picture, in all and of each sort."""
        truths = [way[-1].after for way in ways]
        scenes, seen = remaining.scenes(truths, made, self.renderer), self.stepper.beheld(made)
        found: dict[str, list[float]] = {"facts": []}
        for truth, scene, things in zip(truths, scenes, seen, strict=True):
            told = remaining.facts(truth, scene, things)
            found["facts"].append(float(np.mean([right for some in told.values() for right in some])))
            for name, some in told.items():
                found.setdefault(name, []).extend(map(float, some))
        return found

    def sheet(self, path: Path, count: int) -> None:
        """Transitions: what was, two candidates, what came."""
        trial, make = next(self.trials(count, 1))
        columns = np.concatenate([trial.before, make(0), make(1), trial.after], 2)
        _save(path, columns.reshape(-1, *columns.shape[2:]))


def interval(values: Sequence[float]) -> list[float]:
    """The mean and half of its 95 % interval."""
    spread = 1.96 * float(np.std(values)) / max(1, len(values)) ** 0.5
    return [round(float(np.mean(values)), 4), round(spread, 4)]


def ways_of(count: int, steps: int) -> list[list[Happening]]:
    """The walks of bench.painting."""
    return [walk(sample_step(7_000_000 + n).before, steps, random.Random(f"walk/{n}")) for n in range(count)]


def told(found: dict[str, list[float]]) -> dict[str, list[float]]:
    """Each figure with its interval."""
    return {name: interval(values) for name, values in found.items() if values}


def _save(path: Path, picture: Pictures) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).quantize(96).save(path, optimize=True)


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.stepping", description=__doc__)
    made.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    made.add_argument("--pairs", type=int, default=200, help="transitions a seed")
    made.add_argument("--seeds", type=int, default=3)
    made.add_argument("--most", type=int, default=8, help="candidates")
    made.add_argument("--walks", type=int, default=50)
    made.add_argument("--steps", type=int, default=20, help="actions of a walk")
    made.add_argument("--choices", type=int, default=4, help="candidates of each of its actions")
    made.add_argument("--at-once", type=int, default=64, help="states that are made together")
    made.add_argument("--sheets", type=Path, help="a folder for pictures of some")
    return made


def main() -> None:
    """Each part as soon as it is done."""
    chosen = parser().parse_args()
    bench = Bench(chosen.device, chosen.at_once)
    began = time.perf_counter()

    def say(name: str, figures: object) -> None:
        print(json.dumps({name: figures, "seconds": round(time.perf_counter() - began, 1)}), flush=True)

    if chosen.sheets:
        bench.sheet(chosen.sheets / "steps.png", min(12, chosen.pairs))
    say("transitions", candidates.measure(bench.reader, bench.trials(chosen.pairs, chosen.seeds), chosen.most))
    ways = ways_of(chosen.walks, chosen.steps)
    say("facts seen in the truth", told(bench.facts(ways, pictures([way[-1] for way in ways], bench.renderer)[1])))
    say(f"{chosen.steps} actions", told(bench.ends(bench.likeliest(chosen.choices), ways)[1]))


if __name__ == "__main__":
    main()
