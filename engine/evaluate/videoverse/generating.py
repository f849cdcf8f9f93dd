"""A benchmark's videos made by the product's own agents: KEY.mp4 for every prompt, as VideoVerse asks for them.

Seed 0 lies in the folder itself, others in `seed-N` below it. Several workers share the work by telling each which part
of it is its own. What is there is not made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import GreenlightError, StorageError
from engine.evaluate.ledger import Ledger, Record
from engine.evaluate.roads import Maker, Road, walk
from engine.evaluate.videoverse.benchmark import Item
from engine.evaluate.videoverse.session import video_path
from engine.types import Settings

RECIPE = "text-to-video"
_SEEDS_APART = 100_003
"""As engine.evaluate.shards has it: noise is drawn anew for every prompt."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made, and where to."""

    items: Sequence[Item]
    folder: Path
    settings: Mapping[str, Settings]
    """Stage -> what is set of it: the profile, who words the prompt."""
    seeds: int = 1
    part: tuple[int, int] = (1, 1)
    """Which worker this is, and of how many."""

    def path(self, number: int, seed: int) -> Path:
        """Where a video lies."""
        return video_path(self.folder, self.items[number].key, seed)

    def mine(self) -> list[tuple[int, int]]:
        """Number and seed of every video that this worker makes."""
        whole = [(number, seed) for seed in range(self.seeds) for number in range(len(self.items))]
        return whole[self.part[0] - 1 :: self.part[1]]


def make(ledger: Ledger, order: Order, maker: Maker) -> Iterator[Record]:
    """Make what is not there yet; yields each record as it comes. One that cannot be made is a record that says why.

    Raises StorageError where nothing can be written.
    """
    for number, seed in order.mine():
        record = make_one(ledger, order, maker, (number, seed))
        if record is not None:
            yield record


def make_one(ledger: Ledger, order: Order, maker: Maker, which: tuple[int, int]) -> Record | None:
    """Make one video, by its number and seed; None where it is there. Raises as `make`."""
    number, seed = which
    path = order.path(number, seed)
    if ledger.has((RECIPE, number, seed)) and path.is_file():
        return None
    record = Record(RECIPE, number, seed, {"made": 1.0}, name=order.items[number].key)
    road = Road(RECIPE, order.items[number].prompt, settings=order.settings)
    try:
        _write(path, walk(maker, road, seed * _SEEDS_APART + number)["video"])
    except StorageError:
        raise
    except GreenlightError as error:
        record = replace(record, row={}, failure=str(error))
    ledger.add(record, None)
    return record


def _write(path: Path, video: bytes) -> None:
    """A video, whole or not at all."""
    draft = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(video)
        draft.replace(path)
    except OSError as error:
        what = "The video cannot be written"
        raise StorageError(what, "Make room, or name another folder.", value=f"{path}: {error.strerror}") from error
