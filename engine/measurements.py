"""The folder of one measurement, read: what was asked for, how many videos are done, what was found in them.

Files that are not there yet, or half written, count for nothing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.evaluate.videoverse.dimensions import CATEGORIES, DIMENSIONS, OFFICIAL, STRICT
from engine.measured import Course, Difference, Measured

WISH, LOG = "wish.json", "log"
_LONGEST_PROBLEM: Final = 300
"""Letters of a log's line that are shown."""
_CASE: Final = re.compile(rb'^\{"measure": "([^"]*)", "number": (\d+), "seed": (\d+)', re.MULTILINE)
_FACTS: Final = ("total score", "judge")
"""What the names of facts for the person begin with."""


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
    course: Course | None = None
    """A benchmark's videos made and asked about, if that is what is wanted."""
    results: bool = False
    """Whether the person brought a benchmark's result file."""


def wish_of(folder: Path) -> Wish | None:
    """What was asked for; None where the folder does not say."""
    try:
        whole = json.loads((folder / WISH).read_text(encoding="utf-8"))
        course = Course(**whole["course"]) if whole.get("course") else None
        wish = Wish(**{**whole, "metrics": tuple(whole["metrics"]), "course": course})
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return wish if isinstance(wish.videos, int) and isinstance(wish.at, str) else None


def count(folder: Path, wish: Wish) -> int:
    """Videos that were measured, or found not to be readable."""
    try:
        data = (folder / "figures" / "cases.jsonl").read_bytes()
    except OSError:
        return 0
    if not wish.course:
        return len(data.splitlines())
    return len({case for case in _CASE.findall(data) if case[0] == OFFICIAL.encode()})


def whole(report: Any, wish: Wish) -> bool:
    """Whether the report is about all that was wanted."""
    found = Counter(str(one.get("measure", "")) for one in rows(report))
    told = [found[OFFICIAL], found[STRICT]] if wish.course else [found.total()]
    return report is not None and min(told) >= wish.videos


def report_of(folder: Path) -> Any:
    """The report as it stands; None where there is none that can be read."""
    try:
        found = json.loads((folder / "figures" / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if _whole(found) else None


def rows(report: Any) -> Sequence[Mapping[str, Any]]:
    """A row a video."""
    return () if report is None else report["videos"]


def figures(report: Any) -> Sequence[Measured]:
    """Every figure of every system."""
    systems = {} if report is None else report["systems"]
    return [
        Measured(name, system, one["mean"], one["low"], one["high"], one["cases"], _kind(name, one))
        for system, figures in systems.items()
        for name, one in figures.items()
    ]


def facts(report: Any) -> Sequence[str]:
    """What a benchmark's report says in a line each."""
    identity = {} if report is None else report.get("identity", {})
    return [f"{name}: {value}" for name, value in identity.items() if name.startswith(_FACTS)]


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


def _whole(found: Any) -> bool:
    """Whether it has all that is read of a report."""
    if not isinstance(found, dict):
        return False
    videos, systems, differences = (found.get(name) for name in ("videos", "systems", "differences"))
    if not (isinstance(videos, list) and isinstance(systems, dict) and isinstance(differences, dict)):
        return False
    if not _have([*systems.values()], set()) or not _have([*differences.values()], {"figure", "says"}):
        return False
    figures = [one for each in systems.values() for one in each.values()]
    return (
        _have(videos, {"measure", "name", "failure", "row"})
        and _have([*figures, *(one["figure"] for one in differences.values())], {"mean", "low", "high"})
        and _have(figures, {"cases"})
    )


def _have(some: Sequence[Any], names: set[str]) -> bool:
    """Whether all are objects with these fields."""
    return all(isinstance(one, dict) and one.keys() >= names for one in some)


def _kind(name: str, figure: Mapping[str, Any]) -> Any:
    """See engine.seen.Measured.kind."""
    if name in CATEGORIES:
        return "summary"
    return "dimension" if name in DIMENSIONS or 0 <= figure["low"] <= figure["high"] <= 1 else "number"
