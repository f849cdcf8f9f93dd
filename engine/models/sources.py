"""Where a row's files come from: its own repository, its refiner's, and those of the parts that it borrows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from engine.models import places
from engine.models.places import Place
from engine.types import ModelProfile


class Source(NamedTuple):
    """What is needed of one repository."""

    repository: str
    """`owner/name`, or a folder."""
    revision: str | None = None
    """As ModelProfile.revision has it."""
    parts: tuple[str, ...] | None = None
    """Folders that are needed; `None`: whatever its index names, or the model that it is."""
    without: tuple[str, ...] = ()
    """Parts of its index that are not needed, since others stand in their place."""


def sources_of(row: ModelProfile) -> tuple[Source, ...]:
    """Every repository behind a row, its own first."""
    own = Source(row.repository, row.revision, None, tuple(row.borrowed))
    second = () if row.refiner is None else (Source(row.refiner),)
    lent: dict[str, list[str]] = {}
    for address in row.borrowed.values():
        repository, part = _split(address)
        lent.setdefault(repository, []).extend([part] if part else [])
    return (own, *second, *(Source(name, None, tuple(parts) or None) for name, parts in lent.items()))


def lenders(row: ModelProfile, root: Path) -> Mapping[str, Place]:
    """Repository -> where it lies, of all that lend a part. Raises what engine.models.places.locate raises."""
    return {
        name: places.locate(name, None, root) for name in dict.fromkeys(_split(one)[0] for one in row.borrowed.values())
    }


def borrowed(row: ModelProfile, found: Mapping[str, Place]) -> Mapping[str, Path]:
    """Component -> the folder that it is read from, of a row's borrowed ones. found: see `lenders`."""
    addresses = {name: _split(address) for name, address in row.borrowed.items()}
    return {name: found[repository].folder / part for name, (repository, part) in addresses.items()}


def _split(address: str) -> tuple[str, str]:
    """`owner/name/folder` as repository and folder, which may be empty."""
    owner, name, *rest = address.split("/")
    return f"{owner}/{name}", "/".join(rest)
