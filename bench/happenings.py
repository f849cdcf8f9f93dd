"""Fill the table of the world models: `python -m bench.happenings --pairs 60`.

Needs a trained forward model in assets/forward, which does not ship.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from engine.errors import WeightsMissingError
from engine.evaluate import happened, imagined
from engine.models import worlds
from engine.models.profiles import FORWARD
from engine.pocket.render import Renderer
from engine.pocket.worlds.imagining import Imagination
from engine.pocket.worlds.steps import sample_step, walk

ROOT = Path(__file__).resolve().parents[1]


def long_walks(imagination: Imagination, renderer: Renderer, walks: int, steps: int) -> dict[str, float]:
    """What is left of the truth after so many actions, with earlier steps in mind and without."""
    imagination.wanted = ("picture", "sound", "words")
    shares: dict[bool, list[float]] = {True: [], False: []}
    for number in range(walks):
        way = walk(sample_step(7_000_000 + number).before, steps, random.Random(f"walk/{number}"))
        for remembers, found in shares.items():
            found.append(imagined.rehearsed(imagination, way, remembers, renderer))
    gains = np.array(shares[True]) - np.array(shares[False])
    return {
        "with memory": round(float(np.mean(shares[True])), 4),
        "without": round(float(np.mean(shares[False])), 4),
        "gain": round(float(gains.mean()), 4),
        "width": round(float(1.96 * gains.std() / max(1, len(gains)) ** 0.5), 4),
    }


def main() -> None:
    """Print each part as a line of JSON."""
    asked = argparse.ArgumentParser(prog="python -m bench.happenings", description=__doc__)
    asked.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    asked.add_argument("--pairs", type=int, default=60, help="transitions a seed")
    asked.add_argument("--seeds", type=int, default=3)
    asked.add_argument("--walks", type=int, default=10)
    asked.add_argument("--steps", type=int, default=20)
    chosen = asked.parse_args()
    device, seeds = torch.device(chosen.device), tuple(range(chosen.seeds))
    try:
        loaded: Imagination = worlds.load(FORWARD, ROOT, device)[0]
    except WeightsMissingError as error:
        asked.error(str(error))
    renderer = Renderer(chosen.device, 192)
    for name, styled in (("inverse", 0.0), ("inverse, styled", 1.0)):
        plan = happened.HappenedPlan(4 * chosen.pairs, seeds, styled=styled)
        print(json.dumps({name: asdict(happened.measure(loaded.reader, plan, renderer))}), flush=True)
    loaded.wanted = ("picture", "sound")
    for name, held in (("held out", True), ("seen kinds", False)):
        told = imagined.measure(loaded, imagined.ImaginedPlan(chosen.pairs, seeds, held), renderer)
        print(json.dumps({f"forward, {name}": told}), flush=True)
    began = time.perf_counter()
    print(json.dumps({f"{chosen.steps} actions": long_walks(loaded, renderer, chosen.walks, chosen.steps)}), flush=True)
    each = (time.perf_counter() - began) / max(1, 2 * chosen.walks * chosen.steps)
    print(json.dumps({"seconds an action, words too": round(each, 2)}), flush=True)


if __name__ == "__main__":
    main()
