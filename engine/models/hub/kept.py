"""Models from hubs that are on this machine: found, checked and removed, without asking anybody.

Each file must be the one that the hub had. It is hashed once, and again when its size or time has changed, so that
starting does not read ten gigabytes. What another program fetched will do, as long as it is whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.configuration import Configuration
from engine.disk import Disk, storage_error
from engine.errors import GreenlightError, OnlyPicklesError, WeightsMissingError
from engine.models.hub import refusals
from engine.models.hub.cache import COMMIT, Cache, looked_at
from engine.models.hub.choice import INDEX, HubFile, choose
from engine.models.hub.pins import Held, Pins, Record

MAIN = "main"
"""The revision that is meant where none is named."""


@dataclass(frozen=True, slots=True)
class Stock:
    """How much of a model is here."""

    repository: str
    """`stabilityai/sdxl-turbo`"""
    revision: str
    """What was asked for."""
    commit: str | None
    """What it stands for; `None` when nothing of it is here."""
    size_bytes: int
    """What its files, and pieces of files, take up."""
    whole: bool
    """Every file is here, of the right length."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered, and the cache it lies in."""

    home: Path
    """GREENLIGHT_HOME"""
    root: Path
    """HF_HUB_CACHE"""
    disk: Disk = field(default_factory=Disk)
    """What is remembered is written through it."""

    @classmethod
    def from_environment(cls, given: Mapping[str, str]) -> Kept:
        """As GREENLIGHT_HOME, and HF_HUB_CACHE or HF_HOME or XDG_CACHE_HOME, say."""
        above = given.get("HF_HOME") or Path(given.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
        root = Path(given.get("HF_HUB_CACHE") or Path(above) / "hub").expanduser().absolute()
        return cls(Configuration.from_environment(given).home, root)

    @property
    def pins(self) -> Pins:
        """What is remembered."""
        return Pins(self.home, self.disk)

    def cache(self, repository: str) -> Cache:
        """The repository's corner of the cache."""
        return Cache(self.root, repository)

    def locate(self, repository: str, revision: str | None = None) -> Path:
        """The folder of a model that is here, every file of it as the hub had it.

        Raises WeightsMissingError, WeightsAlteredError, each naming the file; HubError, StorageError.
        """
        revision = revision or MAIN
        record = self._adopted(repository, revision)
        commit = record.revisions[revision]
        held = record.commits[commit]
        found = {name: self._look(repository, commit, one) for name, one in held.items()}
        if found != held:
            self.pins.change(repository, lambda latest: latest.pinned(revision, commit).holding(commit, found))
        return self.cache(repository).snapshot(commit)

    def check(self, repository: str, revision: str | None = None) -> tuple[GreenlightError, ...]:
        """Hash every file again, whatever is remembered; what is wrong, nothing when all is well."""
        record = self._adopted(repository, revision or MAIN)
        commit = record.revisions[revision or MAIN]
        problems: list[GreenlightError] = []
        for one in record.commits[commit].values():
            try:
                self._look(repository, commit, Held(one.file))
            except GreenlightError as problem:
                problems.append(problem)
        return tuple(problems)

    def stock(self, repository: str, revision: str | None = None) -> Stock:
        """How much of a model is here, by the lengths of its files. Raises StorageError."""
        revision, cache = revision or MAIN, self.cache(repository)
        record = self.pins.read(repository)
        commit = self._commit(record, revision)
        held = record.commits.get(commit or "", {})
        if commit is None:
            return Stock(repository, revision, None, 0, False)
        if not held:
            return self._stock_of_others(repository, revision, commit)
        here = [one.file for one in held.values() if cache.content(commit, one.file) is not None]
        drafted = sum(cache.drafted_bytes(one.file) for one in held.values() if one.file not in here)
        size_bytes = sum(file.size_bytes for file in here) + drafted
        return Stock(repository, revision, commit, size_bytes, len(here) == len(held))

    def _stock_of_others(self, repository: str, revision: str, commit: str) -> Stock:
        size_bytes = sum(file.size_bytes for file in self.cache(repository).listed(commit))
        try:
            return Stock(repository, revision, commit, size_bytes, bool(self._left(repository, commit)))
        except GreenlightError:
            return Stock(repository, revision, commit, size_bytes, False)

    def all(self) -> Iterator[Stock]:
        """Everything that was fetched, or begun. Raises StorageError."""
        for record in self.pins.all():
            for revision in record.revisions:
                yield self.stock(record.repository, revision)

    def remove(self, repository: str, revision: str | None = None) -> int:
        """Remove a model's files, unless another commit uses them too, and forget it; returns the bytes freed.

        Raises WeightsMissingError when it is not here, StorageError.
        """
        from huggingface_hub import scan_cache_dir

        commit = self._commit(self.pins.read(repository), revision or MAIN)
        if commit is None:
            raise refusals.not_here(repository)
        cache = self.cache(repository)
        try:
            freed = cache.forget_drafts()
            if cache.snapshot(commit).is_dir():
                found = scan_cache_dir(self.root)
                ours = frozenset(one for one in found.repos if (one.repo_type, one.repo_id) == ("model", repository))
                strategy = replace(found, repos=ours).delete_revisions(commit)  # a duplicate has the same commits
                strategy.execute()
                freed += strategy.expected_freed_size
        except OSError as error:
            raise storage_error("The model cannot be removed", cache.corner, error) from error
        self.pins.change(repository, lambda record: record.without(commit))
        return freed

    # ------------------------------------------------------------------------------------------------ inside

    def _look(self, repository: str, commit: str, one: Held) -> Held:
        path = self.cache(repository).snapshot(commit) / one.file.name
        try:
            return Held(one.file, looked_at(path, one.file, one.seen_ns, repository))
        except OSError as error:
            raise storage_error("A model file cannot be read", path, error) from error

    def _adopted(self, repository: str, revision: str) -> Record:
        """The record of a revision; where there is none, of what another program left in the cache.

        Raises WeightsMissingError, HubError for a text that is none, StorageError.
        """
        record = self.pins.read(repository)
        commit = self._commit(record, revision)
        if commit is None:
            raise refusals.not_here(repository)
        if not record.commits.get(commit):
            files = {file.name: Held(file) for file in self._left(repository, commit)}
            record = record.holding(commit, files)
        return record.pinned(revision, commit)

    def _left(self, repository: str, commit: str) -> tuple[HubFile, ...]:
        """What is needed of what another program left of a commit. Raises WeightsMissingError where it is not all."""
        try:
            return choose(self.cache(repository).listed(commit), self._parts(repository, commit), None)
        except (WeightsMissingError, OnlyPicklesError) as lacking:
            name = lacking.value
        raise refusals.not_here(repository, name)

    def _commit(self, record: Record, revision: str) -> str | None:
        """What a revision stands for here: as remembered, itself, or as another program was told."""
        cache = self.cache(record.repository)
        commit = record.revisions.get(revision) or (revision if COMMIT.fullmatch(revision) else None)
        commit = commit or cache.commit_of(revision)
        known = commit is not None and (commit in record.commits or cache.snapshot(commit).is_dir())
        return commit if known else None

    def _parts(self, repository: str, commit: str) -> tuple[str, ...] | None:
        path = self.cache(repository).snapshot(commit) / INDEX
        try:
            return parts(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, AttributeError):
            raise refusals.unreadable(INDEX) from None


def parts(index: Mapping[str, object]) -> tuple[str, ...]:
    """The folders that a pipeline's index names."""
    made = {name: of for name, of in index.items() if not name.startswith("_") and isinstance(of, list)}
    return tuple(name for name, of in made.items() if all(of[:2]))
