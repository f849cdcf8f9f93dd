"""The World tab's own way, measured: `python -m bench.stepping --pairs 200 --seeds 3 --most 8 --walks 50 --steps 20`.

The studio's generator animates and edits, the inverse model says how likely each candidate is: held-out transitions,
best of N, and many actions in a row. Prints each part as a line of JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from engine.evaluate import candidates, imagined, remaining, sheets
from engine.evaluate.candidates import Pictures, Trial
from engine.evaluate.happened import pictures
from engine.evaluate.stepping import Choose, Stepper, There, untouched, walked
from engine.pocket.detector import PocketDetector
from engine.pocket.pipeline import PocketPipeline
from engine.pocket.render import Renderer
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.blows import heard_from
from engine.pocket.worlds.happening import Happening
from engine.pocket.worlds.inverse import ActionReader
from engine.pocket.worlds.steps import sample_step, walk
from engine.train.futures import future

ROOT = Path(__file__).resolve().parents[1]
Ways = Sequence[Sequence[Happening]]
Found = dict[str, list[float]]
_SHOWN = 3
"""Walks on the sheet."""


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

    def trials(self, pairs: int, seeds: int) -> Iterator[tuple[Trial, list[Happening]]]:
        """Held-out transitions, those of bench.painting, some at a time."""
        for seed in range(1, seeds + 1):
            for first in range(seed * 10**6, seed * 10**6 + pairs, self.at_once):
                numbers = range(first, min(first + self.at_once, seed * 10**6 + pairs))
                steps = [future(number, True)[1] for number in numbers]
                before, after = pictures(steps, self.renderer)
                yield Trial(before, [step.action for step in steps], after), steps

    def transitions(self, pairs: int, seeds: int, most: int) -> dict[str, object]:
        """The figures of engine.evaluate.candidates as made, and with the pixels that nothing was done to kept;
        and of the first candidates whether the blow is heard that there was, and none where there was none."""
        made_so: Found = {}
        kept_so: Found = {}
        blows: Found = {}
        for number, (trial, steps) in enumerate(self.trials(pairs, seeds)):
            there = self.stepper.beheld(trial.before)
            made = [self._made(trial, there, 1000 * number + each) for each in range(most)]
            seen = [self.stepper.beheld(each) for each in made]
            same = [
                untouched(trial.before, each, there, trial.actions, now) for each, now in zip(made, seen, strict=True)
            ]
            candidates.note(made_so, self.reader, trial, made)
            candidates.note(kept_so, self.reader, trial, same)
            for step, before, after in zip(steps, there, seen[0], strict=True):
                right = float(heard_from(before, step.action, after) == step.impact)
                blows.setdefault("blow" if step.impact else "silence", []).append(right)
        return {
            "as made": candidates.report(made_so, most), "untouched kept": candidates.report(kept_so, most),
            "heard": told(blows),
        }  # fmt: skip

    def _made(self, trial: Trial, there: There, seed: int) -> Pictures:
        return self.stepper.follow(trial.before, trial.actions, seed, there)

    def likeliest(self, choices: int) -> Choose:
        """Of so many candidates the likeliest, at each step of a walk."""

        def choose(number: int, states: Pictures, actions: Sequence[Action], there: There) -> Pictures:
            made = [self.stepper.follow(states, actions, 1000 * number + each, there) for each in range(choices)]
            chances = np.stack([self.reader.likelihood(states, each, actions) for each in made])
            best: Pictures = np.stack(made)[chances.argmax(0), np.arange(len(states))]
            return best

        return choose

    def walks(self, ways: Ways, choices: int, sheet: Path | None) -> dict[str, dict[str, list[float]]]:
        """What is right after the last of the actions, with memory and without, and the paired difference."""
        first = pictures([way[0] for way in ways], self.renderer)[0]
        last = pictures([way[-1] for way in ways], self.renderer)[1]
        ends: dict[bool, Found] = {}
        paths: dict[bool, list[Pictures]] = {}
        for remembers in (True, False):
            paths[remembers] = walked(self.stepper, self.likeliest(choices), first, ways, remembers)
            made = paths[remembers][-1]
            shares = [imagined.share_right(*each) for each in zip(first, made, last, strict=True)]
            ends[remembers] = {"changed places": shares, **self.facts(ways, made)}
        if sheet is not None:
            _save_walks(sheet, [first, *paths[True]], [first, *paths[False]], self._truths(ways[:_SHOWN]))
        gains = {name: list(np.subtract(ends[True][name], ends[False][name])) for name in ends[True]}
        return {"with memory": told(ends[True]), "without": told(ends[False]), "gain": told(gains)}

    def _truths(self, ways: Ways) -> list[Pictures]:
        """The ways' states as they are drawn, step by step."""
        begun = pictures([way[0] for way in ways], self.renderer)[0]
        return [begun, *(pictures(list(steps), self.renderer)[1] for steps in zip(*ways, strict=True))]

    def facts(self, ways: Ways, made: Pictures) -> Found:
        """Of each way the share of its last state's facts that are right in the picture, in all and of each sort."""
        truths = [way[-1].after for way in ways]
        scenes, seen = remaining.scenes(truths, made, self.renderer), self.stepper.beheld(made)
        found: Found = {"facts": []}
        for truth, scene, things in zip(truths, scenes, seen, strict=True):
            known = remaining.facts(truth, scene, things)
            found["facts"].append(float(np.mean([right for some in known.values() for right in some])))
            for name, some in known.items():
                found.setdefault(name, []).extend(map(float, some))
        return found

    def sheet(self, path: Path, count: int) -> None:
        """Transitions: what was, two candidates, what came."""
        trial, _ = next(self.trials(count, 1))
        there = self.stepper.beheld(trial.before)
        columns = np.concatenate([trial.before, *(self._made(trial, there, n) for n in range(2)), trial.after], 2)
        _save(path, columns.reshape(-1, *columns.shape[2:]))


def interval(values: Sequence[float]) -> list[float]:
    """The mean and half of its 95 % interval."""
    spread = 1.96 * float(np.std(values)) / max(1, len(values)) ** 0.5
    return [round(float(np.mean(values)), 4), round(spread, 4)]


def ways_of(count: int, steps: int) -> list[list[Happening]]:
    """The walks of bench.painting."""
    return [walk(sample_step(7_000_000 + n).before, steps, random.Random(f"walk/{n}")) for n in range(count)]


def told(found: Found) -> dict[str, list[float]]:
    """Each figure with its interval."""
    return {name: interval(values) for name, values in found.items() if values}


def _save_walks(path: Path, *rows: Sequence[Pictures]) -> None:
    """Of each of some walks a row for each way of going, every few steps of it."""
    every = max(1, (len(rows[0]) - 1) // 5)
    strips = [np.concatenate([states[walk] for states in row[::every]], 1)
              for walk in range(min(_SHOWN, len(rows[0][0]))) for row in rows]  # fmt: skip
    _save(path, np.concatenate(strips))


def _save(path: Path, picture: Pictures) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sheets.png(Image.fromarray(picture)))


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
    if chosen.pairs:
        for name, figures in bench.transitions(chosen.pairs, chosen.seeds, chosen.most).items():
            say(name, figures)
    if chosen.walks:
        ways = ways_of(chosen.walks, chosen.steps)
        say("facts seen in the truth", told(bench.facts(ways, pictures([way[-1] for way in ways], bench.renderer)[1])))
        sheet = chosen.sheets / "walks.png" if chosen.sheets else None
        say(f"{chosen.steps} actions", bench.walks(ways, chosen.choices, sheet))


if __name__ == "__main__":
    main()
