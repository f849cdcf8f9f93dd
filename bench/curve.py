"""The critic's curve of labels, drawn from trainings on so many: `python -m bench.curve DIR --output labels.svg`.

DIR holds a folder a training, LABELS-WRONG, each with the training.json that `python -m engine.train critic --labels N
--wrong SHARE` writes; or it is a file, a list of {"labels", "wrong", "right", …}. Prints the same as a table. One that
learnt from 0 labels was never asked anything and is drawn nowhere: it stands in the table.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.plot import Axis, drawn

CHANCE = 0.5
"""Right answers of somebody who does not look."""
SHOWN: Mapping[str, str] = {"right": "yes or no right", "worst": "worst dimension", "order, strict": "events in order"}
"""Figure of a training -> how a line is called."""


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    made = argparse.ArgumentParser(prog="python -m bench.curve", description=__doc__)
    made.add_argument("trainings", type=Path, metavar="DIR")
    made.add_argument("--output", type=Path, help="write the drawing here (SVG)")
    return made


def read(place: Path) -> list[dict[str, Any]]:
    """A row a training, those with right answers alone first, by their number."""
    if place.is_file():
        rows: list[dict[str, Any]] = json.loads(place.read_text(encoding="utf-8"))
    else:
        rows = []
        for path in place.glob("*-*/training.json"):
            labels, wrong = path.parent.name.split("-")
            scores = json.loads(path.read_text(encoding="utf-8"))["scores"]
            rows.append({"labels": int(labels), "wrong": float(wrong), **scores})
    return sorted(rows, key=lambda row: (row["wrong"], row["labels"]))


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The same in words, as Markdown."""
    text = f"| labels | of them wrong | {' | '.join(SHOWN.values())} |\n|{'---|' * (2 + len(SHOWN))}\n"
    for row in rows:
        figures = " | ".join(f"{row[name]:.1%}" for name in SHOWN)
        text += f"| {row['labels']:,} | {row['wrong']:.0%} | {figures} |\n"
    return text


def plot(rows: Sequence[Mapping[str, Any]]) -> str:
    """A line a figure over the number of labels; wrong ones are points of their own. Raises ValueError without rows."""
    asked = [row for row in rows if row["labels"]]
    if not asked:
        raise ValueError("no training on labels is there")
    numbers = sorted({row["labels"] for row in asked})
    lines = {
        called: [(row["labels"], row[name]) for row in asked if not row["wrong"]] for name, called in SHOWN.items()
    }
    for share in sorted({row["wrong"] for row in asked if row["wrong"]}):
        lines[f"{share:.0%} wrong: right"] = [(row["labels"], row["right"]) for row in asked if row["wrong"] == share]
    low = min(CHANCE, *(height for points in lines.values() for _, height in points))
    up = Axis(low, 1.0, {low: f"{low:.0%}", CHANCE: f"{CHANCE:.0%}", 0.75: "75%", 1.0: "100%"})
    ticks = {number: f"{number:,}" for number in numbers}
    along = Axis(numbers[0], max(numbers[-1], 2 * numbers[0]), ticks, doubling=True)
    return drawn(lines, "Held-out answers of a critic after so many labels", along, up, dots=True)


def main(argv: list[str]) -> int:
    """Print the table, and write the drawing."""
    arguments = parser().parse_args(argv)
    rows = read(arguments.trainings)
    sys.stdout.write(table(rows))
    if arguments.output:
        arguments.output.write_text(plot(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
