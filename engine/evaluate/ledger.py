"""The folder of one evaluation: what was measured, line by line as it came, so that a killed run loses nothing.

`run.json` says of which weights; `cases.jsonl` has a line a case; `panels/` the pictures for the contact sheets. A
second run on the same folder goes on; with other weights it is turned away. A disk that is full leaves no half of any.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from engine.disk import SHARED, Disk, Sink, write_file
from engine.errors import DiskFullError, SettingError, StorageError

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

    def __init__(self, folder: Path, identity: Mapping[str, str], disk: Disk | None = None) -> None:
        """Open the folder, or make it. identity: what all of its cases have in common, by name.

        Raises SettingError for a folder that holds another run or other files, StorageError for one that cannot be
        written, or in which a case is damaged.
        """
        self._folder = folder
        self._disk = disk or Disk()
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
        try:
            if panel is not None:
                path = self._folder / _PANELS / f"{record.measure}-{record.number:03}.png"
                write_file(self._disk, path, panel, SHARED)
            self._append(json.dumps(asdict(record)).encode() + b"\n")
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        self._records[record.key] = record

    def panels(self, measure: str) -> list[bytes]:
        """The pictures of a measure's first cases, in their order."""
        return [path.read_bytes() for path in sorted((self._folder / _PANELS).glob(f"{measure}-[0-9]*.png"))]

    def write(self, name: str, data: bytes) -> None:
        """A file of the report, whole or not at all. Raises StorageError."""
        try:
            write_file(self._disk, self._folder / name, data, SHARED)
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    def _append(self, line: bytes) -> None:
        """One more case, whole or not at all."""
        descriptor = os.open(self._folder / _CASES, os.O_WRONLY | os.O_APPEND | os.O_CREAT, SHARED)
        try:
            size = os.fstat(descriptor).st_size
            try:
                Sink(self._disk, descriptor).write(line)
            except OSError:
                self._disk.truncate(descriptor, size)
                raise
        finally:
            os.close(descriptor)

    def _claim(self, identity: dict[str, str]) -> None:
        path = self._folder / _RUN
        if not path.exists():
            write_file(self._disk, path, json.dumps(identity, indent=1).encode() + b"\n", SHARED)
            return
        found = _object(path.read_bytes())
        if found is None:
            what = f"The folder's {_RUN} is damaged, or another program's"
            raise SettingError(what, "Name a new folder with --output.", value=str(path))
        other = [
            f"{name}: {_told(found.get(name))}, now {_told(identity.get(name))}"
            for name in dict.fromkeys((*identity, *found))
            if found.get(name) != identity.get(name)
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
            os.truncate(path, len(whole))
        for number, line in enumerate(whole.split(b"\n")[:-1], 1):
            record = _record(line)
            if record is None:
                what = f"Line {number} of what was measured is damaged"
                remedy = "Remove that line: its case is measured again. Or name a new folder with --output."
                raise StorageError(what, remedy, value=str(path))
            self._records[record.key] = record


def place(paths: Sequence[Path], output: Path) -> str:
    """Which files or folders are meant, for an identity: a digest of the ways to them from the report's folder, so that
    all can be moved together; and the first ones' names, for a reader."""
    ways = [os.path.relpath(path.resolve(), output.resolve()) for path in paths]
    names = ", ".join(path.resolve().name for path in paths[:3])
    return f"{hashlib.sha256(os.fsencode(chr(0).join(ways))).hexdigest()[:8]}, {names}"


def _object(data: bytes) -> dict[str, Any] | None:
    """An object of JSON; None for anything else."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _record(line: bytes) -> Record | None:
    """What a line says; None where it is no record."""
    try:
        record = Record(**(_object(line) or {}))
        figures = [*record.row.values(), *record.truth.values()]
    except (TypeError, AttributeError):
        return None
    kinds = (record.measure, str), (record.number, int), (record.seed, int), (record.failure, str), (record.name, str)
    whole = all(isinstance(value, kind) for value, kind in kinds) and isinstance(record.notes, dict)
    return record if whole and all(isinstance(value, int | float) for value in figures) else None


def _told(value: Any) -> str:
    """A setting in a message: of a digest only as much as tells it apart."""
    told = "nothing" if value is None else str(value)
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…"


def _rounded(row: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, _DIGITS) for name, value in row.items()}


def _unwritable(folder: Path, error: OSError) -> StorageError:
    value = f"{folder}: {error.strerror}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        remedy = "Free some space and run it again: it goes on with the case at which it stopped."
        return DiskFullError("The disk is full", remedy, value=value)
    return StorageError("The report cannot be written", "Name a folder that you may write to.", value=value)
