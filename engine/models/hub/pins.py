"""What was fetched from hubs, one small file a repository: `GREENLIGHT_HOME/models/<owner>--<name>.json`.

It says which commit a branch stands for here from its first download on, which files of that commit belong to it,
and what each looked like (size and time) when its hash was last found right. Never a token, never an address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from engine.disk import Disk, storage_error, write_file
from engine.errors import StorageError
from engine.models.hub.choice import HubFile

FOLDER = "models"
"""Below GREENLIGHT_HOME."""
_LOCK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Held:
    """A file that belongs to a commit."""

    file: HubFile
    """What the hub said of it."""
    seen_ns: int | None = None
    """Modification time when its hash was last found right; `None`: never looked at."""


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that is remembered of one repository."""

    repository: str
    """`stabilityai/sdxl-turbo`"""
    revisions: Mapping[str, str] = field(default_factory=dict[str, str])
    """Branch, tag or commit, as it was asked for -> the commit that it stands for here."""
    commits: Mapping[str, Mapping[str, Held]] = field(default_factory=dict[str, Mapping[str, Held]])
    """Commit -> its files by name."""

    def pinned(self, revision: str, commit: str) -> Record:
        """The record once a revision stands for a commit."""
        return Record(self.repository, {**self.revisions, revision: commit}, self.commits)

    def holding(self, commit: str, files: Mapping[str, Held]) -> Record:
        """The record once these files belong to a commit, beside those that did before."""
        merged = {**self.commits.get(commit, {}), **files}
        return Record(self.repository, self.revisions, {**self.commits, commit: merged})

    def without(self, commit: str) -> Record:
        """The record once a commit was removed."""
        revisions = {name: kept for name, kept in self.revisions.items() if kept != commit}
        return Record(self.repository, revisions, {k: v for k, v in self.commits.items() if k != commit})


class Pins:
    """The folder of records. Threads and processes may share it."""

    def __init__(self, home: Path, disk: Disk | None = None) -> None:
        self._folder = home / FOLDER
        self._disk = disk or Disk()

    def read(self, repository: str) -> Record:
        """What is remembered; an empty record when nothing is. Raises StorageError for a damaged file."""
        return self._read(self._path(repository)) or Record(repository)

    def all(self) -> Iterator[Record]:
        """Every record, by name. Raises StorageError for a damaged one."""
        for path in sorted(self._folder.glob("*.json")):
            record = self._read(path)
            if record is not None:
                yield record

    def change(self, repository: str, how: Callable[[Record], Record]) -> Record:
        """Replace a record by what `how` makes of it; one that remembers nothing is removed. Raises StorageError."""
        path = self._path(repository)
        try:
            self._disk.make_folder(self._folder)
            with FileLock(path.with_suffix(".lock"), timeout=_LOCK_SECONDS, poll_interval=0.01):
                record = how(self.read(repository))
                if record.commits:
                    write_file(self._disk, path, json.dumps(_plain(record), indent=1).encode())
                else:
                    path.unlink(missing_ok=True)
            return record
        except (OSError, Timeout) as error:
            reason = error if isinstance(error, OSError) else OSError("another program holds its lock")
            raise storage_error("What was downloaded cannot be recorded", path, reason) from error

    def _path(self, repository: str) -> Path:
        return self._folder / f"{repository.replace('/', '--')}.json"

    def _read(self, path: Path) -> Record | None:
        try:
            return _record(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise storage_error("The record of a download cannot be read", path, error) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise StorageError(
                "The record of a download does not say what it should",
                "Remove this file and fetch the model again; what is still whole is not loaded twice.",
                value=str(path),
            ) from error


def _plain(record: Record) -> Mapping[str, object]:
    commits = {
        commit: {
            name: {"size": held.file.size_bytes, "digest": held.file.digest, "seen": held.seen_ns}
            for name, held in sorted(files.items())
        }
        for commit, files in record.commits.items()
    }
    return {"repository": record.repository, "revisions": dict(record.revisions), "commits": commits}


def _record(fields: dict[str, dict[str, dict[str, dict[str, int]]]]) -> Record:
    commits = {
        str(commit): {
            name: Held(HubFile(name, int(file["size"]), str(file["digest"])), file["seen"])
            for name, file in files.items()
        }
        for commit, files in fields["commits"].items()
    }
    revisions = {str(name): str(commit) for name, commit in fields["revisions"].items()}
    return Record(str(fields["repository"]), revisions, commits)
