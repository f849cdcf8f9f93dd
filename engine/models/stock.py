"""Which models there are, and how much of each is on this machine. Asks nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import OutOfMemoryError, SettingError
from engine.models import profiles
from engine.models.hub.kept import Kept, Stock
from engine.models.memory.estimate import GIB, Room, choose, estimate
from engine.models.sources import Source, sources_of
from engine.seen import State
from engine.types import ModelProfile

OUTSIDE = "-"
"""What the table says of a repository that no row names."""
_SHIPPED = "pocket"
"""The driver of the models that ship."""


@dataclass(frozen=True, slots=True)
class Line:
    """One model in the list."""

    name: str
    """As `fetch`, `check` and `remove` take it."""
    here: State
    """Whether it is on this machine."""
    size_bytes: int
    """What it takes up on this disk."""
    licence: str
    """SPDX identifier, or the name that its makers gave it."""
    jobs: tuple[str, ...]
    """The agents that it can serve."""
    folder: str
    """Where it lies, when it comes from no hub; else empty."""
    held: tuple[Stock, ...] = ()
    """What of its repositories is here."""
    whole_bytes: int = 0
    """About what it takes up once it is whole; 0: not known."""
    memory: str = ""
    """What it needs on a GPU, whole and at the least, and how this machine's would hold it."""


def lines(kept: Kept, root: Path, gpu_gib: float | None = None) -> Iterator[Line]:
    """Every row of the table, then what was fetched beside it. `root`: where folder repositories start from; `gpu_gib`:
    memory of this machine's GPU."""
    shown: set[tuple[str, str]] = set()
    for row in _rows():
        found = replace(line(row, kept, root), memory=_memory(row, root, gpu_gib))
        shown |= {(stock.repository, stock.revision) for stock in found.held}
        yield found
    for stock in kept.all():
        if (stock.repository, stock.revision) not in shown:
            yield Line(stock.repository, _state([stock]), stock.size_bytes, OUTSIDE, (), "", (stock,))


def line(row: ModelProfile, kept: Kept, root: Path) -> Line:
    """How much of one row is here. Raises StorageError."""
    folder = folder_of(row, root)
    if folder is not None:
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        state: State = "not here" if not size else "ships" if row.driver == _SHIPPED else "yours"
        return Line(row.name, state, size, row.licence, row.jobs, str(folder))
    held = tuple(kept.stock(source.repository, source.revision) for source in sources_of(row))
    size = sum(stock.size_bytes for stock in held)
    return Line(row.name, _state(held), size, row.licence, row.jobs, "", held, int(row.disk_gib * 2**30))


def _memory(row: ModelProfile, root: Path, gpu_gib: float | None) -> str:
    """The row's figures in words; where there is a GPU, the mode that is chosen for a clip as the model makes it."""
    if not row.gpu or not row.memory_gib:
        return ""
    least = min(row.memory_by_mode.values(), default=row.memory_gib)
    figures = f"{row.memory_gib:g} GiB" if least == row.memory_gib else f"{row.memory_gib:g} to {least:g} GiB"
    if gpu_gib is None:
        return figures
    size = int(gpu_gib * GIB)
    try:
        return f"{figures}, here {choose(row.title, estimate(row, root), Room(size, size), None).name}"
    except OutOfMemoryError:
        return f"{figures}, too large here"


def _rows() -> tuple[ModelProfile, ...]:
    return (*profiles.PROFILES, *profiles.DETECTORS)


def folder_of(row: ModelProfile, root: Path) -> Path | None:
    """Where a row's files lie when it comes from no hub: with Greenlight, or in a folder of one's own."""
    folder = root / Path(row.repository).expanduser()
    return folder if row.driver == _SHIPPED or folder.is_dir() else None


def sources(model: str, revision: str | None, root: Path) -> list[Source]:
    """The repositories behind what was typed: a row's name, or a repository's. Raises SettingError."""
    row = next((row for row in _rows() if row.name == model), None)
    if row is None:
        return [Source(model if "/" in model else profiles.profile(model).repository, revision)]
    if (folder := folder_of(row, root)) is not None:
        what = "This model ships with Greenlight" if row.driver == _SHIPPED else f"This model lies in {folder}"
        raise SettingError(what, "It stays as it is; choose another.", value=model)
    first, *others = sources_of(row)
    return [first._replace(revision=revision or first.revision), *others]


def _state(stocks: Sequence[Stock]) -> State:
    if all(stock.whole for stock in stocks):
        return "here"
    return "in part" if any(stock.size_bytes for stock in stocks) else "not here"
