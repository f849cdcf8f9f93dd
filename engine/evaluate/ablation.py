"""WorldGPT with one of its parts left out at a time: what each part adds, with intervals, and a plain reading of it.

From the records of the measure `worldgpt` (engine.evaluate.worldgpt): of every way temporal consistency, motion right,
end state right; and the difference to the whole recipe on the very same pictures, prompts and seeds, its mean with the
95 % bootstrap interval over cases, a case's seeds together (Efron, 1979). By hand: all on 1, 1, 0, without 1, 0, 0:
differences 0, -1, 0, mean -0.33; three cases, so nothing is shown by it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, Final

from engine.evaluate import page
from engine.evaluate.cases import Figure, summary
from engine.evaluate.comparing import LEAST_PAIRS, NOTHING_SHOWN
from engine.evaluate.ledger import Record

WHOLE: Final = "all on"
_TITLE: Final = "WorldGPT without its parts"
MEASURED: Final[Mapping[str, str]] = {
    "consistency": "temporal consistency, pocket judge's features",
    "motion": "motion right",
    "end": "end state right",
}
"""Figure of a record -> what a reader calls it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of one way."""

    way: str
    """`all on`, or what was left out: `no mask`."""
    what: str
    """A value of MEASURED."""
    figure: Figure
    difference: Figure | None
    """To the whole recipe, case by case; None for the whole recipe itself."""
    says: str
    """`higher`, `lower`, or that no difference is shown; "" for the whole recipe."""


def lines(records: Sequence[Record]) -> list[Line]:
    """Every way's figures, the whole recipe first."""
    rows = [record for record in records if record.row]
    names = dict.fromkeys(name for record in rows for name in record.row)
    return [
        _line(rows, prefix, name.removeprefix(f"{prefix}: "))
        for prefix in MEASURED
        for name in names
        if name.startswith(f"{prefix}: ") and not name.endswith(": gain")
    ]


def as_json(command: str, weights: Mapping[str, str], records: Sequence[Record]) -> bytes:
    """For a program."""
    found = lines(records)
    whole: dict[str, Any] = {
        "command": command,
        "weights": dict(weights),
        "rows": [asdict(line) for line in found],
        "reading": list(reading(found)),
        "failed": [asdict(record) for record in records if record.failure],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(records: Sequence[Record]) -> bytes:
    """For a spreadsheet: a row a figure of a way."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["figure", "way", "n", "mean", "low", "high", "difference", "low", "high", "says"])
    for line in lines(records):
        one, other = line.figure, line.difference
        apart = ["", "", ""] if other is None else [other.mean, other.low, other.high]
        writer.writerow([line.what, line.way, one.cases, one.mean, one.low, one.high, *apart, line.says])
    return text.getvalue().encode()


def as_markdown(command: str, records: Sequence[Record]) -> bytes:
    """For a reader: the table, then what it says and what it does not."""
    found = lines(records)
    text = f"# {_TITLE}\n\n`{command}`\n\n"
    text += "| figure | way | n | mean (95 % interval) | against all on | which says |\n|---|---|---|---|---|---|\n"
    for line in found:
        text += f"| {' | '.join(_cells(line))} |\n"
    text += "\n" + "\n".join(f"- {said}" for said in reading(found)) + "\n"
    failed = sum(bool(record.failure) for record in records)
    return (text + (f"\n{failed} cases failed and count nowhere.\n" if failed else "")).encode()


def as_html(command: str, records: Sequence[Record], sheets: Sequence[bytes]) -> bytes:
    """For a reader who looks: radar, bars, the same table, what it says, what was made. sheets: PNG."""
    found = lines(records)
    systems: dict[str, dict[str, Figure]] = {}
    for line in found:
        systems.setdefault(line.way, {})[line.what] = line.figure
    heads = "".join(f"<th>{name}</th>" for name in ("figure", "way", "n", "mean (95 % interval)", "against all on", ""))
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _cells(line))}</tr>" for line in found)
    said = "".join(f"<li>{escape(one)}</li>" for one in reading(found))
    failed = sum(bool(record.failure) for record in records)
    body = f"<p><code>{escape(command)}</code></p>{page.drawn(systems)}<table><tr>{heads}</tr>{rows}</table>"
    body += f"<h2>What it says</h2><ul>{said}</ul>"
    body += f"<p>{failed} cases failed and count nowhere.</p>" if failed else ""
    return page.whole(_TITLE, body + "".join(map(page.sheet, sheets)))


def reading(found: Sequence[Line]) -> Iterator[str]:
    """What each part is shown to add: a sentence a way; only what an interval shows is claimed."""
    for way in dict.fromkeys(line.way for line in found if line.way != WHOLE):
        mine = [line for line in found if line.way == way]
        shown = [f"{line.what} {line.says}" for line in mine if line.says in ("higher", "lower")]
        if shown:
            yield f"With {way}: {', '.join(shown)} than with all on."
        else:
            yield f"With {way}: {NOTHING_SHOWN} in {', '.join(line.what for line in mine)}."


def _line(rows: Sequence[Record], prefix: str, way: str) -> Line:
    name, whole = f"{prefix}: {way}", f"{prefix}: {WHOLE}"
    mine = [record for record in rows if name in record.row]
    figure = summary([{name: record.row[name]} for record in mine], [one.number for one in mine])[name]
    both = [record for record in mine if whole in record.row]
    if way == WHOLE or not both:
        return Line(way, MEASURED[prefix], figure, None, "")
    apart = [{name: record.row[name] - record.row[whole]} for record in both]
    difference = summary(apart, [one.number for one in both])[name]
    return Line(way, MEASURED[prefix], figure, difference, _says(difference, len({one.number for one in both})))


def _cells(line: Line) -> Sequence[str]:
    """A line of the table."""
    apart = "" if line.difference is None else _told(line.difference)
    return line.what, line.way, str(line.figure.cases), _told(line.figure), apart, line.says


def _says(difference: Figure, cases: int) -> str:
    if cases < LEAST_PAIRS:
        return f"{NOTHING_SHOWN}: {cases} cases are too few"
    if difference.low > 0:
        return "higher"
    return "lower" if difference.high < 0 else NOTHING_SHOWN


def _told(figure: Figure) -> str:
    return f"{figure.mean:.4g} ({figure.low:.4g} to {figure.high:.4g})"
