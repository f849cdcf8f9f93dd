"""The folder of one measurement, read: what was asked for, how many videos are done, what was found in them.

Files that are not there yet, or half written, count for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.seen import Difference, Measured

WISH, LOG = "wish.json", "log"
_LONGEST_PROBLEM: Final = 300
"""Letters of a log's line that are shown."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be measured."""

    title: str
    """What it is called in the list."""
    metrics: tuple[str, ...]
    """Names in engine.evaluate.metrics.table; none: all that can be taken."""
    project: str = ""
    """Whose videos; empty where the person brings some."""
    videos: int = 0
    """How many there are, of both systems."""
    against: bool = False
    """Whether two systems are held against each other."""
    at: str = ""
    """When it was asked for."""


def wish_of(folder: Path) -> Wish | None:
    """What was asked for; None where the folder does not say."""
    try:
        whole = json.loads((folder / WISH).read_text(encoding="utf-8"))
        return Wish(**{**whole, "metrics": tuple(whole["metrics"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def count(folder: Path) -> int:
    """Videos that were measured, or found not to be readable."""
    try:
        lines = (folder / "figures" / "cases.jsonl").read_bytes().splitlines()
    except OSError:
        return 0
    return len(lines)


def report_of(folder: Path) -> Any:
    """The report as it stands; None where there is none that can be read."""
    try:
        return json.loads((folder / "figures" / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def rows(report: Any) -> Sequence[Mapping[str, Any]]:
    """A row a video."""
    return () if report is None else report["videos"]


def figures(report: Any) -> Sequence[Measured]:
    """Every figure of every system."""
    systems = {} if report is None else report["systems"]
    return [
        Measured(name, system, one["mean"], one["low"], one["high"], one["cases"])
        for system, figures in systems.items()
        for name, one in figures.items()
    ]


def differences(report: Any) -> Sequence[Difference]:
    """What the second system has more or less of."""
    found = {} if report is None else report["differences"]
    return [
        Difference(name, one["figure"]["mean"], one["figure"]["low"], one["figure"]["high"], one["says"])
        for name, one in found.items()
    ]


def last_line(folder: Path) -> str:
    """How its log ends."""
    try:
        lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1][:_LONGEST_PROBLEM] if lines else ""
