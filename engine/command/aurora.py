"""`evaluate aurora`: edited pictures of AURORA-Bench judged by a vision-language model, beside probes of it."""

from __future__ import annotations

import argparse
import hashlib
import time
from typing import Final, TextIO

from engine.command import videoverse
from engine.errors import SettingError
from engine.evaluate import aurora
from engine.evaluate.aurora import Bench
from engine.evaluate.cases import summary
from engine.evaluate.findings import Findings, as_csv, as_json
from engine.evaluate.ledger import Ledger, place
from engine.evaluate.page import as_html
from engine.evaluate.videoverse.asking import Witness

_EVERY: Final = 15.0
"""Seconds between two reports."""


def show(chosen: argparse.Namespace, progress: TextIO, witness: Witness | None = None) -> str:
    """Ask about what the folder does not hold yet; returns the path of the report.

    Raises BenchmarkError, SettingError for a judge that is not named or a folder of another run, StorageError.
    """
    if chosen.limit is not None and chosen.limit < 1:
        raise SettingError("--limit has to be 1 or more", "Name another number.", value=str(chosen.limit))
    bench = Bench(_first(aurora.read(chosen.folder), chosen.limit), chosen.made)
    witness = witness or _witness(chosen)
    identity = {
        "what": "aurora",
        "judge": witness.name,
        "file": hashlib.sha256((chosen.folder / "test.json").read_bytes()).hexdigest()[:16],
        "edits": ", ".join(f"{task} {count}" for task, count in aurora.counts(bench.entries).items()),
        "made": place([chosen.made], chosen.output) if chosen.made else "none",
    }
    ledger = Ledger(chosen.output, identity)
    todo = [key for key in bench.wanted() if not ledger.has(key)]
    progress.write(f"{len(todo)} pairs of pictures to ask about\n")
    told = time.monotonic()
    for key in todo:
        record = bench.held(witness, key)
        ledger.add(record, None)
        if record.failure:
            progress.write(f"{record.measure}, {record.name}: {record.failure}\n")
        if time.monotonic() - told > _EVERY:
            told = time.monotonic()
            _publish(ledger, identity)
    _publish(ledger, identity)
    return str(chosen.output / "report.html")


def _first(entries: tuple[aurora.Entry, ...], limit: int | None) -> tuple[aurora.Entry, ...]:
    """Of each subset the first so many."""
    kept = [[entry for entry in entries if entry.task == task][:limit] for task in aurora.SUBSETS]
    return tuple(entry for some in kept for entry in some)


def _witness(chosen: argparse.Namespace) -> Witness:
    if not (chosen.local or (chosen.server and chosen.model)):
        remedy = "Name one with --server and --model, or with --local."
        raise SettingError("Nobody is named who could look at the pictures", remedy)
    return videoverse.witness(chosen)


def _publish(ledger: Ledger, identity: dict[str, str]) -> None:
    """report.json, report.csv and report.html. Raises StorageError."""
    records = ledger.records
    systems = {
        system: summary(rows)
        for system in aurora.SYSTEMS
        if (rows := [one.row for one in records if one.measure == system and not one.failure])
    }
    findings = Findings("AURORA-Bench", "python -m engine evaluate aurora", identity, systems, {}, records)
    ledger.write("report.json", as_json(findings))
    ledger.write("report.csv", as_csv(findings))
    ledger.write("report.html", as_html(findings, []))
