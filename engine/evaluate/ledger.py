"""The folder of one evaluation: what was measured, line by line as it came, so that a killed run loses nothing.

`run.json` says of which weights; `cases.jsonl` has a line a case; `panels/` the pictures for the contact sheets. A
second run on the same folder goes on; with other weights it is turned away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from engine.errors import SettingError, StorageError

_RUN: Final = "run.json"
_CASES: Final = "cases.jsonl"
_PANELS: Final = "panels"
_DIGITS: Final = 6
_LONGEST: Final = 80
"""Letters of a setting that a message quotes."""


@dataclass(frozen=True, slots=True)
class Record:
    """What came of one case with one seed."""

    measure: str
    """A key of engine.evaluate.aims.MEASURES; of videos that were brought, the system that made them."""
    number: int
    """Which case."""
    seed: int
    row: Mapping[str, float] = field(default_factory=dict[str, float])
    """Figure -> value."""
    truth: Mapping[str, float] = field(default_factory=dict[str, float])
    """The same of rendered truth; with a case's first seed only."""
    failure: str = ""
    """Why there is no row; it is tried again by the next run."""
    name: str = ""
    """What it is about, where a number does not say: the name of a video."""
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    """In words: a figure that could not be taken -> why; a question -> what was answered."""

    @property
    def key(self) -> tuple[str, int, int]:
        """Which case with which seed of which measure."""
        return self.measure, self.number, self.seed


class Ledger:
    """Reads what a folder holds and adds to it. One process at a time."""

    def __init__(self, folder: Path, identity: Mapping[str, str]) -> None:
        """Open the folder, or make it. identity: what all of its cases have in common, by name.

        Raises SettingError for a folder that holds another run or other files, StorageError for one that cannot be
        written.
        """
        self._folder = folder
        self._records: dict[tuple[str, int, int], Record] = {}
        try:
            (folder / _PANELS).mkdir(parents=True, exist_ok=True)
            self._claim(dict(identity))
            self._read()
        except OSError as error:
            raise _unwritable(folder, error) from error

    @property
    def records(self) -> list[Record]:
        """All that was measured, in the order of measure, case and seed."""
        return [self._records[key] for key in sorted(self._records)]

    def has(self, key: tuple[str, int, int]) -> bool:
        """Whether this was measured, and did not fail."""
        return key in self._records and not self._records[key].failure

    def add(self, record: Record, panel: bytes | None) -> None:
        """Write one down, with its picture if it has one. Raises StorageError."""
        record = replace(record, row=_rounded(record.row), truth=_rounded(record.truth))
        self._records[record.key] = record
        try:
            if panel is not None:
                (self._folder / _PANELS / f"{record.measure}-{record.number:03}.png").write_bytes(panel)
            with (self._folder / _CASES).open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(asdict(record)) + "\n")
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    def panels(self, measure: str) -> list[bytes]:
        """The pictures of a measure's first cases, in their order."""
        return [path.read_bytes() for path in sorted((self._folder / _PANELS).glob(f"{measure}-[0-9]*.png"))]

    def write(self, name: str, data: bytes) -> None:
        """A file of the report, whole or not at all. Raises StorageError."""
        draft = self._folder / f"{name}.part"
        try:
            draft.write_bytes(data)
            draft.replace(self._folder / name)
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    def _claim(self, identity: dict[str, str]) -> None:
        path = self._folder / _RUN
        if not path.exists():
            path.write_text(json.dumps(identity, indent=1) + "\n")
            return
        found = json.loads(path.read_text())
        other = [
            f"{name}: {_told(found.get(name))}, now {_told(identity[name])}"
            for name in identity
            if found.get(name) != identity[name]
        ]
        if other:
            what = "The folder holds what was measured otherwise"
            raise SettingError(what, "Name a new folder with --output.", value="; ".join(other))

    def _read(self) -> None:
        """What was measured before. A line that a kill has torn is cut off."""
        path = self._folder / _CASES
        lines = path.read_bytes() if path.exists() else b""
        whole = lines[: lines.rfind(b"\n") + 1]
        if whole != lines:
            path.write_bytes(whole)
        for line in whole.splitlines():
            record = Record(**json.loads(line))
            self._records[record.key] = record


def _told(value: str | None) -> str:
    """A setting in a message: of a digest only as much as tells it apart."""
    return "nothing" if value is None else value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def _rounded(row: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, _DIGITS) for name, value in row.items()}


def _unwritable(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        "The report cannot be written", "Name a folder that you may write to.", value=f"{folder}: {error.strerror}"
    )
