"""A world's memory: nothing is lost, the nearest come first, the sample itself never does."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from engine.disk import Disk
from engine.errors import AnotherWorldError, JournalDamagedError, StorageError
from engine.store.memories import INDEX, ROWS, Embedding, Memory, Remembered

WIDTH = 8


def transition(number: int) -> Remembered:
    return Remembered(f"take{number}", f"state{number}", "the ball drops", f"next{number}")


def embedding(number: int) -> Embedding:
    return np.random.default_rng(number).standard_normal(WIDTH).astype(np.float32)


def filled(folder: Path, count: int = 12) -> Memory:
    memory = Memory(folder, "pocket", WIDTH)
    for number in range(count):
        memory.remember(transition(number), embedding(number))
    return memory


def test_the_nearest_come_first_as_exact_search_finds_them(tmp_path: Path) -> None:
    memory, asked = filled(tmp_path, 30), embedding(99)
    unit = np.stack([embedding(number) / np.linalg.norm(embedding(number)) for number in range(30)])
    wanted = np.argsort(-(unit @ asked))[:5]
    recalled = memory.recall(asked, 5)
    assert [one.what for one in recalled] == [transition(int(number)) for number in wanted]
    assert all(first.likeness >= second.likeness for first, second in pairwise(recalled))
    assert all(-1.001 <= one.likeness <= 1.001 for one in recalled)
    assert memory.recall(asked, 100)[29:]
    assert not Memory(tmp_path / "new", "pocket", WIDTH).recall(asked, 3)


@pytest.mark.parametrize("most", [1, 5, 50])
def test_the_sample_itself_is_never_recalled(tmp_path: Path, most: int) -> None:
    memory = filled(tmp_path)
    for number in range(12):
        recalled = memory.recall(embedding(number), most, besides=transition(number))
        assert len(recalled) == min(most, 11)
        assert transition(number) not in [one.what for one in recalled]
        assert memory.recall(embedding(number), 1)[0].what == transition(number), "it would be the nearest"


def test_nor_is_the_same_transition_under_another_name(tmp_path: Path) -> None:
    memory, twin = filled(tmp_path, 3), Remembered("again", "state1", "the ball drops", "next1")
    memory.remember(twin, embedding(1))
    assert {one.what.key for one in memory.recall(embedding(1), 9, besides=twin)} == {"take0", "take2"}


def test_it_is_there_again_with_and_without_its_index(tmp_path: Path) -> None:
    memory, asked = filled(tmp_path), embedding(7)
    wanted = memory.recall(asked, 4)
    for opening in range(3):
        again = Memory(tmp_path, "pocket", WIDTH)
        assert len(again) == len(memory)
        assert [one.what for one in again.recall(asked, 4)] == [one.what for one in wanted]
        assert [one.likeness for one in again.recall(asked, 4)] == pytest.approx([one.likeness for one in wanted])
        memory.settle()
        if opening == 0:
            memory.remember(transition(50), -embedding(7))


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_damaged_index_is_made_again_from_the_lines(tmp_path: Path, damage: bytes | None) -> None:
    memory = filled(tmp_path)
    memory.settle()
    wanted = [one.what for one in memory.recall(embedding(3), 5)]
    index = tmp_path / INDEX
    index.write_bytes(index.read_bytes()[:-9] if damage is None else damage)
    assert [one.what for one in Memory(tmp_path, "pocket", WIDTH).recall(embedding(3), 5)] == wanted


def test_an_index_that_knows_more_than_the_lines_is_not_believed(tmp_path: Path) -> None:
    filled(tmp_path).settle()
    lines = (tmp_path / ROWS).read_bytes().splitlines(keepends=True)
    (tmp_path / ROWS).write_bytes(b"".join(lines[:6]))
    again = Memory(tmp_path, "pocket", WIDTH)
    assert len(again) == len(again.recall(embedding(0), 50)) == 5


def test_the_index_of_another_memory_is_not_believed(tmp_path: Path) -> None:
    memory, other = filled(tmp_path / "one"), Memory(tmp_path / "other", "pocket", WIDTH)
    for number in range(12):
        other.remember(transition(number), embedding(100 + number))
    other.settle()
    (tmp_path / "one" / INDEX).write_bytes((tmp_path / "other" / INDEX).read_bytes())
    wanted = [one.what for one in memory.recall(embedding(3), 5)]
    assert [one.what for one in Memory(tmp_path / "one", "pocket", WIDTH).recall(embedding(3), 5)] == wanted


def test_a_torn_last_line_is_cut_off(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    with (tmp_path / ROWS).open("ab") as rows:
        rows.write(b'{"key": "ta')
    again = Memory(tmp_path, "pocket", WIDTH)
    again.remember(transition(3), embedding(3))
    assert len(Memory(tmp_path, "pocket", WIDTH)) == 4


def test_the_memory_of_another_world_is_refused(tmp_path: Path) -> None:
    filled(tmp_path)
    for world, width in (("meadow", WIDTH), ("pocket", WIDTH + 1)):
        with pytest.raises(AnotherWorldError, match="another world"):
            Memory(tmp_path, world, width)
    memory = Memory(tmp_path, "pocket", WIDTH)
    for wrong in (np.zeros(WIDTH, np.float32), np.ones(WIDTH + 1, np.float32), np.full(WIDTH, np.nan, np.float32)):
        with pytest.raises(AnotherWorldError):
            memory.remember(transition(1), wrong)


@pytest.mark.parametrize("line", [b"nonsense\n", b"[]\n", b'{"key": "a"}\n'])
def test_a_damaged_line_is_named(tmp_path: Path, line: bytes) -> None:
    filled(tmp_path, 2)
    with (tmp_path / ROWS).open("ab") as rows:
        rows.write(line)
    with pytest.raises(JournalDamagedError, match="Line 4"):
        Memory(tmp_path, "pocket", WIDTH)


class _FullDisk(Disk):
    full = False

    def write(self, descriptor: int, data: bytes) -> int:
        if self.full:
            raise OSError(28, "No space left on device")
        return super().write(descriptor, data)


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    disk = _FullDisk()
    memory = Memory(tmp_path, "pocket", WIDTH, disk)
    memory.remember(transition(0), embedding(0))
    disk.full = True
    with pytest.raises(StorageError):
        memory.remember(transition(1), embedding(1))
    with pytest.raises(StorageError):
        memory.settle()
    disk.full = False
    memory.remember(transition(2), embedding(2))
    assert len(memory) == len(Memory(tmp_path, "pocket", WIDTH)) == 2
