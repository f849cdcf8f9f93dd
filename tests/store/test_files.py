"""Files named by content: whole or not there, whatever the disk does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.disk import Disk
from engine.errors import JournalDamagedError, StorageError, UnknownProjectError
from engine.store.files import Files, digest
from tests.fakes import FullDisk

DATA = b"a picture" * 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project" / "files"
    folder.mkdir(parents=True)
    return folder


def test_what_was_put_is_read_by_its_digest(folder: Path) -> None:
    files = Files(folder, Disk())
    sha256 = files.put(DATA, ".png")
    assert sha256 == digest(DATA)
    assert files.read(sha256, ".png") == DATA
    assert [path.name for path in folder.iterdir()] == [f"{sha256}.png"]
    assert files.path(sha256, ".png").stat().st_mode & 0o777 == 0o600


def test_putting_it_again_writes_nothing_unless_it_was_altered(folder: Path) -> None:
    sha256 = Files(folder, Disk()).put(DATA, ".png")
    full = Files(folder, FullDisk(0))
    assert full.put(DATA, ".png") == sha256
    full.path(sha256, ".png").write_bytes(b"altered")
    with pytest.raises(StorageError):
        full.put(DATA, ".png")
    Files(folder, Disk()).put(DATA, ".png")
    assert full.read(sha256, ".png") == DATA


@pytest.mark.parametrize("fails_at", range(3))
def test_a_full_disk_leaves_nothing_half_written(folder: Path, fails_at: int) -> None:
    with pytest.raises(StorageError, match="space") as caught:
        Files(folder, FullDisk(fails_at)).put(DATA, ".png")
    assert caught.value.remedy
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_synced_still_holds_the_whole_file(folder: Path) -> None:
    with pytest.raises(StorageError):
        Files(folder, FullDisk(3)).put(DATA, ".png")
    assert Files(folder, Disk()).read(digest(DATA), ".png") == DATA


def test_missing_and_altered_files_are_told_apart(folder: Path) -> None:
    files = Files(folder, Disk())
    with pytest.raises(JournalDamagedError, match="missing"):
        files.read("0" * 64, ".png")
    sha256 = files.put(DATA, ".png")
    files.path(sha256, ".png").write_bytes(DATA[:-1])
    with pytest.raises(JournalDamagedError, match="altered"):
        files.read(sha256, ".png")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 63, "g" * 64, "0" * 64 + "\n", "/" + "0" * 63])
def test_no_other_name_leads_anywhere(folder: Path, name: str) -> None:
    with pytest.raises(UnknownProjectError):
        Files(folder, Disk()).path(name, ".png")


def test_no_other_suffix_is_stored(folder: Path) -> None:
    with pytest.raises(UnknownProjectError):
        Files(folder, Disk()).put(DATA, ".html")


def test_a_removed_project_does_not_come_back_by_a_late_file(tmp_path: Path) -> None:
    with pytest.raises(UnknownProjectError):
        Files(tmp_path / "gone" / "files", Disk()).put(DATA, ".png")
    assert list(tmp_path.iterdir()) == []


def test_sweeping_removes_what_a_killed_writer_left_long_ago(folder: Path) -> None:
    files = Files(folder, Disk())
    sha256 = files.put(DATA, ".png")
    old, new = folder / ".old.part", folder / ".new.part"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (0, 0))
    files.sweep()
    assert {path.name for path in folder.iterdir()} == {f"{sha256}.png", ".new.part"}
