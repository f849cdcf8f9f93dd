"""The pocket world's report for people: as Markdown, as CSV, and as one HTML page with its bars and contact sheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from engine.evaluate import page
from engine.evaluate.aims import MEASURES
from engine.evaluate.cases import Figure
from engine.evaluate.ledger import Record
from engine.evaluate.report import Line, Run, lines

ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = {
    "time of each recipe, warm": ("45 s; detector 2 s; masked key frame 8 s", "python -m bench.speed --recipes"),
    "memory": ("4 GB or less", "python -m bench.speed --recipes"),
}
"""Measured by another command, on the machine that it is asked of: aim, command."""
_TITLE: Final = "The pocket world, measured"
_HEADS: Final = ("what", "aim", "figure (95 % interval)", "reached", "on rendered truth", "cases × seeds", "command")
_COLUMNS: Final = ("measure", "what", "aim", "mean", "low", "high", "reached", "on truth", "cases", "seeds", "why not")
_READING: Final = (
    "Held-out prompts and scenes. On rendered truth: the same measure of the simulator's own answer, "
    "which is the judge's own score."
)
_FAILED: Final = 20
"""Failures that are told one by one; report.json has them all."""


def as_markdown(run: Run, records: Sequence[Record]) -> bytes:
    """The whole report for a reader."""
    head = f"| {' | '.join(_HEADS)} |\n|{'---|' * len(_HEADS)}\n"
    rows, beside = _tables(run, records)
    text = f"# {_TITLE}\n\n`{run.command}`\n\n{_measured_with(run)}\n\n{head}{_piped(rows)}"
    text += f"\n## Beside the aims\n\n{head}{_piped(beside)}" if beside else ""
    text += f"\n{_READING}\n"
    if told := list(_failures(records)):
        text += f"\n{told[0]}:\n\n" + "".join(f"- {one}\n" for one in told[1:])
    return text.encode()


def as_csv(run: Run, records: Sequence[Record]) -> bytes:
    """For a spreadsheet: a row a figure, in the unit of its aim."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for line in lines(run, records):
        one, truth = line.figure, line.on_truth
        values = ["", "", ""] if one is None else [one.mean, one.low, one.high]
        reached = "" if line.reached is None else "yes" if line.reached else "no"
        seen = "" if truth is None else truth.mean
        writer.writerow([line.measure, line.what, line.aim, *values, reached, seen, line.cases, line.seeds, line.why])
    return text.getvalue().encode()


def as_html(run: Run, records: Sequence[Record], sheets: Sequence[bytes]) -> bytes:
    """For a reader who looks: bars a measure, beside those of rendered truth, the same tables, what was made.

    sheets: PNG.
    """
    heads = f"<tr>{''.join(f'<th>{escape(name)}</th>' for name in _HEADS)}</tr>"
    rows, beside = _tables(run, records)
    body = f"<p><code>{escape(run.command)}</code></p><p>{escape(_measured_with(run))}</p><p>{escape(_READING)}</p>"
    body += f'<div style="overflow-x:auto"><table>{heads}{_celled(rows)}</table></div>'
    body += "".join(_bars(lines(run, records)))
    if beside:
        body += f'<h2>Beside the aims</h2><div style="overflow-x:auto"><table>{heads}{_celled(beside)}</table></div>'
    if told := list(_failures(records)):
        body += f"<h2>Failed</h2><p>{told[0]}.</p><ul>{''.join(f'<li>{escape(one)}</li>' for one in told[1:])}</ul>"
    return page.whole(_TITLE, body + "".join(map(page.sheet, sheets)))


def _bars(found: Sequence[Line]) -> Iterator[str]:
    """Of each measure its percentages, those of rendered truth beside them."""
    for name in dict.fromkeys(line.measure for line in found):
        made: dict[str, Figure] = {}
        truth: dict[str, Figure] = {}
        title = f"{MEASURES[name].title}: "
        for line in found:
            if line.measure == name and line.share and line.figure:
                made[line.what.removeprefix(title)] = _part(line.figure)
                if line.on_truth:
                    truth[line.what.removeprefix(title)] = _part(line.on_truth)
        if bars := page.bars({"made": made, "rendered truth": truth} if truth else {"made": made}):
            yield f"<h2>{escape(MEASURES[name].title.capitalize())}</h2>{bars}"


def _part(figure: Figure) -> Figure:
    """Per cent as a share."""
    return Figure(figure.mean / 100, figure.low / 100, figure.high / 100, figure.cases)


def _tables(run: Run, records: Sequence[Record]) -> tuple[list[list[str]], list[list[str]]]:
    """The rows that have an aim, and those that explain them; a cell a head."""
    found = lines(run, records)
    rows = [_cells(line) for line in found if line.aim]
    rows += [[what, aim, "not measured here", "", "", "", command] for what, (aim, command) in ELSEWHERE.items()]
    return rows, [_cells(line) for line in found if not line.aim and line.figure]


def _cells(line: Line) -> list[str]:
    if line.figure is None:
        return [line.what, line.aim, f"not measured: {line.why}", "", "", "", line.command]
    reached = {None: "", True: "yes", False: "no"}[line.reached]
    return [line.what, line.aim, line.shown, reached, line.truth, f"{line.cases} × {line.seeds}", line.command]


def _piped(rows: Sequence[Sequence[str]]) -> str:
    """As Markdown: the command as code, what was missed in bold."""
    told = ([*row[:3], "**no**" if row[3] == "no" else row[3], *row[4:6], f"`{row[6]}`"] for row in rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in told)


def _celled(rows: Sequence[Sequence[str]]) -> str:
    """As HTML."""
    marked = ([*map(escape, row[:6]), f"<code>{escape(row[6])}</code>"] for row in rows)
    return "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in marked)


def _measured_with(run: Run) -> str:
    weights = ", ".join(f"{name} {digest[:12]}" for name, digest in run.weights.items())
    return f"{run.machine}. Weights: {weights}."


def _failures(records: Sequence[Record]) -> Iterator[str]:
    """How many cases failed, then the first of them."""
    failed = [record for record in records if record.failure]
    if failed:
        yield f"{len(failed)} cases failed and count nowhere; another run tries them again"
    for one in failed[:_FAILED]:
        yield f"{one.measure} {one.number}, seed {one.seed}: {one.failure}"
