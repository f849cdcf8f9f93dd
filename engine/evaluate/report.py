"""From what was measured to the report: one row a figure, beside its aim and what rendered truth gives.

A figure is a mean over all cases and seeds, with a 95 % interval: bootstrap over the cases, a case's seeds together.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from engine.evaluate.aims import MEASURES, Aim
from engine.evaluate.cases import Figure, summary
from engine.evaluate.ledger import Record

ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = {
    "time of each recipe, warm": ("45 s; detector 2 s; masked key frame 8 s", "python -m bench.speed --recipes"),
    "memory": ("4 GB or less", "python -m bench.speed --recipes"),
}
"""Measured by another command, on the machine that it is asked of: aim, command."""
_HEAD: Final = (
    "| what | aim | figure (95 % interval) | reached | on rendered truth | cases × seeds | command |\n"
    "|---|---|---|---|---|---|---|\n"
)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run was."""

    command: str
    """As it was typed."""
    again: str
    """The same for one measure, whose name goes in the place of `{}`."""
    machine: str
    """What computed."""
    weights: Mapping[str, str]
    """Which model had which weights."""
    planned: Mapping[str, int]
    """How many cases of each measure are wanted; those that are not measured are not in it."""
    why: Mapping[str, str]
    """Measure, agent or ability -> why there is none."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    measure: str
    what: str
    aim: str
    command: str
    why: str = ""
    """Why it was not measured."""
    figure: Figure | None = None
    """In the unit of `shown`."""
    shown: str = ""
    reached: bool | None = None
    """None where nothing is aimed at."""
    truth: str = ""
    """The same of rendered truth."""
    cases: int = 0
    seeds: int = 0


def lines(run: Run, records: Sequence[Record]) -> list[Line]:
    """Every figure of every measure, in the order of the aims; what was not measured says why."""
    found = defaultdict(list)
    for record in records:
        if not record.failure:
            found[record.measure].append(record)
    return [_line(run, name, aim, found[name]) for name, measure in MEASURES.items() for aim in measure.aims]


def as_json(run: Run, records: Sequence[Record]) -> bytes:
    """The whole report for a program."""
    failed = [asdict(record) for record in records if record.failure]
    whole = {**asdict(run), "rows": [asdict(line) for line in lines(run, records)], "failed": failed}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def as_markdown(run: Run, records: Sequence[Record]) -> bytes:
    """The whole report for a reader."""
    failed = [record for record in records if record.failure]
    weights = ", ".join(f"{name} {digest[:12]}" for name, digest in run.weights.items())
    text = f"# The pocket world, measured\n\n`{run.command}`\n\n{run.machine}. Weights: {weights}.\n\n{_HEAD}"
    rows = lines(run, records)
    text += "".join(_row(line) for line in rows if line.aim)
    text += "".join(
        f"| {what} | {aim} | not measured here | | | | `{command}` |\n" for what, (aim, command) in ELSEWHERE.items()
    )
    details = "".join(_row(line) for line in rows if not line.aim and line.figure)
    text += f"\n## Beside the aims\n\n{_HEAD}{details}" if details else ""
    text += "\nHeld-out prompts and scenes. On rendered truth: the same measure of the simulator's own answer, "
    text += "which is the judge's own score.\n"
    if failed:
        text += f"\n{len(failed)} cases failed and count nowhere; another run tries them again:\n\n"
        text += "".join(f"- {one.measure} {one.number}, seed {one.seed}: {one.failure}\n" for one in failed[:20])
    return text.encode()


def _line(run: Run, name: str, aim: Aim, records: Sequence[Record]) -> Line:
    """One figure, if there is one."""
    what = f"{MEASURES[name].title}: {aim.what}"
    empty = Line(name, what, _aimed(aim), run.again.format(name))
    mine = [record for record in records if aim.figure in record.row]
    if not mine:
        return replace(empty, why=_why(run, name, aim))
    figure = summary([{aim.figure: record.row[aim.figure]} for record in mine], [one.number for one in mine])[
        aim.figure
    ]
    truth = [record.truth[aim.figure] for record in mine if aim.figure in record.truth]
    scale = 100 if aim.unit == "%" else 1
    figure = Figure(scale * figure.mean, scale * figure.low, scale * figure.high, figure.cases)
    unit = _unit(aim)
    return replace(
        empty,
        figure=figure,
        shown=f"{_told(figure.mean, aim)}{unit} ({_told(figure.low, aim)} to {_told(figure.high, aim)})",
        reached=_reached(figure, aim),
        truth=f"{_told(scale * sum(truth) / len(truth), aim)}{unit}" if truth else "",
        cases=len({record.number for record in mine}),
        seeds=len({record.seed for record in mine}),
    )


def _why(run: Run, name: str, aim: Aim) -> str:
    """Why a figure is not there."""
    needs = (*MEASURES[name].needs, *aim.needs)
    reasons = dict.fromkeys(run.why[need] for need in (name, *needs) if need in run.why)
    if reasons:
        return "; ".join(reasons)
    return "no case of it has been measured yet" if name in run.planned else "it was not asked for"


def _reached(figure: Figure, aim: Aim) -> bool | None:
    if aim.aim is None:
        return None
    if aim.sense == "above":
        return figure.low > aim.aim
    return figure.mean <= aim.aim if aim.sense == "at most" else figure.mean >= aim.aim


def _aimed(aim: Aim) -> str:
    if aim.aim is None:
        return ""
    return "higher" if aim.sense == "above" else f"{aim.sense} {aim.aim:g}{_unit(aim)}"


def _told(value: float, aim: Aim) -> str:
    return f"{value:.{1 if aim.unit in ('%', 'dB') else 2}f}"


def _unit(aim: Aim) -> str:
    return {"%": " %", "dB": " dB", "x": "×"}.get(aim.unit, aim.unit)


def _row(line: Line) -> str:
    """As Markdown."""
    if line.figure is None:
        return f"| {line.what} | {line.aim} | not measured: {line.why} | | | | `{line.command}` |\n"
    reached = {None: "", True: "yes", False: "**no**"}[line.reached]
    size = f"{line.cases} × {line.seeds}"
    return f"| {line.what} | {line.aim} | {line.shown} | {reached} | {line.truth} | {size} | `{line.command}` |\n"


def captions() -> Iterator[tuple[str, list[str]]]:
    """Each contact sheet, by its recipe, and the measures whose cases it shows."""
    recipes: dict[str, list[str]] = {}
    for name, measure in MEASURES.items():
        if measure.recipe:
            recipes.setdefault(measure.recipe, []).append(name)
    yield from recipes.items()
