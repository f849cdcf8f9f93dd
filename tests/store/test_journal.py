"""The journal: what was appended is there, torn lines are not, a full disk changes nothing, writers take turns."""

from __future__ import annotations

import json
import multiprocessing
import multiprocessing.process
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.disk import Disk
from engine.errors import JournalDamagedError, StorageError, UnknownProjectError
from engine.events import Created, Entry, Event, Renamed
from engine.store.codec import encode
from engine.store.journal import NAME, Journal
from engine.types import Request
from tests.fakes import FullDisk, fake_clock

FIRST = Entry(0, "then", Created(Request("text-to-video", "a red ball"), "a title"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(encode(FIRST))
    return path


def journal(path: Path, disk: Disk | None = None) -> Journal:
    return Journal(path, disk or Disk(), fake_clock())


def names(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.event.name for entry in entries if isinstance(entry.event, Renamed)]


def write(target: Journal, *texts: str) -> tuple[Entry, ...]:
    return target.change(lambda _: [Renamed(text) for text in texts])


def test_what_was_appended_is_there_for_everybody(path: Path) -> None:
    one, other = journal(path), journal(path)
    assert other.entries() == (FIRST,)
    assert names(write(one, "a", "b")) == ["a", "b"]
    assert names(write(other, "c")) == ["a", "b", "c"]
    assert names(one.entries()) == ["a", "b", "c"]
    assert [entry.number for entry in one.entries()] == [0, 1, 2, 3]


def test_reading_again_gives_the_same_tuple_while_nothing_was_added(path: Path) -> None:
    one = journal(path)
    assert one.entries() is one.entries()
    assert one.change(lambda _: []) is one.entries()


def test_a_decision_sees_what_another_process_wrote(path: Path) -> None:
    one = journal(path)
    one.entries()
    write(journal(path), "a")
    seen: list[list[str]] = []

    def look(entries: tuple[Entry, ...]) -> list[Event]:
        seen.append(names(entries))
        return []

    one.change(look)
    assert seen == [["a"]]


def test_a_decision_that_is_refused_writes_nothing(path: Path) -> None:
    def refuse(_: tuple[Entry, ...]) -> list[Event]:
        raise KeyError("no")

    before = path.read_bytes()
    with pytest.raises(KeyError):
        journal(path).change(refuse)
    assert path.read_bytes() == before
    assert names(write(journal(path), "a")) == ["a"], "the lock was let go"


@pytest.mark.parametrize(
    "torn", [b"{", b'{"schema": 1, "num', b"\x00\x00\x00", encode(Entry(1, "x", Renamed("y")))[:-1]]
)
def test_a_torn_last_line_is_not_read_and_the_next_writer_cuts_it_off(path: Path, torn: bytes) -> None:
    reader = journal(path)
    with path.open("ab") as file:
        file.write(torn)
    assert reader.entries() == (FIRST,)
    assert names(write(journal(path), "a")) == ["a"]
    assert names(reader.entries()) == ["a"]
    assert torn not in path.read_bytes() or torn == b"{"


@pytest.mark.parametrize("torn_after", range(0, 400, 7))
def test_a_journal_cut_anywhere_reads_as_its_whole_lines(path: Path, torn_after: int) -> None:
    write(journal(path), "a", "b", "c")
    data = path.read_bytes()
    kept = data[: max(len(encode(FIRST)), torn_after % len(data))]
    path.write_bytes(kept)
    assert len(journal(path).entries()) == kept.count(b"\n")


@pytest.mark.parametrize("line", [b"rubbish\n", b"\n", encode(Entry(7, "x", Renamed("y")))])
def test_a_damaged_line_is_named_with_its_file(path: Path, line: bytes) -> None:
    with path.open("ab") as file:
        file.write(line + encode(Entry(2, "x", Renamed("z"))))
    with pytest.raises(JournalDamagedError, match="Line 2") as caught:
        journal(path).entries()
    assert str(path) in str(caught.value)
    assert caught.value.remedy
    before = path.read_bytes()
    with pytest.raises(JournalDamagedError):
        write(journal(path), "a")
    assert path.read_bytes() == before


def test_a_reader_notices_that_what_it_read_was_taken_back(path: Path) -> None:
    reader = journal(path)
    with path.open("ab") as file:
        file.write(encode(Entry(1, "x", Renamed("taken back"))))
    assert names(reader.entries()) == ["taken back"]
    path.write_bytes(encode(FIRST) + encode(Entry(1, "x", Renamed("a longer one that stands there instead"))))
    assert names(reader.entries()) == ["a longer one that stands there instead"]


def test_no_journal_is_no_project(tmp_path: Path) -> None:
    missing = journal(tmp_path / "gone" / NAME)
    with pytest.raises(UnknownProjectError):
        missing.entries()
    with pytest.raises(UnknownProjectError):
        write(missing, "a")
    assert not (tmp_path / "gone").exists()


def test_a_number_that_cannot_be_written_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    request = Request("t", "p", settings={"video": {"steps": float("nan")}})
    with pytest.raises(StorageError, match="finite"):
        journal(path).change(lambda _: [Created(request, "title")])
    assert path.read_bytes() == before


def test_a_full_disk_changes_nothing_and_says_so(path: Path) -> None:
    write(journal(path), "a")
    before = path.read_bytes()
    for fails_at in (0, 1):
        with pytest.raises(StorageError, match="space"):
            write(journal(path, FullDisk(fails_at)), "b")
        assert path.read_bytes() == before
    assert names(write(journal(path, FullDisk(2)), "c")) == ["a", "c"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    attempts=st.lists(st.tuples(st.lists(st.text(max_size=5), min_size=1, max_size=3), st.integers(0, 3)), max_size=8)
)
def test_after_any_failures_the_journal_reads_whole(
    tmp_path_factory: pytest.TempPathFactory, attempts: list[tuple[list[str], int]]
) -> None:
    path = tmp_path_factory.mktemp("journal") / NAME
    path.write_bytes(encode(FIRST))
    reader = journal(path)
    written: list[str] = []
    for texts, fails_at in attempts:
        try:
            write(journal(path, FullDisk(fails_at)), *texts)
            written += texts
        except StorageError:
            pass
        assert names(reader.entries()) == written
        assert names(journal(path).entries()) == written


class SlowDisk(Disk):
    """Takes one byte at a time."""

    def write(self, descriptor: int, data: bytes) -> int:
        return super().write(descriptor, data[:1])


def test_a_disk_that_takes_little_at_a_time_gets_all_of_it(path: Path) -> None:
    assert names(write(journal(path, SlowDisk()), "a long name")) == ["a long name"]


def _append(path: Path, count: int) -> None:
    target = journal(path)
    for number in range(count):
        target.change(lambda entries, number=number: [Renamed(f"{len(entries)} {number}")])  # type: ignore[misc]


def test_threads_and_processes_take_turns(path: Path) -> None:
    processes = [multiprocessing.get_context("spawn").Process(target=_append, args=(path, 25)) for _ in range(2)]
    threads = [threading.Thread(target=_append, args=(path, 25)) for _ in range(2)]
    everybody: list[threading.Thread | multiprocessing.process.BaseProcess] = [*processes, *threads]
    for one in everybody:
        one.start()
    for one in everybody:
        one.join(60)
    found = names(journal(path).entries())
    assert len(found) == 100
    assert [int(name.split()[0]) for name in found] == list(range(1, 101)), "each saw all that came before it"


def test_a_shared_journal_serves_threads(path: Path) -> None:
    shared = journal(path)
    threads = [threading.Thread(target=write, args=(shared, str(number))) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(names(shared.entries()), key=int) == [str(number) for number in range(20)]


def test_a_journal_of_an_earlier_version_is_named_and_left_as_it_is(path: Path) -> None:
    before = {"task": "image-to-video", "prompt": "a red ball", "image": "0" * 64, "seed": 1, "settings": {}}
    data = {"request": before, "title": "x"}
    line = json.dumps({"schema": 1, "number": 0, "at": "then", "event": "created", "data": data}).encode() + b"\n"
    path.write_bytes(line)
    with pytest.raises(JournalDamagedError, match="schema is 1"):
        journal(path).entries()
    assert path.read_bytes() == line
