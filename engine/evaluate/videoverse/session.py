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
    """Holds KEY.mp4 for every item, made with seed 0; those of other seeds lie in `seed-N` below it."""
    seeds: int = 1

    def video(self, number: int, protocol: str, seed: int = 0) -> Path:
        """The video that is shown for an item; as a control that of another one, half of the benchmark away."""
        shift = max(1, len(self.items) // 2) if protocol == OTHER else 0
        return video_path(self.folder, self.items[(number + shift) % len(self.items)].key, seed)

    def wanted(self, protocols: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """Protocol, number and seed of every interview, in the order in which they are held."""
        for seed in range(self.seeds):
            for number in range(len(self.items)):
                yield from ((protocol, number, seed) for protocol in protocols)


def run(
    ledger: Ledger, benchmark: Benchmark, witness: Witness, protocols: Sequence[str], shown_of: int = 8
) -> Iterator[Record]:
    """Ask what the ledger does not hold yet, and write it down; yields each record as it comes.

    A video that cannot be read, or a judge that fails, becomes a record that says why, and is tried again next time.
    shown_of: of how many videos a picture is kept, with what was answered in the first protocol.
    """
    for key in benchmark.wanted(protocols):
        if not ledger.has(key):
            yield hold(ledger, benchmark, witness, key, pictured=key[1] < shown_of and key[0] == protocols[0])


def hold(
    ledger: Ledger, benchmark: Benchmark, witness: Witness, key: tuple[str, int, int], *, pictured: bool
) -> Record:
    """Hold one interview, by its protocol, number and seed, and write it down."""
    number, seed = key[1:]
    item = benchmark.items[number]
    record, showing = _asked(benchmark, key, witness)
    record = replace(record, name=item.key)
    kept = showing is not None and pictured and not seed
    ledger.add(record, _panel(item, record, showing.frames) if kept and showing else None)
    return record


def answered(items: Sequence[Item], records: Sequence[Record], protocol: str, seed: int | None = None) -> list[Item]:
    """The items as they were answered, of one seed or of all; those that were not yet are left out."""
    mine = [one for one in records if one.measure == protocol and not one.failure and seed in (None, one.seed)]
    return [_filled(items[one.number], one.notes) for one in sorted(mine, key=lambda one: (one.seed, one.number))]


def result_file(benchmark: Benchmark, items: Sequence[Item]) -> bytes:
    """The official result file of answered items."""
    made = {item.key: written(item, benchmark.raw[item.key]) for item in items}
    return (json.dumps(made, ensure_ascii=False, indent=4) + "\n").encode(errors="backslashreplace")


def video_path(folder: Path, key: str, seed: int) -> Path:
    """Where the video of a prompt lies that was made with a seed."""
    return (folder / f"seed-{seed}" if seed else folder) / f"{key}.mp4"


def _asked(benchmark: Benchmark, key: tuple[str, int, int], witness: Witness) -> tuple[Record, Showing | None]:
    protocol, number, seed = key
    path = benchmark.video(number, protocol, seed)
    try:
        showing = shown(*watch(path))
        item, said = ask(benchmark.items[number], showing, witness, protocol)
    except OSError as error:
        return Record(protocol, number, seed, failure=f"{path.name}: {error.strerror}"), None
    except GreenlightError as error:
        return Record(protocol, number, seed, failure=f"{path.name}: {error}"), None
    notes = {"order": item.order, "order said": item.order_said}
    for place, check in enumerate(item.checks, 1):
        notes[f"answer {place}"] = check.answer
        if check.sure is not None:
            notes[f"sure {place}"] = str(check.sure)
    return Record(protocol, number, seed, figures(item), notes={**notes, **said}), showing


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
    checks = tuple(
        replace(check, answer=notes[f"answer {place}"], sure=_number(notes.get(f"sure {place}")))
        for place, check in enumerate(item.checks, 1)
    )
    return replace(item, order=notes["order"], order_said=notes["order said"], checks=checks)


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
