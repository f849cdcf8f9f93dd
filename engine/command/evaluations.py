"""`evaluate WHAT`: which command measures what."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from engine.evaluate.viewing import Viewing
    from engine.studio import Studio


def run(chosen: argparse.Namespace, progress: TextIO, opening: Callable[[bool], Studio]) -> Iterator[str]:
    """Measure what the command line names; yields the lines to print: a report's path, or scores.

    opening: as engine.command.terminal.Opening; a project is looked up without a worker.
    """
    if getattr(chosen, "attached", False):
        threading.Thread(target=_end_with_input, name="attached", daemon=True).start()
    if chosen.what == "videoverse" and chosen.whole:
        from engine.command.benchmarking import whole

        yield whole(chosen, progress)
    elif chosen.what == "videoverse":
        from engine.command.videoverse import videoverse

        yield from videoverse(chosen, progress)
    elif chosen.what == "aurora":
        from engine.command import aurora

        yield aurora.show(chosen, progress)
    elif chosen.what in ("files", "project", "vbench", "aigcbench"):
        from engine.command import footage

        yield footage.show(chosen, _viewings(chosen, opening), progress)
    else:
        from engine.command.evaluation import ablate, evaluate

        yield (ablate if chosen.what == "ablation" else evaluate)(chosen, progress)


def _end_with_input() -> None:
    """Leave at once when whoever started this has gone: every video measured so far is on the disk."""
    while os.read(sys.stdin.fileno(), 1024):  # not through sys.stdin, which could not be closed at the end then
        pass
    os._exit(1)


def _viewings(chosen: argparse.Namespace, opening: Callable[[bool], Studio]) -> Sequence[Viewing]:
    """The videos that the command line names."""
    from engine.command import viewings

    match chosen.what:
        case "project":
            with opening(False) as studio:
                return viewings.of_project(chosen, studio)
        case "vbench":
            return viewings.of_vbench(chosen)
        case "aigcbench":
            return viewings.of_aigcbench(chosen)
        case _:
            return viewings.of_files(chosen)
