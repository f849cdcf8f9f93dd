"""A project as a zip file: out and in again unchanged; whatever else is in a zip file stays out."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from engine.disk import Disk
from engine.errors import ArchiveError, JournalDamagedError, StorageError
from engine.events import Created, Entry, Event, Project, Renamed
from engine.store import archive
from engine.store.codec import encode
from engine.store.files import digest
from engine.store.projects import ProjectStore
from engine.types import Request
from tests.fakes import FullDisk, fake_clock, png

PICTURE = png(1)
SHA256 = digest(PICTURE)
CREATED = Created(Request("image-to-video", "a red ball", {"image": f"{SHA256}.png"}), "a title")
JOURNAL = encode(Entry(0, "then", CREATED)) + encode(Entry(1, "then", Renamed("a name")))
LARGEST = 1 << 20
Fill = Callable[[zipfile.ZipFile], None]


def store(home: Path, disk: Disk | None = None) -> ProjectStore:
    return ProjectStore(home, disk, fake_clock())


def take_in(projects: ProjectStore, path: Path) -> str:
    return archive.import_project(projects, path, LARGEST, lambda _: ())


@pytest.fixture
def exported(tmp_path: Path) -> tuple[str, Path]:
    projects = store(tmp_path / "there")
    name = projects.create(CREATED, [(PICTURE, ".png")])
    projects.change(name, lambda _: [Renamed("a name")])
    (tmp_path / "there" / "projects" / name / "files" / ".left.part").write_bytes(b"half")
    archive.export_project(projects, name, tmp_path / "out.zip")
    return name, tmp_path / "out.zip"


def test_out_and_in_again(tmp_path: Path, exported: tuple[str, Path]) -> None:
    name, path = exported
    here = store(tmp_path / "here")
    assert take_in(here, path) == name
    there = store(tmp_path / "there").project(name)
    assert here.project(name).entries == there.entries
    assert here.files(name).read(SHA256, ".png") == PICTURE
    assert here.verify() == ()


def test_the_same_project_gives_the_same_bytes(tmp_path: Path, exported: tuple[str, Path]) -> None:
    name, path = exported
    archive.export_project(store(tmp_path / "there"), name, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == path.read_bytes()


def test_a_project_that_is_there_already_comes_in_beside_it(tmp_path: Path, exported: tuple[str, Path]) -> None:
    name, path = exported
    there = store(tmp_path / "there")
    other = take_in(there, path)
    assert other != name
    there.remove(name)
    assert take_in(there, path) not in (name, other), "also beside one in the bin"


def test_what_the_opening_says_is_written_first(tmp_path: Path, exported: tuple[str, Path]) -> None:
    def opening(project: Project) -> Sequence[Event]:
        return [Renamed(f"{len(project.entries)} lines")]

    here = store(tmp_path / "here")
    name = archive.import_project(here, exported[1], LARGEST, opening)
    assert here.project(name).entries[-1].event == Renamed("2 lines")


def test_an_opening_that_refuses_keeps_the_project_out(tmp_path: Path, exported: tuple[str, Path]) -> None:
    def opening(_: Project) -> Sequence[Event]:
        raise JournalDamagedError("The task is unknown", "Choose another one.")

    here = store(tmp_path / "here")
    with pytest.raises(ArchiveError, match="task is unknown"):
        archive.import_project(here, exported[1], LARGEST, opening)
    _nothing_came_in(here)


def test_a_project_with_a_missing_file_is_not_exported(tmp_path: Path, exported: tuple[str, Path]) -> None:
    name, path = exported
    (tmp_path / "there" / "projects" / name / "files" / f"{SHA256}.png").unlink()
    before = path.read_bytes()
    with pytest.raises(JournalDamagedError):
        archive.export_project(store(tmp_path / "there"), name, path)
    assert path.read_bytes() == before


def test_a_full_disk_exports_and_imports_nothing(tmp_path: Path, exported: tuple[str, Path]) -> None:
    name, path = exported
    for fails_at in range(3):
        with pytest.raises(StorageError):
            archive.export_project(store(tmp_path / "there", FullDisk(fails_at)), name, tmp_path / "no.zip")
        assert not (tmp_path / "no.zip").exists()
    for fails_at in range(10):
        here = store(tmp_path / f"here {fails_at}", FullDisk(fails_at))
        with pytest.raises(StorageError):
            take_in(here, path)
        _nothing_came_in(here)


def _nothing_came_in(projects: ProjectStore) -> None:
    folder = projects.home / "projects"
    assert not folder.exists() or list(folder.iterdir()) == []


def _good(packed: zipfile.ZipFile) -> None:
    packed.writestr("journal.jsonl", JOURNAL)
    packed.writestr(f"files/{SHA256}.png", PICTURE)


def _and(name: str, data: bytes = b"x") -> Fill:
    def fill(packed: zipfile.ZipFile) -> None:
        _good(packed)
        packed.writestr(name, data)

    return fill


def _link(packed: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo(f"files/{SHA256}.png")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed.writestr("journal.jsonl", JOURNAL)
    packed.writestr(info, "/etc/passwd")


def _bomb(packed: zipfile.ZipFile) -> None:
    _good(packed)
    packed.writestr(f"files/{'0' * 64}.png", bytes(LARGEST), zipfile.ZIP_DEFLATED)


def _many(packed: zipfile.ZipFile) -> None:
    for number in range(archive.ENTRIES + 1):
        packed.writestr(f"files/{number:064x}.png", b"")


def _journal(data: bytes) -> Fill:
    def fill(packed: zipfile.ZipFile) -> None:
        packed.writestr("journal.jsonl", data)
        packed.writestr(f"files/{SHA256}.png", PICTURE)

    return fill


@pytest.mark.parametrize(
    ("fill", "says"),
    [
        (_and("../evil"), "no part of a project"),
        (_and(f"files/../../{SHA256}.png"), "no part of a project"),
        (_and("/etc/evil"), "no part of a project"),
        (_and("C:\\evil"), "no part of a project"),
        (_and("files/"), "no part of a project"),
        (_and("files/readme.txt"), "no part of a project"),
        (_and(f"files/{'0' * 64}.html"), "no part of a project"),
        (_and(f"other/{'0' * 64}.png"), "no part of a project"),
        (_and("journal.lock"), "no part of a project"),
        (_and(f"files/{'0' * 64}.png\0.html"), "no part of a project|altered"),
        (_link, "no part of a project"),
        (_and(f"files/{'0' * 64}.png"), "altered"),
        (_and(f"files/{digest(b'more')}.png", b"more"), "not those of its journal"),
        (lambda packed: packed.writestr("journal.jsonl", JOURNAL), "not those of its journal"),
        (lambda packed: packed.writestr(f"files/{SHA256}.png", PICTURE), "no journal"),
        (lambda _: None, "no journal"),
        (_bomb, "too large"),
        (_many, "too many"),
        (_journal(b""), "cut off"),
        (_journal(JOURNAL[:-1]), "cut off"),
        (_journal(b"rubbish\n"), "Line 1"),
        (_journal(JOURNAL + encode(Entry(7, "then", Renamed("x")))), "Line 3"),
        (_journal(JOURNAL + encode(Entry(2, "then", Renamed("half \ud83d")))), "half a character"),
    ],
)
def test_everything_else_stays_out(tmp_path: Path, fill: Fill, says: str) -> None:
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as packed:
        fill(packed)
    here = store(tmp_path / "here")
    with pytest.raises(ArchiveError, match=says) as caught:
        take_in(here, path)
    assert caught.value.remedy
    _nothing_came_in(here)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "in.zip"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_stays_out(tmp_path: Path) -> None:
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as packed:
        _and("journal.jsonl", JOURNAL)(packed)
    with pytest.raises(ArchiveError, match="twice"):
        take_in(store(tmp_path / "here"), path)


@pytest.mark.parametrize("data", [b"", b"rubbish", b"PK\x05\x06" + bytes(10)])
def test_what_is_no_zip_file_stays_out(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "in.zip").write_bytes(data)
    with pytest.raises(ArchiveError):
        take_in(store(tmp_path / "here"), tmp_path / "in.zip")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no such file"):
        take_in(store(tmp_path / "here"), tmp_path / "in.zip")


def test_any_cut_or_flipped_byte_stays_out_or_changes_nothing(tmp_path: Path, exported: tuple[str, Path]) -> None:
    whole = exported[1].read_bytes()
    spoiled = [whole[:cut] for cut in range(0, len(whole), 97)]
    spoiled += [whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :] for at in range(0, len(whole), 31)]
    for number, data in enumerate(spoiled):
        path = tmp_path / "spoiled.zip"
        path.write_bytes(data)
        here = store(tmp_path / f"spoiled {number}")
        try:
            name = take_in(here, path)
        except ArchiveError:
            _nothing_came_in(here)
        else:
            assert here.verify() == ()
            assert len(here.project(name).entries) == 2
