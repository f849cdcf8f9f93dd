"""From what was measured to the report's rows: one a figure, beside its aim and what rendered truth gives.

A figure is a mean over all cases and seeds, with a 95 % interval: bootstrap over the cases, a case's seeds together.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from engine.evaluate.aims import MEASURES, Aim
from engine.evaluate.cases import Figure, summary
from engine.evaluate.ledger import Record


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
    share: bool = False
    """Whether the figure is a percentage."""
    shown: str = ""
    reached: bool | None = None
    """None where nothing is aimed at."""
    truth: str = ""
    """The same of rendered truth."""
    on_truth: Figure | None = None
    """Its figure."""
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


def _line(run: Run, name: str, aim: Aim, records: Sequence[Record]) -> Line:
    """One figure, if there is one."""
    what = f"{MEASURES[name].title}: {aim.what}"
    empty = Line(name, what, _aimed(aim), run.again.format(name))
    mine = [record for record in records if aim.figure in record.row]
    if not mine:
        return replace(empty, why=_why(run, name, aim))
    figure = _figure(aim, [(record.number, record.row[aim.figure]) for record in mine])
    truths = [(record.number, record.truth[aim.figure]) for record in mine if aim.figure in record.truth]
    truth = _figure(aim, truths) if truths else None
    unit = _unit(aim)
    return replace(
        empty,
        figure=figure,
        share=aim.unit == "%",
        shown=f"{_told(figure.mean, aim)}{unit} ({_told(figure.low, aim)} to {_told(figure.high, aim)})",
        reached=_reached(figure, aim),
        truth=f"{_told(truth.mean, aim)}{unit}" if truth else "",
        on_truth=truth,
        cases=len({record.number for record in mine}),
        seeds=len({record.seed for record in mine}),
    )


def _figure(aim: Aim, values: Sequence[tuple[int, float]]) -> Figure:
    """In the aim's unit. values: of each case, by its number."""
    rows, numbers = [{aim.figure: value} for _, value in values], [number for number, _ in values]
    one = summary(rows, numbers)[aim.figure]
    scale = 100 if aim.unit == "%" else 1
    return Figure(scale * one.mean, scale * one.low, scale * one.high, one.cases)


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


def captions() -> Iterator[tuple[str, list[str]]]:
    """Each contact sheet, by its recipe, and the measures whose cases it shows."""
    recipes: dict[str, list[str]] = {}
    for name, measure in MEASURES.items():
        if measure.recipe:
            recipes.setdefault(measure.recipe, []).append(name)
    yield from recipes.items()
