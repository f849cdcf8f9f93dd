"""What was found in many videos: one row a figure and a row a video, as JSON, as CSV, and for the page.

A file's name may be no UTF-8, a judge may say half a character: both are written as `\\udce9`, which JSON reads back.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.evaluate.cases import Figure, summary
from engine.evaluate.comparing import Difference, differences
from engine.evaluate.ledger import Record
from engine.evaluate.metrics.table import METRICS
from engine.evaluate.viewing import FIRST, SECOND


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that a report says."""

    title: str
    command: str
    """As it was typed, without paths."""
    identity: Mapping[str, str]
    """What all rows have in common."""
    systems: Mapping[str, Mapping[str, Figure]]
    """Who made the videos -> figure -> its mean, interval and number."""
    between: Mapping[str, Difference]
    """Figure -> the second system's less the first's."""
    records: Sequence[Record]
    missing: Mapping[str, str] = field(default_factory=dict[str, str])
    """Metrics that were taken of no video -> why."""


def gather(title: str, command: str, identity: Mapping[str, str], records: Sequence[Record]) -> Findings:
    """Sum up what a ledger holds."""
    rows = {
        system: {record.name: record.row for record in records if record.measure == system and not record.failure}
        for system in (FIRST, SECOND)
    }
    systems = {system: summary(list(mine.values())) for system, mine in rows.items() if mine}
    taken = {name for figures in systems.values() for name in figures}
    missing = {
        name: why
        for record in records
        for name, why in record.notes.items()
        if name in METRICS and not any(one == name or one.startswith(f"{name},") for one in taken)
    }
    return Findings(title, command, identity, systems, differences(rows[FIRST], rows[SECOND]), records, missing)


def as_json(findings: Findings) -> bytes:
    """For a program."""
    whole: dict[str, Any] = {
        "title": findings.title,
        "command": findings.command,
        "identity": dict(findings.identity),
        "systems": {name: {key: asdict(one) for key, one in each.items()} for name, each in findings.systems.items()},
        "differences": {name: asdict(one) for name, one in findings.between.items()},
        "not_measured": dict(findings.missing),
        "videos": [asdict(record) for record in findings.records],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode(errors="backslashreplace")


def as_csv(findings: Findings) -> bytes:
    """For a spreadsheet: a row a video."""
    names = list(dict.fromkeys(name for record in findings.records for name in record.row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["video", "system", "failure", *names])
    for record in findings.records:
        values = [record.row.get(name, "") for name in names]
        writer.writerow([_plain(record.name), record.measure, _plain(record.failure), *values])
    return text.getvalue().encode(errors="backslashreplace")


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula: some look behind white space."""
    return f"'{text}" if text.strip()[:1] in ("=", "+", "-", "@") or text[:1] in ("\t", "\r") else text
