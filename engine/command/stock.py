"""Which models there are, and how much of each is on this machine. Asks nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import SettingError
from engine.house import ROOT
from engine.models import profiles
from engine.models.hub.kept import Kept, Stock
from engine.types import ModelProfile

OUTSIDE = "-"
"""What the table says of a repository that no row names."""
_SHIPPED = "pocket"
"""The driver of the models that ship."""
Source = tuple[str, str | None]
"""Repository and revision."""


@dataclass(frozen=True, slots=True)
class Line:
    """One model in the list."""

    name: str
    """As `fetch`, `check` and `remove` take it."""
    here: str
    """`ships`, `yours` (a folder of one's own), `here`, `in part`, `not here`."""
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


def lines(kept: Kept) -> Iterator[Line]:
    """Every row of the table, then what was fetched beside it."""
    shown: set[tuple[str, str]] = set()
    for row in _rows():
        folder = _folder(row)
        if folder is not None:
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            state = "not here" if not size else "ships" if row.driver == _SHIPPED else "yours"
            yield Line(row.name, state, size, row.licence, row.jobs, str(folder))
            continue
        held = tuple(kept.stock(*source) for source in _sources(row))
        shown |= {(stock.repository, stock.revision) for stock in held}
        size = sum(stock.size_bytes for stock in held)
        yield Line(row.name, _state(held), size, row.licence, row.jobs, "", held, int(row.disk_gib * 2**30))
    for stock in kept.all():
        if (stock.repository, stock.revision) not in shown:
            yield Line(stock.repository, _state([stock]), stock.size_bytes, OUTSIDE, (), "", (stock,))


def _rows() -> tuple[ModelProfile, ...]:
    return (*profiles.PROFILES, *profiles.DETECTORS)


def _folder(row: ModelProfile) -> Path | None:
    """Where a row's files lie when it comes from no hub: with Greenlight, or in a folder of one's own."""
    folder = ROOT / Path(row.repository).expanduser()
    return folder if row.driver == _SHIPPED or folder.is_dir() else None


def _sources(row: ModelProfile) -> tuple[Source, ...]:
    """Where a row's files come from: its repository, and its refiner's."""
    return ((row.repository, row.revision), *(((row.refiner, None),) if row.refiner else ()))


def sources(model: str, revision: str | None) -> list[Source]:
    """The repositories behind what was typed: a row's name, or a repository's. Raises SettingError."""
    row = next((row for row in _rows() if row.name == model), None)
    if row is None:
        return [(model if "/" in model else profiles.profile(model).repository, revision)]
    if (folder := _folder(row)) is not None:
        what = "This model ships with Greenlight" if row.driver == _SHIPPED else f"This model lies in {folder}"
        raise SettingError(what, "It stays as it is; choose another.", value=model)
    first, *others = _sources(row)
    return [(first[0], revision or first[1]), *others]


def _state(stocks: Sequence[Stock]) -> str:
    if all(stock.whole for stock in stocks):
        return "here"
    return "in part" if any(stock.size_bytes for stock in stocks) else "not here"
