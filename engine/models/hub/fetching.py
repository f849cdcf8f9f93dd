"""Models from a hub: planned, and fetched when the person asks for it.

    hub = Hub.from_environment()
    plan = hub.plan("stabilityai/sdxl-turbo", "main")     # asks the hub: what is needed, what is here already
    hub.fetch(plan, on_progress, stop)                    # brings the rest, and pins the commit
    folder = locate("stabilityai/sdxl-turbo", "main")     # asks nobody; every file is the one that the hub had

Nothing but `plan` and `fetch` opens a connection. The files lie in the folder that all programs on this machine share
for them, so what another one fetched is not fetched again (engine.models.hub.kept).
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.disk import storage_error
from engine.errors import HubError, WeightsAlteredError
from engine.models.hub import refusals
from engine.models.hub.cache import Cache, looked_at
from engine.models.hub.choice import INDEX, HubFile, choose, variant_of
from engine.models.hub.kept import MAIN, Kept, parts
from engine.models.hub.pins import Held
from engine.models.hub.progress import Counter, Progress
from engine.models.hub.transfer import WAITS_SECONDS, Cut, Stopped, Transfer
from engine.models.hub.wire import Described, Wire

_ENDPOINT = "https://huggingface.co"
_SPARE_BYTES = 64 * 1000**2
"""What a download leaves free at least."""
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What fetching a model would mean."""

    repository: str
    """`stabilityai/sdxl-turbo`"""
    revision: str
    """What was asked for: a branch, a tag, a commit."""
    commit: str
    """What that is, now and from the download on."""
    variant: str | None
    """The precision that is taken, as diffusers names it; `None` for plain files."""
    files: tuple[HubFile, ...]
    """All that is needed."""
    here: Mapping[str, int]
    """Name -> modification time of what is here already, and whole."""
    drafted_bytes: int
    """What came of the others before a download broke off."""
    folder: Path
    """Where the files will be."""

    @property
    def size_bytes(self) -> int:
        """All of it."""
        return sum(file.size_bytes for file in self.files)

    @property
    def here_bytes(self) -> int:
        """What need not be fetched, parts of files included."""
        return sum(file.size_bytes for file in self.files if file.name in self.here) + self.drafted_bytes

    @property
    def fetch_bytes(self) -> int:
        """What is still to come."""
        return self.size_bytes - self.here_bytes


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub, and where what comes from it is kept."""

    kept: Kept
    """What is here."""
    wire: Wire
    """The way to the hub."""
    waits_seconds: tuple[float, ...] = WAITS_SECONDS
    """How long to wait before a broken connection is tried again, each time that it brought nothing."""

    @classmethod
    def from_environment(cls, given: Mapping[str, str] | None = None) -> Hub:
        """As HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE and what Kept reads say."""
        given = os.environ if given is None else given
        offline = (given.get("HF_HUB_OFFLINE") or "").upper() in ("1", "ON", "YES", "TRUE")
        endpoint = (given.get("HF_ENDPOINT") or _ENDPOINT).rstrip("/")
        return cls(Kept.from_environment(given), Wire(endpoint, (given.get("HF_TOKEN") or "").strip(), offline))

    def plan(
        self,
        repository: str,
        revision: str | None = None,
        components: Collection[str] | None = None,
        without: Collection[str] = (),
    ) -> Plan:
        """What is needed of a repository, and how much of it is here. Asks the hub.

        A revision that was fetched before stands for the commit that it stood for then. `components` limits a pipeline
        to some of its parts, or names single weights files; `without` are parts that its index names and nobody needs.
        Raises HubError and its kinds, WeightsMissingError, SettingError, StorageError.
        """
        revision = revision or MAIN
        record = self.kept.pins.read(repository)
        described = self.wire.describe(repository, record.revisions.get(revision, revision))
        parts = self._parts(repository, described)
        files = choose(described.files, parts and [part for part in parts if part not in without], components)
        if described.gated:  # whether we may, said now and not in the middle
            self.wire.locate(repository, described.commit, max(files, key=lambda file: file.size_bytes))
        cache, known = self.kept.cache(repository), record.commits.get(described.commit, {})
        looked = {file.name: _whole(cache, described.commit, known.get(file.name, Held(file))) for file in files}
        here = {name: seen_ns for name, seen_ns in looked.items() if seen_ns is not None}
        drafted = sum(cache.drafted_bytes(file) for file in files if file.name not in here)
        variant, folder = variant_of(file.name for file in files), cache.snapshot(described.commit)
        return Plan(repository, revision, described.commit, variant, files, here, drafted, folder)

    def fetch(self, plan: Plan, progress: OnProgress, stop: threading.Event | None = None) -> Path:
        """Bring what is not here, each file checked against the hub's hash; returns the folder.

        `progress` is told after every chunk; `stop` ends it within one. Whatever ends it, what came is kept, and a
        later fetch goes on from there. Raises DiskFullError before anything is fetched; DownloadCutError,
        DownloadStopped, WeightsAlteredError, HubError and its kinds, StorageError.
        """
        cache, disk = self.kept.cache(plan.repository), self.kept.disk
        counter = Counter(plan.size_bytes, plan.here_bytes, progress)
        try:
            self.make_sure_of_room(plan)
            self._remember(plan, plan.here)
            for file in plan.files:
                if file.name not in plan.here:
                    self._bring(plan, counter, file, stop or threading.Event())
                if not (plan.folder / file.name).is_file():
                    self.wire.link(plan.repository, plan.commit, file, cache.root)
            cache.tell_others(plan.revision, plan.commit)
            self._remember(plan, {file.name: (plan.folder / file.name).stat().st_mtime_ns for file in plan.files})
        except OSError as error:
            if error.errno == errno.ENOSPC:
                left = plan.size_bytes - counter.done_bytes
                raise refusals.disk_full(left, disk.free_bytes(cache.root), cache.root) from error
            raise storage_error("The model cannot be saved", cache.root, error) from error
        return plan.folder

    def make_sure_of_room(self, *plans: Plan) -> None:
        """Raise DiskFullError when the disk cannot take what these plans still have to bring."""
        needed, root = sum(plan.fetch_bytes for plan in plans), self.kept.root
        free = self.kept.disk.free_bytes(root) - _SPARE_BYTES
        if needed > max(free, 0):
            raise refusals.disk_full(needed, free, root)

    def _bring(self, plan: Plan, counter: Counter, file: HubFile, stop: threading.Event) -> None:
        """One file's content, into the cache."""
        cache = self.kept.cache(plan.repository)
        if _whole(cache, plan.commit, Held(file)) is not None:  # another file's content was the same
            counter.begin(file, 0)
            counter.add(file.size_bytes)
            return
        (plan.folder / file.name).unlink(missing_ok=True)  # one that was altered
        (cache.blobs / file.digest).unlink(missing_ok=True)
        counter.begin(file, cache.drafted_bytes(file))
        transfer = Transfer(self.wire, cache, plan.commit, self.kept.disk, counter.add, stop, self.waits_seconds)
        problem: HubError
        try:
            transfer.run(file)
            return
        except Stopped:
            problem = refusals.stopped(counter.done_bytes, plan.size_bytes)
        except Cut:
            problem = refusals.cut(file.name, counter.done_bytes, plan.size_bytes)
        raise problem

    def _parts(self, repository: str, described: Described) -> tuple[str, ...] | None:
        """The folders that a pipeline's index names; `None` for what is no pipeline."""
        index = next((file for file in described.files if file.name == INDEX), None)
        return None if index is None else parts(self.wire.read_note(repository, described.commit, index))

    def _remember(self, plan: Plan, times: Mapping[str, int]) -> None:
        held = {file.name: Held(file, times.get(file.name)) for file in plan.files}
        self.kept.pins.change(
            plan.repository, lambda record: record.pinned(plan.revision, plan.commit).holding(plan.commit, held)
        )


def locate(repository: str, revision: str | None = None) -> Path:
    """The folder of a model that is here, every file of it as the hub had it; asks nobody: see Kept.locate."""
    return Kept.from_environment(os.environ).locate(repository, revision)


def variant(folder: Path) -> str | None:
    """The precision that a folder's weights come in, as diffusers' `from_pretrained(variant=…)` wants it."""
    return variant_of(path.name for path in folder.rglob("*.safetensors"))


def _whole(cache: Cache, commit: str, held: Held) -> int | None:
    """When a file that is here, and whole, was last changed; `None` where it must be fetched."""
    path = cache.content(commit, held.file)
    try:
        return None if path is None else looked_at(path, held.file, held.seen_ns, cache.repository)
    except WeightsAlteredError:
        return None
