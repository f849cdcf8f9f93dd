"""What a result file scores: the official sums to the digit, and the same as shares of what could be had.

S(V) = LCS(order seen, order asked for) + number of questions answered yes; a benchmark's score is the sum over its
videos (Wang et al., arXiv:2510.08398; scripts/cal_acc.py of its repository). Official: whatever `res` is not "yes" in
any case counts nothing, and questions that were never asked count among the questions. The shares leave those out, and
come with a bootstrap interval over videos, a video's questions together.

By hand: three events, seen "ACB": the longest common subsequence is AB (or AC), 2. With yes, no, yes: S = 4 of 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.evaluate.cases import Figure, Row, summary
from engine.evaluate.videoverse.benchmark import LETTERS, Item
from engine.evaluate.videoverse.dimensions import CATEGORIES, EVENTS


def lcs(a: str, b: str) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for letter in a:
        above = row
        row = [0]
        for index, other in enumerate(b):
            row.append(above[index] + 1 if letter == other else max(above[index + 1], row[index]))
    return row[-1]


def official(items: Sequence[Item]) -> dict[str, Any]:
    """The report that the official script writes beside a result file."""
    videos: dict[str, Any] = {}
    by_dimension: dict[str, int] = {}
    for item in items:
        seen = lcs(LETTERS[: len(item.events)], item.order) if item.events else None
        mine: dict[str, int] = {}
        for check in item.checks:
            mine[check.dimension] = mine.get(check.dimension, 0) + _yes(check.answer)
        for dimension, count in mine.items():
            by_dimension[dimension] = by_dimension.get(dimension, 0) + count
        analysis = {"overall_score": sum(mine.values()), "scores_by_category": mine, "total_checks": len(item.checks)}
        videos[item.key] = {
            "event_lcs_length": seen,
            "verification_checks_analysis": analysis if item.checks else None,
        }
    adherence = sum(video["event_lcs_length"] or 0 for video in videos.values())
    whole: dict[str, Any] = {"total_event_adherence": adherence}
    if any(item.checks for item in items):
        whole["verification_checks_score"] = sum(by_dimension.values())
        whole["verification_checks_score_by_category"] = by_dimension
    whole["total_score"] = adherence + sum(by_dimension.values())
    whole["total_videos_processed"] = len(items)
    return {"overall_summary": whole, "per_video_analysis": videos}


def shares(items: Sequence[Item]) -> dict[str, Figure]:
    """Dimension or category -> share of what could be had, 0..1, with its interval; `cases` counts questions."""
    rows: list[Row] = []
    groups: list[int] = []
    for number, item in enumerate(items):
        seen = lcs(LETTERS[: len(item.events)], item.order)
        mine = [_row(EVENTS, seen / len(item.events)) for _ in item.events]
        mine += [_row(check.dimension, float(_yes(check.answer))) for check in item.checks if check.asked]
        rows += mine
        groups += [number] * len(mine)
    figures = summary(rows, groups) if rows else {}
    order = (*dict.fromkeys(name for names in CATEGORIES.values() for name in names), *CATEGORIES)
    return {name: figures[name] for name in order if name in figures}


def _row(dimension: str, value: float) -> Mapping[str, float]:
    """An answer, counted in its dimension and in each category of it."""
    return {dimension: value, **{name: value for name, names in CATEGORIES.items() if dimension in names}}


def _yes(answer: str) -> int:
    return int(answer.lower() == "yes")
