"""An agent tuned on dreams against the same tuned on real states: `python -m bench.dreams --errands 4000 --seeds 3`.

Prints each part as a line of JSON: how many dreams were kept; each follower's share of held-out errands done in the
simulator, with intervals; and the difference of both, paired.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from bench.stepping import Bench, interval
from engine.evaluate import sheets
from engine.pocket.worlds.follower import Follower
from engine.train import dreams
from engine.train.dreams import Dream
from engine.train.errands import Errand, errands

APART = 10**6
"""From dreams to real errands, and from one seed's held-out ones to another's."""


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.dreams", description=__doc__)
    made.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    made.add_argument("--errands", type=int, default=4000, help="that are dreamt")
    made.add_argument("--seeds", type=int, default=3)
    made.add_argument("--held-out", type=int, default=300, help="errands that each seed's followers do")
    made.add_argument("--steps", type=int, default=1000, help="of each tuning")
    made.add_argument("--batch", type=int, default=256)
    made.add_argument("--at-once", type=int, default=64, help="states that are made together")
    made.add_argument("--processes", type=int, default=0, help="that draw up errands")
    made.add_argument("--sheet", type=Path, help="a picture of some dreams")
    return made


def counted(dreamt: Sequence[Dream]) -> int:
    """Transitions that are shown."""
    return sum(len(one.states) - 1 for one in dreamt)


def as_many(every: Sequence[Dream], transitions: int) -> list[Dream]:
    """The first dreams, with as many transitions in all."""
    sums = np.cumsum([len(one.states) - 1 for one in every])
    return list(every[: int(np.searchsorted(sums, transitions)) + 1])


def account(told: Sequence[Errand], dreamt: Sequence[Dream], kept: Sequence[Dream]) -> dict[str, object]:
    """How much was dreamt, shown what was asked for, and was kept."""
    asked, shown = (Counter[str](), Counter[str]())
    for one in dreamt:
        tried = one.errand.steps[: len(one.states)]
        asked.update(step.action.kind for step in tried)
        shown.update(step.action.kind for step in tried[: len(one.states) - 1])
    return {
        "errands": len(told), "asked for": asked.total(), "shown": counted(dreamt), "kept": counted(kept),
        "kept errands": len(kept), "shown by kind": {kind: round(shown[kind] / asked[kind], 3) for kind in asked},
    }  # fmt: skip


def save(path: Path, some: Sequence[Dream]) -> None:
    """A row for each dream that shows two actions or more."""
    rows = [np.concatenate(one.states[:3], 1) for one in some if len(one.states) > 2]
    if rows:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sheets.png(Image.fromarray(np.concatenate(rows))))


def followers(
    bench: Bench, chosen: argparse.Namespace, lessons: Mapping[str, Sequence[Dream]], seed: int
) -> Iterator[tuple[str, Follower]]:
    """One that has learnt nothing, and one tuned on each kind of lessons, all alike in everything else."""
    eye = bench.reader.model
    yield "untuned", dreams.untuned(eye, seed).eval()
    for name, some in lessons.items():
        rows = dreams.lessons(some, eye.config.view, eye.device)
        yield name, dreams.tuned(eye, rows, chosen.steps, chosen.batch, seed)


def main() -> None:
    """Each part as soon as it is done."""
    chosen = parser().parse_args()
    began = time.perf_counter()

    def say(name: str, figures: object) -> None:
        print(json.dumps({name: figures, "seconds": round(time.perf_counter() - began, 1)}), flush=True)

    told = errands(range(2 * chosen.errands), processes=chosen.processes)
    exams = [
        errands(range(seed * APART, seed * APART + chosen.held_out), True, chosen.processes)
        for seed in range(1, chosen.seeds + 1)
    ]
    say("drawn up", len(told) + sum(map(len, exams)))
    bench = Bench(chosen.device, chosen.at_once)
    dreamt = dreams.dreamt(told[: chosen.errands], bench.stepper, bench.reader, bench.renderer)
    kept = dreams.pool(dreamt)
    say("dreams", account(told[: chosen.errands], dreamt, kept))
    if chosen.sheet:
        save(chosen.sheet, kept[:24])
    true = as_many(dreams.real(told[chosen.errands :], bench.renderer), counted(kept))
    done: dict[str, list[float]] = {"untuned": [], "on dreams": [], "on real states": []}
    for seed, exam in enumerate(exams):
        for name, follower in followers(bench, chosen, {"on dreams": kept, "on real states": true}, seed):
            done[name] += map(float, dreams.successes(follower, exam, bench.renderer))
        gain = np.subtract(done["on dreams"], done["on real states"])
        figures = {name: interval(some) for name, some in done.items()}
        say(f"errands done, {seed + 1} seeds", {**figures, "dreams over real": interval(list(gain))})


if __name__ == "__main__":
    main()
