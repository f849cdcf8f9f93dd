"""`evaluate WHAT`: which command measures what."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TextIO


def run(chosen: argparse.Namespace, progress: TextIO) -> Iterator[str]:
    """Measure what the command line names; yields the lines to print: a report's path, or scores."""
    if chosen.what == "videoverse":
        from engine.command import videoverse

        scores = videoverse.score(chosen)
        yield from [json.dumps(scores, ensure_ascii=False, indent=1)] if chosen.json else videoverse.lines(scores)
    else:
        from engine.command.evaluation import evaluate

        yield evaluate(chosen, progress)
