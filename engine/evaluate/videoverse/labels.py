"""What a critic learns from: answers about videos, whoever gave them, one a line of a JSONL file.

A line is `{"video_path", "t2v_prompt", "dimension", "question", "target"}` with the target "yes" or "no"; of an
order of events, dimension "Event Following", `{"video_path", "t2v_prompt", "dimension", "events", "target"}` with the
events A, B, C … as they are listed and the target their letters in the order that was seen: "BA". Paths begin at the
file's folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.errors import BenchmarkError
from engine.evaluate.brought import brought
from engine.evaluate.videoverse.benchmark import LETTERS, Item
from engine.evaluate.videoverse.dimensions import CHECKS, DIMENSIONS, EVENTS

_MEND: Final = "Mend the line, or leave it out."


@dataclass(frozen=True, slots=True)
class Label:
    """One answer about one video."""

    video: Path
    prompt: str
    dimension: str
    """One of DIMENSIONS."""
    question: str
    """Empty for an order of events."""
    target: str
    """`yes` or `no`; of events their letters in the order in which they were seen."""
    events: tuple[str, ...] = ()
    """As they are listed."""


def read(path: Path) -> tuple[Label, ...]:
    """Every line of a file. Raises BenchmarkError naming the line that cannot be used, and why."""
    try:
        text = brought(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BenchmarkError(
            "The labels cannot be read", "Name another file.", value=f"{path.name}: {error}"
        ) from error
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise BenchmarkError("The file holds no labels", "Name another file.", value=path.name)
    return tuple(_label(line, f"line {number}", path.parent) for number, line in lines)


def encoded(labels: Sequence[Label], folder: Path) -> bytes:
    """As a file of this folder."""
    return "".join(json.dumps(_row(label, folder), ensure_ascii=False) + "\n" for label in labels).encode()


def of_results(items: Sequence[Item], videos: Path) -> Iterator[Label]:
    """What a result file of VideoVerse says of the videos in a folder; answers that are no answers are left out."""
    for item in items:
        video = videos / f"{item.key}.mp4"
        for check in item.checks:
            answer = check.answer.lower()
            if check.asked and answer in ("yes", "no"):
                yield Label(video, item.prompt, check.dimension, check.question, answer)
        if item.events and item.order_said:
            yield Label(video, item.prompt, EVENTS, "", item.order, item.events)


def _row(label: Label, folder: Path) -> dict[str, Any]:
    path = label.video.relative_to(folder) if label.video.is_relative_to(folder) else label.video
    row: dict[str, Any] = {"video_path": str(path), "t2v_prompt": label.prompt, "dimension": label.dimension}
    row |= {"events": list(label.events)} if label.events else {"question": label.question}
    return {**row, "target": label.target}


def _label(line: str, where: str, folder: Path) -> Label:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BenchmarkError("A label is no JSON", _MEND, value=f"{where}: {str(error)[:120]}") from error
    if not isinstance(row, dict):
        raise BenchmarkError("A label is no object", _MEND, value=where)
    dimension = _text(row, "dimension", where)
    if dimension not in DIMENSIONS:
        what = "A label has a dimension that VideoVerse has not"
        raise BenchmarkError(what, _MEND, value=f"{where}: {dimension}", limit=", ".join(DIMENSIONS))
    video, prompt = folder / _text(row, "video_path", where), _text(row, "t2v_prompt", where)
    if dimension in CHECKS:
        target = _text(row, "target", where).strip().lower()
        if target not in ("yes", "no"):
            raise BenchmarkError("A label says neither yes nor no", _MEND, value=f"{where}: {target[:80]}")
        return Label(video, prompt, dimension, _text(row, "question", where), target)
    events = _events(row, where)
    order = row.get("target")
    if not isinstance(order, str) or len({*order}) < len(order) or not {*order} <= {*LETTERS[: len(events)]}:
        limit = f"letters of {LETTERS[: len(events)]}, each once"
        raise BenchmarkError("A label's order is no order of its events", _MEND, value=f"{where}: {order}", limit=limit)
    return Label(video, prompt, dimension, "", order, events)


def _events(row: Mapping[str, Any], where: str) -> tuple[str, ...]:
    events = row.get("events")
    if not isinstance(events, list) or not 0 < len(events) <= len(LETTERS):
        raise BenchmarkError("A label has no list of one to eight events", _MEND, value=where)
    if not all(isinstance(event, str) and event.strip() for event in events):
        raise BenchmarkError("An event of a label is no text", _MEND, value=where)
    return tuple(events)


def _text(row: Mapping[str, Any], name: str, where: str) -> str:
    text = row.get(name)
    if not isinstance(text, str) or not text.strip():
        raise BenchmarkError("A label has not all of its fields", _MEND, value=f"{where}: {name}")
    return text
