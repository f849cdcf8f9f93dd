"""How well the pocket models do what the words say: `python -m bench.quality --help`.

Held-out prompts, several seeds, judged by the pocket judge; its own score on rendered truth stands beside each figure.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import torch

from engine.evaluate import sheets
from engine.evaluate.cases import Case
from engine.evaluate.judge import Judge, JudgeModel
from engine.evaluate.pocket import Made, Plan, measure
from engine.pocket import grammar
from engine.pocket.pipeline import PocketPipeline

ROOT = Path(__file__).resolve().parents[1]


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.quality", description=__doc__)
    made.add_argument("--things", type=int, nargs="+", default=[1, 2], help="things on stage")
    made.add_argument("--prompts", type=int, default=200)
    made.add_argument("--seeds", type=int, default=3)
    made.add_argument("--steps", type=int, default=6)
    made.add_argument("--key-frame-steps", type=int, default=12)
    made.add_argument("--guidance-scale", type=float, default=3.0)
    made.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    made.add_argument("--weights", type=Path, default=ROOT / "assets" / "pocket")
    made.add_argument("--judge", type=Path, default=ROOT / "assets" / "judge")
    made.add_argument("--sheet", type=Path, help="write a contact sheet of the first clips of each kind here (PNG)")
    return made


def shown_as(made: Made) -> Case:
    """A clip with its words, for the contact sheet."""
    words = f"{grammar.canonical_scene(made.clip)}. {grammar.canonical_motion(made.clip)}"
    return Case({}, words, {"made": made.frames})


def main(argv: list[str]) -> int:
    """Measure and print one JSON object."""
    arguments = parser().parse_args(argv)
    dtype = torch.float32 if arguments.device == "cpu" else torch.bfloat16
    pipeline = PocketPipeline.from_pretrained(arguments.weights, dtype=dtype, local_files_only=True)
    pipeline = pipeline.to(arguments.device)
    judge = Judge(JudgeModel.from_pretrained(arguments.judge, dtype=torch.float32), arguments.device)
    report: dict[str, object] = {"command": " ".join(["python", "-m", "bench.quality", *argv])}
    shown: list[Made] = []
    for things in arguments.things:
        plan = Plan(
            things=things,
            prompts=arguments.prompts,
            seeds=tuple(range(arguments.seeds)),
            steps=arguments.steps,
            guidance_scale=arguments.guidance_scale,
            key_frame_steps=arguments.key_frame_steps,
            batch=64 if arguments.device != "cpu" else 4,
        )
        report[f"{things} on stage"], made = measure(pipeline, judge, plan)
        shown += made[: 24 // len(arguments.things)]
    print(json.dumps(report, indent=1))
    if arguments.sheet:
        arguments.sheet.write_bytes(sheets.png(sheets.sheet([[sheets.panel(shown_as(made)) for made in shown]])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
