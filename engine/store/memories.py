"""What happened in a world before: every transition with its embedding, and the most alike found again.

A folder a world holds `memory.jsonl` (its first line says which world and how wide embeddings are, every other line is
one transition, embedding included) and `index.safetensors`, the embeddings alone, ready to be searched. The lines are
the truth: an index that is damaged, of another world or behind is made again from them. Search is exact: a product with
every embedding, which at the tens of thousands that a person makes costs less than a millisecond, so nothing
approximate needs to be installed for it. Knows no model: who embeds is not asked.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from engine.disk import Disk, Sink, storage_error, write_file
from engine.errors import AnotherWorldError, JournalDamagedError

Embedding = NDArray[np.float32]
"""(width,)"""
ROWS: Final = "memory.jsonl"
INDEX: Final = "index.safetensors"
_VECTORS: Final = "vectors"


@dataclass(frozen=True, slots=True)
class Remembered:
    """One transition, as it is kept."""

    key: str
    """Its own name, given once: the take's or the sample's."""
    state: str
    """Digest of the state's file."""
    action: str
    """The action in words."""
    following: str
    """Digest of the next state's file."""

    def same(self, other: Remembered) -> bool:
        """Whether it is that transition: by name, or one like it in every way that was stored twice."""
        return self.key == other.key or (self.state, self.action, self.following) == (
            other.state,
            other.action,
            other.following,
        )


@dataclass(frozen=True, slots=True)
class Recalled:
    """A transition that came to mind."""

    what: Remembered
    likeness: float
    """Cosine between the embeddings, -1..1."""


