"""The pocket critic on generated clips, against the independent judge: `python -m bench.critic --help`.

For each number of things and of steps: held-out prompts, several candidates each, made as the app makes them. Says how
often critic and judge say the same, and how often the candidate that the critic would keep is right beside the first.
The models as they ship leave little to choose between: fewer steps or more things are the harder sets.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

from engine.evaluate import verdicts
from engine.evaluate.judge import Judge, JudgeModel
from engine.evaluate.pocket import Made, Plan, generate
from engine.evaluate.verdicts import Candidates
from engine.pocket.critic import PocketCritic
from engine.pocket.pipeline import PocketPipeline

ROOT = Path(__file__).resolve().parents[1]


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.critic", description=__doc__)
    made.add_argument("--things", type=int, nargs="+", default=[2, 3], help="things on stage")
    made.add_argument("--steps", type=int, nargs="+", default=[6, 2], help="of a video; a key frame has twice as many")
    made.add_argument("--prompts", type=int, default=100)
    made.add_argument("--candidates", type=int, default=4, help="clips for each prompt")
    made.add_argument("--guidance-scale", type=float, default=3.0)
    made.add_argument("--batch", type=int, default=64)
    made.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    made.add_argument("--weights", type=Path, default=ROOT / "assets" / "pocket")
    made.add_argument("--judge", type=Path, default=ROOT / "assets" / "judge")
    made.add_argument("--critic", type=Path, default=ROOT / "assets" / "critic")
    made.add_argument("--output", type=Path, help="write what is found here as well (JSON), after each set")
    return made


def candidates(pipeline: PocketPipeline, judge: Judge, plan: Plan) -> list[Candidates]:
    """Every prompt's clips, one a seed, with what the judge sees."""
    by_seed: list[list[Made]] = [list(generate(pipeline, plan, seed)) for seed in plan.seeds]
    seen = [judge.look(np.stack([made.frames for made in one])) for one in by_seed]
    return [Candidates(*both) for both in zip(zip(*by_seed, strict=True), zip(*seen, strict=True), strict=True)]


def main(argv: list[str]) -> int:
    """Measure and print one JSON object, as far as it has come, after each set."""
    arguments = parser().parse_args(argv)
    dtype = torch.float32 if arguments.device == "cpu" else torch.bfloat16
    pipeline = PocketPipeline.from_pretrained(arguments.weights, dtype=dtype, local_files_only=True)
    pipeline = pipeline.to(arguments.device)
    judge = Judge(JudgeModel.from_pretrained(arguments.judge, dtype=torch.float32), arguments.device)
    critic = PocketCritic.from_pretrained(arguments.critic).to(torch.device(arguments.device))
    report: dict[str, object] = {"command": " ".join(["python", "-m", "bench.critic", *argv])}
    for things, steps in itertools.product(arguments.things, arguments.steps):
        began, seeds = time.monotonic(), tuple(range(arguments.candidates))
        plan = Plan(things, arguments.prompts, seeds, steps, arguments.guidance_scale, 2 * steps, arguments.batch)
        every = candidates(pipeline, judge, plan)
        name = f"{things} on stage, {steps} steps"
        report[name] = {
            "agreement": verdicts.agreement(critic, every), f"best of {len(seeds)}": verdicts.best(critic, every),
            "seconds": round(time.monotonic() - began, 1),
        }  # fmt: skip
        if arguments.output:
            arguments.output.write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
