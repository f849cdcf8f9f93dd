"""A benchmark's videos, asked about one after the other into a ledger; and the result files that come of it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from engine.errors import GreenlightError
from engine.evaluate.cases import Case, Frames
from engine.evaluate.ledger import Ledger, Record
from engine.evaluate.sheets import panel
from engine.evaluate.videoverse.asking import Showing, Witness, ask, figures, shown, written
from engine.evaluate.videoverse.benchmark import Item
from engine.evaluate.videoverse.dimensions import OTHER
from engine.evaluate.watching import watch

_LETTERS: Final = 116
"""Of the answers, that fit a line of a contact sheet."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What is asked, of which videos."""

    items: tuple[Item, ...]
    raw: Mapping[str, Any]
    """All that stands in the prompt file, by key."""
    folder: Path
    """Holds KEY.mp4 for every item."""

    def video(self, number: int, protocol: str) -> Path:
        """The video that is shown for an item; as a control that of another one, half of the benchmark away."""
        shift = max(1, len(self.items) // 2) if protocol == OTHER else 0
        return self.folder / f"{self.items[(number + shift) % len(self.items)].key}.mp4"


def run(
    ledger: Ledger, benchmark: Benchmark, witness: Witness, protocols: Sequence[str], shown_of: int = 8
) -> Iterator[Record]:
    """Ask what the ledger does not hold yet, and write it down; yields each record as it comes.

    A video that cannot be read, or a judge that fails, becomes a record that says why, and is tried again next time.
    shown_of: of how many videos a picture is kept, with what was answered in the first protocol.
    """
    for number, item in enumerate(benchmark.items):
        for protocol in protocols:
            if not ledger.has((protocol, number, 0)):
                record, showing = _asked(benchmark, number, protocol, witness)
                record = replace(record, name=item.key)
                pictured = showing is not None and number < shown_of and protocol == protocols[0]
                ledger.add(record, _panel(item, record, showing.frames) if pictured and showing else None)
                yield record


def answered(items: Sequence[Item], records: Sequence[Record], protocol: str) -> list[Item]:
    """The items as they were answered; those that were not yet are left out."""
    found = {record.number: record.notes for record in records if record.measure == protocol and not record.failure}
    return [_filled(items[number], notes) for number, notes in sorted(found.items())]


def result_file(benchmark: Benchmark, items: Sequence[Item]) -> bytes:
    """The official result file of answered items."""
    made = {item.key: written(item, benchmark.raw[item.key]) for item in items}
    return (json.dumps(made, ensure_ascii=False, indent=4) + "\n").encode()


def _asked(benchmark: Benchmark, number: int, protocol: str, witness: Witness) -> tuple[Record, Showing | None]:
    path = benchmark.video(number, protocol)
    try:
        showing = shown(*watch(path))
        item, said = ask(benchmark.items[number], showing, witness, protocol)
    except OSError as error:
        return Record(protocol, number, 0, failure=f"{path.name}: {error.strerror}"), None
    except GreenlightError as error:
        return Record(protocol, number, 0, failure=f"{path.name}: {error}"), None
    notes = {"order": item.order, "order said": item.order_said}
    notes |= {f"answer {place + 1}": check.answer for place, check in enumerate(item.checks)}
    return Record(protocol, number, 0, figures(item), notes={**notes, **said}), showing


def _panel(item: Item, record: Record, frames: Frames) -> bytes:
    """The video with its prompt, and what was answered."""
    answered = ", ".join(
        f"{check.question} {record.notes[f'answer {place + 1}']}" for place, check in enumerate(item.checks)
    )
    name = f"{record.row['score']:g} of {record.row['of']:g}; order {record.notes['order'] or 'none'}; {answered}"
    data = io.BytesIO()
    panel(Case({}, item.prompt, {name[:_LETTERS]: frames})).save(data, "PNG")
    return data.getvalue()


def _filled(item: Item, notes: Mapping[str, str]) -> Item:
    checks = tuple(replace(check, answer=notes[f"answer {place + 1}"]) for place, check in enumerate(item.checks))
    return replace(item, order=notes["order"], order_said=notes["order said"], checks=checks)
