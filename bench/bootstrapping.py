"""What labels of the inverse model's own and the weighted loss bring: `python -m bench.bootstrapping --steps 800`.

Each run sees pictures alone and has as many steps of as many transitions: labelled ones only; these and pairs of
unlabelled films that the inverse model named; the same without weights. All are asked the same held-out transitions.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL
from numpy.typing import NDArray

from engine.evaluate.happened import pictures
from engine.pocket.worlds.inverse import ActionReader
from engine.train.bootstrapping import in_rounds, named, rows
from engine.train.budget import Budget, learning_rate_factor
from engine.train.forward import ForwardPreset, ForwardTrainer
from engine.train.futures import future, futures
from engine.train.reminders import Lesson
from engine.train.ring import Ring
from engine.train.unlabelled import film

ROOT = Path(__file__).resolve().parents[1]
MIX = (("picture",), ("picture",))
AT_ONCE = 64
Found = dict[str, NDArray[np.float64]]


def trained(trainer: ForwardTrainer, rings: list[Ring], budget: Budget) -> None:
    """Learn until the budget is spent, from all rings alike."""
    each = trainer.preset.batch // len(rings)
    while budget.fraction < 1:
        picked = [ring.pick(each) for ring in rings]
        lesson = Lesson.of({name: torch.cat([some[name] for some in picked]) for name in picked[0]})
        factor = learning_rate_factor(budget.step, budget.fraction, warmup=100, decay=0.5)
        trainer.learner.step(trainer.loss(lesson, MIX, 0), budget, factor)
    trainer.learner.settle()


@torch.no_grad()
def asked(trainer: ForwardTrainer, reader: ActionReader, numbers: range) -> Found:
    """Of each held-out transition: the cosine, the squared distance where it changes, whether the action is told."""
    found: dict[str, list[float]] = {"cosine": [], "change_error": [], "made_action": []}
    config = trainer.vae.config
    for first in range(numbers.start, numbers.stop, AT_ONCE):
        some = range(first, min(first + AT_ONCE, numbers.stop))
        lesson = Lesson.of(trainer.rows(futures(some, held_out=True)))
        steps = [future(number, True)[1] for number in some]
        made = trainer.model.eval().predict(lesson.before.only(MIX[0]), lesson.action, MIX[1]).shown
        was, right = lesson.before.shown, lesson.after.shown
        found["cosine"] += F.cosine_similarity(made.flatten(1), right.flatten(1)).tolist()
        changed = ((right - was).square().mean(1, keepdim=True) > 0.1).float()
        error = ((made - right).square().mean(1, keepdim=True) * changed).sum((1, 2, 3))
        found["change_error"] += (error / changed.sum((1, 2, 3)).clamp(min=1)).tolist()
        shown = trainer.vae.decode(made / config.scaling_factor + config.shift_factor).sample
        seen = shown.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8).movedim(1, -1).cpu().numpy()
        told = reader.tell(pictures(steps, trainer.renderer)[0], seen, 1)
        found["made_action"] += [float(one[0].action == step.action) for one, step in zip(told, steps, strict=True)]
    return {name: np.array(values) for name, values in found.items()}


def interval(values: NDArray[np.float64]) -> list[float]:
    """The mean and half of its 95 % interval."""
    return [round(float(values.mean()), 4), round(float(1.96 * values.std() / len(values) ** 0.5), 4)]


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.bootstrapping", description=__doc__)
    made.add_argument("--autoencoder", type=Path, default=ROOT / "assets/pocket/vae")
    made.add_argument("--inverse", type=Path, default=ROOT / "assets/inverse")
    made.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    made.add_argument("--steps", type=int, default=800, help="of each run")
    made.add_argument("--batch", type=int, default=256)
    made.add_argument("--labelled", type=int, default=2048, help="transitions whose action is known")
    made.add_argument("--films", type=int, default=800, help="of which nothing is known")
    made.add_argument("--kept", type=int, default=4096, help="of their pairs at most")
    made.add_argument("--pairs", type=int, default=200, help="held-out transitions a seed")
    made.add_argument("--seeds", type=int, default=3)
    return made


def main() -> None:
    """After each seed, a line of JSON over all so far."""
    chosen = parser().parse_args()
    device = torch.device(chosen.device)
    reader = ActionReader.from_pretrained(chosen.inverse).to(device)
    vae = AutoencoderKL.from_pretrained(chosen.autoencoder, dtype=torch.float32)
    every: dict[str, list[Found]] = {}
    for seed in range(chosen.seeds):
        base = ForwardTrainer(replace(ForwardPreset(), batch=chosen.batch), vae, device, 0)
        labelled, unlabelled = Ring(chosen.labelled), Ring(chosen.kept)
        for first in range(0, chosen.labelled, AT_ONCE):
            start = seed * 10**5 + first
            labelled.add(base.rows(futures(range(start, start + AT_ONCE))))
        pairs = named(base, reader, map(film, range(seed * 10**5, seed * 10**5 + chosen.films)))
        kept = in_rounds(pairs, chosen.kept)
        unlabelled.add(rows(base, kept))
        sure = [round(float(np.mean([one.told.confidence for one in some])), 4) for some in (pairs, kept)]
        print(json.dumps({"seed": seed, "pairs": len(pairs), "kept": len(kept), "likelihood": sure}), flush=True)
        runs = {
            "labelled": ([labelled], True),
            "labelled and named": ([labelled, unlabelled], True),
            "labelled and named, unweighted": ([labelled, unlabelled], False),
        }
        for name, (rings, weighted) in runs.items():
            trainer = ForwardTrainer(replace(base.preset, weighted=weighted), vae, device, 0)
            torch.manual_seed(seed)
            trained(trainer, rings, Budget(steps=chosen.steps))
            numbers = range((seed + 1) * 10**6, (seed + 1) * 10**6 + chosen.pairs)
            every.setdefault(name, []).append(asked(trainer, reader, numbers))
        joined = {
            name: {k: np.concatenate([one[k] for one in found]) for k in found[0]} for name, found in every.items()
        }
        only, both, plain = joined.values()
        report = {name: {key: interval(values) for key, values in found.items()} for name, found in joined.items()}
        report["named added"] = {key: interval(both[key] - only[key]) for key in both}
        report["weighted"] = {key: interval(both[key] - plain[key]) for key in both}
        print(json.dumps({"after seed": seed, **report}), flush=True)


if __name__ == "__main__":
    main()
