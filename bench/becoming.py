"""Room for what moves, and the background behind it: `python -m bench.becoming --help`.

Held-out clips of every motion, measured against the simulator's own masks; no weights are needed.
"""

from __future__ import annotations

import argparse
import json
import sys

import torch

from engine.evaluate import becoming
from engine.evaluate.cases import Row, summary
from engine.pocket.render import Renderer
from engine.pocket.vocabulary import MOTIONS


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.becoming", description=__doc__)
    made.add_argument("--clips", type=int, default=10, help="clips of each motion whose room is measured")
    made.add_argument("--shimmering", type=int, default=2, help="clips of each motion whose background is refined")
    made.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return made


def main(argv: list[str]) -> int:
    """Measure and print one JSON object: for each figure its mean, of all clips and of each motion, and the least."""
    arguments = parser().parse_args(argv)
    renderer, moving = Renderer(arguments.device), MOTIONS[1:]
    counts = {becoming.room: arguments.clips, becoming.behind: arguments.shimmering}
    report: dict[str, object] = {"command": " ".join(["python", "-m", "bench.becoming", *argv])}
    for measure, count in counts.items():
        rows = {motion: [measure(number, motion, renderer) for number in range(count)] for motion in moving}
        report[measure.__name__] = {"all": told([row for each in rows.values() for row in each])} | {
            motion: told(each) for motion, each in rows.items()
        }
    print(json.dumps(report, indent=1))
    return 0


def told(rows: list[Row]) -> dict[str, str]:
    """Figure -> mean (least to most) over the rows."""
    means = {name: figure.mean for name, figure in summary(rows, resamplings=1).items()}
    return {
        name: f"{mean:.3f} ({min(row[name] for row in rows):.3f} to {max(row[name] for row in rows):.3f})"
        for name, mean in means.items()
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
