"""The folder that all programs on this machine share for what comes from hubs (HF_HUB_CACHE), and whether it is whole.

`blobs/<digest>` holds the contents, `snapshots/<commit>/<name>` links to them, `refs/<branch>` names a commit. So a
file says itself what its content must be, also one that another program fetched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.models.hub import refusals
from engine.models.hub.choice import HubFile

if TYPE_CHECKING:
    from hashlib import _Hash

COMMIT: Final = re.compile(r"[0-9a-f]{40}")
DIGEST: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_CHUNK: Final = 1 << 20
_DRAFT: Final = ".incomplete"
"""Ends the name of a content that is not whole yet; the library's cleaning up knows it."""


@dataclass(frozen=True, slots=True)
class Cache:
    """One repository's corner of the cache."""

    root: Path
    """HF_HUB_CACHE."""
    repository: str
    """`stabilityai/sdxl-turbo`"""

    @property
    def corner(self) -> Path:
        """Where all of it lies."""
        return self.root / f"models--{self.repository.replace('/', '--')}"

    @property
    def blobs(self) -> Path:
        """Where contents lie by their digests."""
        return self.corner / "blobs"

    def snapshot(self, commit: str) -> Path:
        """The folder of one commit."""
        return self.corner / "snapshots" / commit

    def draft(self, file: HubFile) -> Path:
        """Where a content grows until it is whole."""
        return self.blobs / f"{file.digest}{_DRAFT}"

    def lock(self, file: HubFile) -> Path:
        """The lock that whoever writes the content holds, the library's own."""
        return self.root / ".locks" / self.corner.name / f"{file.digest}.lock"

    def commit_of(self, revision: str) -> str | None:
        """The commit that a program was given for a branch or tag; `None` when none asked."""
        try:
            commit = self._reference(revision).read_text().strip()
        except (OSError, ValueError):
            return None
        return commit if COMMIT.fullmatch(commit) else None

    def tell_others(self, revision: str, commit: str) -> None:
        """Let other programs find a branch or tag offline, where none of them has asked for it yet. Raises OSError."""
        reference = self._reference(revision)
        if revision != commit and not reference.exists():
            reference.parent.mkdir(parents=True, exist_ok=True)
            reference.write_text(commit)

    def _reference(self, revision: str) -> Path:
        """Raises ValueError for a name that leads elsewhere."""
        folder = self.corner / "refs"
        path = folder / revision
        if ".." in path.parts or not path.is_relative_to(folder):
            raise ValueError(revision)
        return path

    def content(self, commit: str, file: HubFile) -> Path | None:
        """Where a file's content lies, of the right length at least; `None` when it is not here."""
        for path in (self.snapshot(commit) / file.name, self.blobs / file.digest):
            if path.is_file() and path.stat().st_size == file.size_bytes:
                return path
        return None

    def drafted_bytes(self, file: HubFile) -> int:
        """How much of a file came before its download broke off."""
        draft = self.draft(file)
        return min(draft.stat().st_size, file.size_bytes) if draft.is_file() else 0

    def listed(self, commit: str) -> Iterator[HubFile]:
        """The files of a commit as the cache alone knows them; those of unknown content are left out."""
        folder = self.snapshot(commit)
        for path in sorted(folder.rglob("*")):
            digest = path.resolve().name
            if path.is_file() and DIGEST.fullmatch(digest):
                yield HubFile(path.relative_to(folder).as_posix(), path.stat().st_size, digest)

    def forget_drafts(self) -> int:
        """Remove what is not whole; returns its bytes. Raises OSError."""
        freed = 0
        for draft in self.blobs.glob(f"*{_DRAFT}"):
            freed += draft.stat().st_size
            draft.unlink()
        return freed


def hasher(file: HubFile) -> _Hash:
    """A hash that gives the file's digest once it was told all its bytes."""
    if len(file.digest) == 64:
        return hashlib.sha256()
    git = hashlib.sha1(usedforsecurity=False)  # how git names a file: what the hub gives for small ones
    git.update(f"blob {file.size_bytes}\0".encode())
    return git


def feed(hashing: _Hash, path: Path) -> None:
    """Tell a hash a file's bytes. Raises OSError."""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            hashing.update(chunk)


def looked_at(path: Path, file: HubFile, seen_ns: int | None, repository: str) -> int:
    """Make sure that a file is the hub's; returns its modification time, to be remembered.

    One that still has the time at which it was found right is not read again. Raises WeightsMissingError,
    WeightsAlteredError, OSError.
    """
    if not path.is_file():
        raise refusals.not_here(repository, file.name)
    status = path.stat()
    if status.st_size == file.size_bytes and status.st_mtime_ns == seen_ns:
        return status.st_mtime_ns
    hashing = hasher(file)
    if status.st_size == file.size_bytes:
        feed(hashing, path)
    if status.st_size != file.size_bytes or hashing.hexdigest() != file.digest:
        raise refusals.altered(file.name, repository, file.digest)
    return status.st_mtime_ns
