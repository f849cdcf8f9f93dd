"""Videos measured one after the other: what belongs to each, what was found, and a row for one that cannot be read.

Only one video is held in memory at a time.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from engine.errors import GreenlightError
from engine.evaluate import sheets
from engine.evaluate.cases import Case, Frames
from engine.evaluate.ledger import Ledger, Record
from engine.evaluate.metrics.features import Footage
from engine.evaluate.metrics.recall import remembering
from engine.evaluate.metrics.table import Kit, measure
from engine.evaluate.watching import watch
from engine.media.images import open_image

FIRST, SECOND = "first", "second"
"""Whose videos they are, where two systems are held against each other."""
SUFFIXES: Final = (".mp4", ".webm", ".mov", ".mkv", ".avi", ".m4v")


@dataclass(frozen=True, slots=True)
class Viewing:
    """One video that is to be measured."""

    name: str
    """What it is called in the report; two systems' videos of one name are a pair."""
    path: Path
    number: int
    """Its place among the names."""
    metrics: tuple[str, ...]
    """Names in engine.evaluate.metrics.table."""
    system: str = FIRST
    prompt: str = ""
    style: str = ""
    image: Path | None = None
    reference: Path | None = None
    second: Path | None = None

    @property
    def key(self) -> tuple[str, int, int]:
        """As engine.evaluate.ledger.Record.key."""
        return self.system, self.number, 0


def look(ledger: Ledger, viewings: Sequence[Viewing], kit: Kit, shown: int) -> Iterator[Record]:
    """Measure what the ledger does not hold yet, and write it down; yields each record as it comes.

    shown: of how many videos of each system a picture is kept. A video that cannot be read becomes a record that says
    why, and keeps no other from being measured.
    """
    for viewing in viewings:
        if ledger.has(viewing.key):
            continue
        record, panel = _seen(viewing, kit, viewing.number < shown)
        ledger.add(record, panel)
        yield record


def videos(folder: Path) -> list[Path]:
    """The videos in a folder and below it, or the one that was named, in a fixed order; a link that leads nowhere, too,
    so that its row says so."""
    if not folder.is_dir():
        return [folder]
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and not path.is_dir())


def _seen(viewing: Viewing, kit: Kit, shown: bool) -> tuple[Record, bytes | None]:
    empty = Record(viewing.system, viewing.number, 0, name=viewing.name)
    try:
        footage = _footage(viewing)
        row, why = measure(footage, remembering(kit), viewing.metrics)
    except GreenlightError as error:
        return _failed(empty, str(error)), None
    except OSError as error:
        return _failed(empty, f"The file cannot be read: {error.strerror}"), None
    record = Record(viewing.system, viewing.number, 0, row, name=viewing.name, notes=why)
    return record, _panel(viewing, footage) if shown else None


def _failed(empty: Record, why: str) -> Record:
    return Record(empty.measure, empty.number, 0, name=empty.name, failure=why)


def _footage(viewing: Viewing) -> Footage:
    frames, fps = watch(viewing.path)
    reference, second = (_frames(path) for path in (viewing.reference, viewing.second))
    image = viewing.image
    picture = None if image is None else np.asarray(open_image(image.read_bytes()).convert("RGB"))
    return Footage(frames, fps, viewing.prompt, viewing.style, picture, reference, second)


def _frames(path: Path | None) -> Frames | None:
    return None if path is None else watch(path)[0]


def _panel(viewing: Viewing, footage: Footage) -> bytes:
    data = io.BytesIO()
    asked = f"{viewing.name}: {viewing.prompt}" if viewing.prompt else viewing.name
    sheets.panel(Case({}, asked, {viewing.system: footage.frames})).save(data, "PNG")
    return data.getvalue()
