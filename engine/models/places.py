"""Where a model's files lie on this machine: in a folder, or in the hub's cache. Loads at once, and asks nobody."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from engine.errors import GreenlightError, WeightsMissingError
from engine.models.hub.kept import Kept

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
"""What the hub calls its repositories: owner and name."""


@dataclass(frozen=True, slots=True)
class Place:
    """A model's folder."""

    folder: Path
    commit: str | None
    """The hub's commit, whose files were each checked; `None` for a folder of one's own."""


def has(repository: str, revision: str | None, root: Path) -> bool:
    """Whether every file of a model seems to be here; the loader looks closer."""
    if (root / Path(repository).expanduser()).is_dir():
        return True
    try:
        return (
            bool(_REPOSITORY.fullmatch(repository))
            and Kept.from_environment(os.environ).stock(repository, revision).whole
        )
    except GreenlightError:  # what cannot be read cannot be offered
        return False


def locate(repository: str, revision: str | None, root: Path) -> Place:
    """Where a model lies: a folder below `root` or anywhere else, or the hub's cache, with its files checked.

    Raises WeightsMissingError, and what engine.models.hub.fetching.locate raises.
    """
    folder = root / Path(repository).expanduser()
    if folder.is_dir():
        return Place(folder, None)
    if not _REPOSITORY.fullmatch(repository):
        what = "The model's folder is not there"
        raise WeightsMissingError(what, "Put it back, or choose another model.", value=repository)
    folder = Kept.from_environment(os.environ).locate(repository, revision)
    return Place(folder, folder.name)
