"""`evaluate files`, `project`, `vbench`, `aigcbench`: videos measured into a folder that fills as they are.

A run that is stopped keeps what it has, and the same command goes on from there; with other settings it is refused.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from engine.evaluate.extractors.table import equip
from engine.evaluate.findings import as_csv, as_json, gather
from engine.evaluate.ledger import Ledger, place
from engine.evaluate.metrics.table import Kit
from engine.evaluate.page import as_html
from engine.evaluate.viewing import FIRST, SECOND, Viewing, look

TITLES: Final = {
    "files": "Videos measured",
    "project": "A project measured",
    "vbench": "VBench",
    "aigcbench": "AIGCBench",
}
_SHOWN: Final = 8
"""Videos of each system on the contact sheet."""
_EVERY: Final = 15.0
"""Seconds between two reports."""
_ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Showing:
    """What is to be measured, and with what."""

    what: str
    """A key of TITLES."""
    viewings: Sequence[Viewing]
    kit: Kit
    identity: dict[str, str]


def show(chosen: argparse.Namespace, viewings: Sequence[Viewing], progress: TextIO) -> str:
    """Measure these videos; returns the path of the report.

    Raises SettingError for a folder of another run, WeightsMissingError, WeightsAlteredError, StorageError.
    """
    equipped = equip(chosen.features == "best", _ROOT)
    identity = {
        "what": chosen.what,
        "videos": _digest([viewing.name + viewing.system for viewing in viewings]),
        "metrics": ", ".join(dict.fromkeys(name for viewing in viewings for name in viewing.metrics)),
        **_given(chosen),
        **{f"features: {part}": name for part, name in equipped.kit.names().items()},
        **{f"weights: {name}": digest for name, digest in equipped.weights.items()},
    }
    run(Showing(chosen.what, viewings, equipped.kit, identity), Ledger(chosen.output, identity), progress)
    return str(chosen.output / "report.html")


def run(showing: Showing, ledger: Ledger, progress: TextIO) -> None:
    """Do what the folder does not hold yet, and keep its report up to date."""
    todo = sum(not ledger.has(viewing.key) for viewing in showing.viewings)
    progress.write(f"{todo} of {len(showing.viewings)} videos to measure\n")
    began = told = time.monotonic()
    for number, record in enumerate(look(ledger, showing.viewings, showing.kit, _SHOWN), 1):
        if record.failure:
            progress.write(f"{record.name}: {record.failure}\n")
        if time.monotonic() - told > _EVERY:
            told = time.monotonic()
            publish(showing, ledger)
            left = (told - began) / number * (todo - number)
            progress.write(f"{number} of {todo} videos, about {left / 60:.1f} minutes left\n")
            progress.flush()
    publish(showing, ledger)


def publish(showing: Showing, ledger: Ledger) -> None:
    """Write the report of what there is: report.json, report.csv, report.html. Raises StorageError."""
    command = f"python -m engine evaluate {showing.what}"
    findings = gather(TITLES[showing.what], command, showing.identity, ledger.records)
    ledger.write("report.json", as_json(findings))
    ledger.write("report.csv", as_csv(findings))
    ledger.write("report.html", as_html(findings, _sheets(ledger)))


def _sheets(ledger: Ledger) -> list[bytes]:
    """One picture of the first videos of each system."""
    from PIL import Image

    from engine.evaluate.sheets import png, sheet

    groups = [[Image.open(io.BytesIO(data)) for data in ledger.panels(system)] for system in (FIRST, SECOND)]
    return [png(sheet([group for group in groups if group]))] if any(groups) else []


def _given(chosen: argparse.Namespace) -> dict[str, str]:
    """What the command line names: other videos of the same names are others, and so are other prompts for them."""
    told = {"project": chosen.project} if chosen.what == "project" else {}
    for name in ("videos", "against", "images", "references", "seconds"):
        named = getattr(chosen, name, None)
        if named:
            told[f"{name} from"] = place(named if isinstance(named, list) else [named], chosen.output)
    prompts = getattr(chosen, "prompts", None)
    return {**told, **({"prompts": hashlib.sha256(prompts.read_bytes()).hexdigest()[:16]} if prompts else {})}


def _digest(names: Sequence[str]) -> str:
    """How many, and a digest of which."""
    digest = hashlib.sha256("\n".join(names).encode(errors="backslashreplace")).hexdigest()
    return f"{len(names)}, {digest[:16]}"