class Memory:
    """One world's memory. One process at a time writes to it; its index is brought up to date by `settle`."""

    def __init__(self, folder: Path, world: str, width: int, disk: Disk | None = None) -> None:
        """Opens the world's folder, or begins it. width: numbers in an embedding.

        Raises AnotherWorldError for the memory of another world or of other embeddings, JournalDamagedError for a
        whole line that cannot be read, StorageError when the machine does not let us.
        """
        self._folder, self._disk = folder, disk or Disk()
        self._width = width
        self._head = {"world": world, "width": width}
        self._lock = FileLock(folder / "memory.lock", timeout=30.0, poll_interval=0.005)
        self._kept: list[Remembered] = []
        lines = self._begin()
        vectors = [self._take(line, number) for number, line in enumerate(lines, start=2)]
        self._vectors = self._indexed(vectors)

    def __len__(self) -> int:
        return len(self._kept)

    def remember(self, what: Remembered, embedding: Embedding) -> None:
        """Keep a transition: on the disk when this returns. Raises StorageError."""
        unit = _unit(embedding, self._width)
        packed = base64.b64encode(unit.astype("<f2").tobytes()).decode()
        line = json.dumps({**asdict(what), "embedding": packed}, ensure_ascii=False) + "\n"
        with self._lock:
            self._append(line.encode())
        self._kept.append(what)
        self._vectors = np.concatenate([self._vectors, unit[None].astype(np.float16).astype(np.float32)])

    def recall(self, embedding: Embedding, most: int, besides: Remembered | None = None) -> list[Recalled]:
        """The most alike, the nearest first, at most so many; never `besides`, nor one that is the same as it."""
        likeness: NDArray[np.float32] = np.dot(self._vectors, _unit(embedding, self._width))
        found: list[Recalled] = []
        for row in np.argsort(-likeness, kind="stable"):
            if len(found) == most:
                break
            if besides is None or not self._kept[row].same(besides):
                found.append(Recalled(self._kept[row], float(likeness[row])))
        return found

    def settle(self) -> None:
        """Write the index, so that the next opening need not unpack every line. Raises StorageError."""
        try:
            write_file(self._disk, self._folder / INDEX, save({_VECTORS: self._vectors.astype(np.float16)}))
        except OSError as error:
            raise storage_error("The memory's index cannot be saved", self._folder, error) from error

    def _begin(self) -> Sequence[bytes]:
        """The lines after the first; what follows the last newline is torn and cut off."""
        path = self._folder / ROWS
        try:
            self._disk.make_folder(self._folder)
            with self._lock:
                if not path.exists():
                    write_file(self._disk, path, (json.dumps(self._head) + "\n").encode())
                data = path.read_bytes()
                whole = data.rfind(b"\n") + 1
                if whole < len(data):
                    os.truncate(path, whole)
        except OSError as error:
            raise storage_error("The memory cannot be opened", path, error) from error
        first, *lines = data[:whole].split(b"\n")[:-1] or [b""]
        if _parsed(first, path, 1) != self._head:
            raise AnotherWorldError(
                "This is the memory of another world, or one whose states were embedded by another model",
                "Begin a new one: open another folder.",
                value=first.decode(errors="replace")[:80],
            )
        return lines

    def _take(self, line: bytes, number: int) -> str:
        """Keep one line's transition; returns its packed embedding."""
        row = _parsed(line, self._folder / ROWS, number)
        try:
            self._kept.append(Remembered(**{name: str(row[name]) for name in Remembered.__slots__}))
            return str(row["embedding"])
        except KeyError as error:
            raise _damaged(self._folder / ROWS, number) from error

    def _indexed(self, packed: Sequence[str]) -> NDArray[np.float32]:
        """The embeddings (transitions, width): from the index as far as it goes, the others from their lines."""
        ready = self._index()
        if ready is None or not self._agrees(ready, packed):
            ready = np.zeros((0, self._width), np.float32)
        fresh = [self._unpacked(text, number) for number, text in enumerate(packed[len(ready) :], start=2 + len(ready))]
        return np.concatenate([ready, *(vector[None] for vector in fresh)])

    def _agrees(self, ready: NDArray[np.float32], packed: Sequence[str]) -> bool:
        """Whether an index goes no farther than the lines, and begins and ends as they do: else it is another's."""
        if len(ready) > len(packed):
            return False
        ends = {0, len(ready) - 1} if len(ready) else set[int]()
        return all(np.array_equal(ready[row], self._unpacked(packed[row], row + 2)) for row in ends)

    def _index(self) -> NDArray[np.float32] | None:
        """What the index holds; None for none, or one that is damaged."""
        try:
            vectors = load((self._folder / INDEX).read_bytes())[_VECTORS].astype(np.float32)
        except (OSError, SafetensorError, KeyError, ValueError):
            return None
        fits = vectors.ndim == 2 and vectors.shape[1] == self._width and bool(np.isfinite(vectors).all())
        return vectors if fits else None

    def _unpacked(self, text: str, number: int) -> NDArray[np.float32]:
        try:
            vector = np.frombuffer(base64.b64decode(text, validate=True), "<f2").astype(np.float32)
        except (binascii.Error, ValueError) as error:
            raise _damaged(self._folder / ROWS, number) from error
        if len(vector) != self._width:
            raise _damaged(self._folder / ROWS, number)
        return vector

    def _append(self, line: bytes) -> None:
        """The line on the disk, or, after an error, nothing."""
        path = self._folder / ROWS
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
            try:
                size = os.fstat(descriptor).st_size
                try:
                    Sink(self._disk, descriptor).write(line)
                    self._disk.sync(descriptor)
                except OSError:
                    self._disk.truncate(descriptor, size)
                    raise
            finally:
                os.close(descriptor)
        except OSError as error:
            raise storage_error("The transition cannot be remembered", path, error) from error


def _unit(embedding: Embedding, width: int) -> NDArray[np.float32]:
    """The embedding at length 1. Raises AnotherWorldError for another width or numbers that are none."""
    length = float(np.linalg.norm(embedding))
    if embedding.shape != (width,) or not np.isfinite(length) or length == 0:
        raise AnotherWorldError(
            "This embedding is none of this memory's", "Embed with the world's own model.", value=str(embedding.shape),
            limit=f"{width} finite numbers, not all of them 0",
        )  # fmt: skip
    return (embedding / length).astype(np.float32)


def _parsed(line: bytes, path: Path, number: int) -> Mapping[str, object]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise _damaged(path, number) from error
    if not isinstance(row, dict):
        raise _damaged(path, number)
    return row


def _damaged(path: Path, number: int) -> JournalDamagedError:
    return JournalDamagedError(
        f"Line {number} of the world's memory is damaged", "Restore it from a backup, or begin a new one.",
        value=str(path),
    )  # fmt: skip
