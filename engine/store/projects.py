"""All projects of one home: folders with a journal and files, and a bin beside them.

`GREENLIGHT_HOME/projects/<id>/{journal.jsonl,files/}`; a removed project lies in `GREENLIGHT_HOME/bin/<id>`. A new
project is built beside the others and moved in whole. Knows nothing of tasks, agents or what a take means.

A guest's projects have names that begin with the guest's; a store for a guest knows these alone.
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePath

from engine.disk import Disk, storage_error, sync_folder, write_file
from engine.errors import GreenlightError, UnknownProjectError
from engine.events import Created, Entry, Event, Project, Recorded
from engine.store.codec import encode
from engine.store.files import Files, digest
from engine.store.journal import NAME, Journal

ID = re.compile(r"(?:[0-9a-f]{16})?[0-9a-f]{12}")
"""The name of a project, a guest's before it where it is a guest's; or of a take."""
FILES = "files"


def new_id() -> str:
    """A name for a project or a take that no other has: 12 hex digits."""
    return secrets.token_hex(6)


def now() -> str:
    """The time, ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def named_files(entries: Sequence[Entry]) -> Mapping[str, str]:
    """Digest -> suffix of every file that a journal names: the uploads, and each take's artifact."""
    named: dict[str, str] = {}
    for entry in entries:
        match entry.event:
            case Created(request=request):
                named.update((PurePath(name).stem, PurePath(name).suffix) for name in request.uploads.values())
            case Recorded(take=take):
                named[take.artifact.sha256] = take.artifact.suffix
            case _:
                pass
    return named


class ProjectStore:
    """The projects below one home. Threads and processes may share them; nothing is made until it is written."""

    def __init__(self, home: Path, disk: Disk | None = None, clock: Callable[[], str] = now, guest: str = "") -> None:
        """guest: 16 hex digits; none: all projects of the home."""
        self.guest = guest
        self.home = home
        self.disk = disk or Disk()
        self.clock = clock
        self._folder = home / "projects"
        self._bin = home / "bin"
        self._guard = threading.Lock()
        self._journals: dict[str, Journal] = {}

    def of(self, guest: str) -> ProjectStore:
        """The projects of one guest."""
        return ProjectStore(self.home, self.disk, self.clock, guest)

    def make_home(self) -> None:
        """Make the home's folder, which only its owner may enter. Raises StorageError."""
        try:
            self.disk.make_folder(self.home)
        except OSError as error:
            raise storage_error("The folder for projects cannot be made", self.home, error) from error

    def ids(self) -> tuple[str, ...]:
        """Names of all projects but the removed ones, in no order that means anything."""
        try:
            return tuple(sorted(path.name for path in self._folder.iterdir() if self._named(path.name)))
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise storage_error("The projects cannot be listed", self._folder, error) from error

    def project(self, project: str) -> Project:
        """A project with its journal. Raises UnknownProjectError, JournalDamagedError, StorageError."""
        return Project(project, self._folder / project, self._journal(project).entries())

    def change(self, project: str, decide: Callable[[Project], Sequence[Event]]) -> Project:
        """Append what `decide` gives for the project as it stands, with no other writer in between.

        All or nothing; raises what `decide` raises, and UnknownProjectError, JournalDamagedError, StorageError.
        """
        folder = self._folder / project
        entries = self._journal(project).change(lambda entries: decide(Project(project, folder, entries)))
        return Project(project, folder, entries)

    def files(self, project: str) -> Files:
        """The project's files. Raises UnknownProjectError for a name that is none."""
        return Files(self._known(project) / FILES, self.disk)

    def create(self, event: Created, files: Iterable[tuple[bytes, str]] = ()) -> str:
        """Begin a project with its first event and the files that this names (bytes, suffix); returns its id.

        Raises StorageError, and leaves nothing behind then.
        """
        with self.draft() as folder:
            inside = Files(folder / FILES, self.disk)
            for data, suffix in files:
                inside.put(data, suffix)
            write_file(self.disk, folder / NAME, encode(Entry(0, self.clock(), event)))
            return self.move_in(folder, self.guest + new_id())

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A folder with an empty `files/` that no list shows; gone afterwards unless it was moved in.

        Raises StorageError for whatever the disk refuses meanwhile.
        """
        folder = self._folder / f".new-{new_id()}"
        try:
            self.make_home()
            self.disk.make_folder(folder / FILES)
            yield folder
        except OSError as error:
            raise storage_error("The project cannot be saved", self._folder, error) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def move_in(self, folder: Path, project: str) -> str:
        """Make a whole draft a project, under another id when that one is taken, or not the guest's; returns the id.

        Raises OSError.
        """
        while not self._named(project) or (self._folder / project).exists() or (self._bin / project).exists():
            project = self.guest + new_id()
        sync_folder(self.disk, folder)
        self.disk.replace(folder, self._folder / project)
        sync_folder(self.disk, self._folder)
        return project

    def remove(self, project: str) -> None:
        """Move a project to the bin. Raises UnknownProjectError, StorageError."""
        self._move(self._known(project), self._bin / project)
        with self._guard:
            self._journals.pop(project, None)

    def restore(self, project: str) -> None:
        """Bring a project back from the bin. Raises UnknownProjectError, StorageError."""
        self._known(project)
        self._move(self._bin / project, self._folder / project)

    def verify(self) -> tuple[str, ...]:
        """Read every journal and every file that it names again; returns a sentence for each problem."""
        return tuple(problem for project in self.ids() for problem in self._verify(project))

    def sweep(self) -> None:
        """Remove what killed writers left half-written over an hour ago. Raises StorageError."""
        for project in self.ids():
            self.files(project).sweep()

    def _verify(self, project: str) -> Iterator[str]:
        try:
            named = named_files(Journal(self._known(project) / NAME, self.disk, self.clock).entries())
        except GreenlightError as error:
            yield f"Project {project}: {error}"
            return
        for sha256, suffix in named.items():
            path = self._folder / project / FILES / f"{sha256}{suffix}"
            try:
                if digest(path.read_bytes()) != sha256:
                    yield f"Project {project}: {path.name} was altered."
            except OSError as error:
                yield f"Project {project}: {path.name} cannot be read: {error.strerror}."

    def _move(self, source: Path, target: Path) -> None:
        if not source.is_dir() or target.exists():
            raise _unknown(source.name)
        try:
            self.disk.make_folder(target.parent)
            self.disk.replace(source, target)
            sync_folder(self.disk, target.parent)
            sync_folder(self.disk, source.parent)
        except OSError as error:
            raise storage_error("The project cannot be moved", target, error) from error

    def _journal(self, project: str) -> Journal:
        path = self._known(project) / NAME
        with self._guard:
            if project not in self._journals:
                self._journals[project] = Journal(path, self.disk, self.clock)
            return self._journals[project]

    def _known(self, project: str) -> Path:
        if not self._named(project):
            raise _unknown(project)
        return self._folder / project

    def _named(self, project: str) -> bool:
        """Whether a project of this store can have this name."""
        return ID.fullmatch(project) is not None and project.startswith(self.guest)


def _unknown(project: str) -> UnknownProjectError:
    return UnknownProjectError("There is no such project", "Choose one from the list.", value=project[:40])
