"""`evaluate pocket`: every measure with the real agents, into a folder that fills as results come in.

A run that is stopped keeps what it has, and the same command goes on from there.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TextIO

from engine.command.equipment import Equipment, best_device, named
from engine.errors import SettingError
from engine.evaluate import ablation
from engine.evaluate.aims import MEASURES
from engine.evaluate.ledger import Ledger
from engine.evaluate.printed import as_csv, as_html, as_markdown
from engine.evaluate.report import Run, as_json, captions
from engine.evaluate.shards import Making, errands, run

SHOWN: Final = 8
"""Cases of each measure on its contact sheet."""
_EVERY: Final = 15.0
"""Seconds between two reports."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is to be measured, with what, and where to."""

    run: Run
    seeds: int
    processes: int


def evaluate(chosen: argparse.Namespace, progress: TextIO) -> str:
    """Measure what the command line asks for; returns the path of the report.

    Raises SettingError for numbers that cannot be or a folder of another run, WeightsMissingError, StorageError.
    """
    for name in ("cases", "seeds", "processes"):
        if (value := getattr(chosen, name)) is not None and value < 1:
            raise SettingError(f"--{name} has to be 1 or more", "Name another number.", value=str(value))
    device = chosen.device or best_device()
    cores = os.cpu_count() or 1
    processes = chosen.processes or cores
    equipment = Equipment(chosen.weights, chosen.judge, chosen.detector, device, max(1, cores // processes))
    equipment.check()
    evaluation = Evaluation(_run(chosen, equipment), chosen.seeds, processes)
    ledger = Ledger(chosen.output, {**equipment.identity, "device": device})
    measure(evaluation, equipment, ledger, progress)
    return str(chosen.output / "report.md")


def ablate(chosen: argparse.Namespace, progress: TextIO) -> str:
    """`evaluate ablation`: WorldGPT without its parts; returns the path of the table. Raises as `evaluate`."""
    chosen.measure = ["worldgpt"]
    evaluate(chosen, progress)
    equipment = Equipment(chosen.weights, chosen.judge, chosen.detector, chosen.device or best_device(), 1)
    ledger = Ledger(chosen.output, {**equipment.identity, "device": equipment.device})
    sizes = "".join(f" --{name} {getattr(chosen, name)}" for name in ("cases", "seeds") if getattr(chosen, name))
    command, records = f"python -m engine evaluate ablation{sizes} --output DIR", ledger.records
    ledger.write("ablation.json", ablation.as_json(command, equipment.identity, records))
    ledger.write("ablation.csv", ablation.as_csv(records))
    ledger.write("ablation.md", ablation.as_markdown(command, records))
    sheet = chosen.output / "sheet-worldgpt.png"
    sheets = [sheet.read_bytes()] if sheet.exists() else []
    ledger.write("ablation.html", ablation.as_html(command, records, sheets))
    return str(chosen.output / "ablation.md")


def _run(chosen: argparse.Namespace, equipment: Equipment) -> Run:
    """What the report says of this run."""
    why = equipment.why
    asked = {name: row for name, row in MEASURES.items() if not chosen.measure or name in chosen.measure}
    able = {name: chosen.cases or row.cases for name, row in asked.items() if not set(row.needs) & set(why)}
    sizes = "".join(f" --{name} {getattr(chosen, name)}" for name in ("cases", "seeds") if getattr(chosen, name))
    again = f"python -m engine evaluate pocket --measure {{}}{sizes} --output DIR"
    typed = again if chosen.measure else again.replace(" --measure {}", "")
    command = typed.format(" ".join(chosen.measure or ()))
    return Run(command, again, named(equipment.device), equipment.identity, able, why)


def measure(evaluation: Evaluation, make: Making, ledger: Ledger, progress: TextIO) -> None:
    """Do what the folder does not hold yet, and keep its report and contact sheets up to date."""
    wanted = errands(evaluation.run.planned, evaluation.seeds, SHOWN)
    todo = [errand for errand in wanted if not ledger.has(errand.key)]
    for name, reason in _left_out(evaluation.run).items():
        progress.write(f"Not measured: {name}: {reason}\n")
    progress.write(f"{len(todo)} of {len(wanted)} cases to measure, in {evaluation.processes} processes\n")
    began = told = time.monotonic()
    for number, outcome in enumerate(run(todo, make, evaluation.processes), 1):
        ledger.add(outcome.record, outcome.panel)
        if outcome.record.failure:
            progress.write(f"{outcome.record.measure} {outcome.record.number}: {outcome.record.failure}\n")
        if time.monotonic() - told > _EVERY:
            told = time.monotonic()
            publish(evaluation.run, ledger)
            left = (told - began) / number * (len(todo) - number)
            progress.write(f"{number} of {len(todo)} cases, about {left / 60:.1f} minutes left\n")
            progress.flush()
    publish(evaluation.run, ledger, sheets=True)


def publish(run: Run, ledger: Ledger, sheets: bool = False) -> None:
    """Write the report of what there is; and the contact sheets. Raises StorageError."""
    records = ledger.records
    ledger.write("report.json", as_json(run, records))
    ledger.write("report.csv", as_csv(run, records))
    ledger.write("report.md", as_markdown(run, records))
    ledger.write("report.html", as_html(run, records, contact_sheets(ledger) if sheets else ()))


def contact_sheets(ledger: Ledger) -> list[bytes]:
    """One picture a recipe, `sheet-NAME.png`, of the first cases of its measures; the same pictures, PNG."""
    import io

    from PIL import Image

    from engine.evaluate.sheets import png, sheet

    drawn = []
    for recipe, names in captions():
        groups = [[Image.open(io.BytesIO(data)) for data in ledger.panels(name)] for name in names]
        if any(groups):
            drawn.append(png(sheet(groups)))
            ledger.write(f"sheet-{recipe}.png", drawn[-1])
    return drawn


def _left_out(run: Run) -> Mapping[str, str]:
    """Measures that cannot be taken here -> why."""
    missing = {name: [run.why[need] for need in row.needs if need in run.why] for name, row in MEASURES.items()}
    return {name: "; ".join(dict.fromkeys(reasons)) for name, reasons in missing.items() if reasons}
