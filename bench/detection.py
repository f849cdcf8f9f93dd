"""How well the detector finds what is named, and masks follow: `python -m bench.detection --help`.

Held-out clips, three seeds, measured against the simulator's own masks.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import torch

from engine.evaluate import detection
from engine.pocket.detector import PocketDetector
from engine.pocket.render import Renderer
from engine.pocket.vocabulary import STYLES

ROOT = Path(__file__).resolve().parents[1]


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.detection", description=__doc__)
    made.add_argument("--things", type=int, default=3, help="things on stage")
    made.add_argument("--frames", type=int, default=200, help="frames for each seed")
    made.add_argument("--seeds", type=int, default=3)
    made.add_argument("--threshold", type=float, default=detection.THRESHOLD)
    made.add_argument("--styles", nargs="+", choices=STYLES, default=["flat"])
    made.add_argument("--tracks", type=int, default=2, help="clips of each motion and seed followed by a mask")
    made.add_argument("--weights", type=Path, default=ROOT / "assets" / "detector")
    made.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return made


def followed(tracks: int, seeds: tuple[int, ...], renderer: Renderer) -> dict[str, object]:
    """How well masks follow. They go through a codec, which where models are trained there may be none."""
    from engine.evaluate import tracking

    return {
        f"mask over time, grown by {grow}": asdict(
            tracking.survey(tracking.TrackingPlan(tracks, seeds, grow), renderer)
        )
        for grow in (0, 4)
    }


def main(argv: list[str]) -> int:
    """Measure and print one JSON object."""
    arguments = parser().parse_args(argv)
    device = torch.device(arguments.device)
    renderer, seeds = Renderer(arguments.device), tuple(range(arguments.seeds))
    report: dict[str, object] = {"command": " ".join(["python", "-m", "bench.detection", *argv])}
    detector = PocketDetector.from_pretrained(arguments.weights).to(device)
    for style in arguments.styles:
        plan = detection.DetectionPlan(arguments.things, arguments.frames, seeds, arguments.threshold, style)
        figures = detection.look(detector, plan, renderer)
        report[style] = {**asdict(figures), "false_alarms": figures.false_alarms}
    if arguments.tracks:
        report |= followed(arguments.tracks, seeds, renderer)
    print(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
