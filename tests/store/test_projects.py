"""The projects of a home: made whole or not at all, found, removed and brought back, checked against their digests."""

from __future__ import annotations

import itertools
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from engine.disk import Disk
from engine.errors import StorageError, UnknownProjectError
from engine.events import Created, Entry, Event, Recorded, Renamed
from engine.store.files import digest
from engine.store.projects import ProjectStore, named_files
from engine.types import Artifact, Request, Take
from tests.fakes import FullDisk, fake_clock, png

PICTURE = png(1)
CREATED = Created(Request("image-to-video", "a red ball", {"image": f"{digest(PICTURE)}.png"}), "a title")


def store(home: Path, disk: Disk | None = None) -> ProjectStore:
    return ProjectStore(home, disk, fake_clock())


def create(projects: ProjectStore) -> str:
    return projects.create(CREATED, [(PICTURE, ".png")])


def test_nothing_is_made_before_something_is_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert store(home).ids() == ()
    assert store(home).verify() == ()
    assert not home.exists()


def test_a_new_project_has_its_first_line_and_its_picture(tmp_path: Path) -> None:
    home = tmp_path / "home"
    name = create(store(home))
    project = store(home).project(name)
    assert [entry.event for entry in project.entries] == [CREATED]
    assert store(home).files(name).read(digest(PICTURE), ".png") == PICTURE
    assert store(home).ids() == (name,)
    assert home.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in (home / "projects").iterdir()} == {name}


def test_a_full_disk_at_any_write_makes_no_project_and_says_so(tmp_path: Path) -> None:
    for fails_at in itertools.count():
        home, disk = tmp_path / str(fails_at), FullDisk(fails_at)
        with suppress(StorageError):
            create(store(home, disk))
        left = [path.name for path in (home / "projects").iterdir()] if (home / "projects").exists() else []
        assert not [name for name in left if name.startswith(".")], "no draft stays"
        assert all(store(home).project(name).entries for name in left), "what is there is whole"
        assert store(home).verify() == ()
        if disk.calls <= fails_at:
            break
    assert len(left) == 1
    assert fails_at > 8


@pytest.mark.parametrize("name", ["", "..", "../x", "0" * 11, "0" * 12 + "/", "G" * 12, "0" * 12 + "\n"])
def test_no_other_name_is_a_project(tmp_path: Path, name: str) -> None:
    projects = store(tmp_path)
    for look in (projects.project, projects.files, projects.remove, projects.restore):
        with pytest.raises(UnknownProjectError):
            look(name)


def test_a_project_that_is_not_there_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(UnknownProjectError):
        store(tmp_path).project("0" * 12)
    assert not (tmp_path / "projects").exists()


def test_a_removed_project_comes_back_as_it_was(tmp_path: Path) -> None:
    projects = store(tmp_path)
    name = create(projects)
    projects.change(name, lambda _: [Renamed("another title")])
    before = projects.project(name)
    projects.remove(name)
    assert projects.ids() == ()
    with pytest.raises(UnknownProjectError):
        projects.project(name)
    with pytest.raises(UnknownProjectError):
        projects.change(name, lambda _: [Renamed("late")])
    projects.restore(name)
    assert projects.project(name) == before
    with pytest.raises(UnknownProjectError):
        projects.restore(name)


def test_a_full_disk_leaves_a_project_where_it_was(tmp_path: Path) -> None:
    name = create(store(tmp_path))
    for fails_at in (0, 1):
        with pytest.raises(StorageError):
            store(tmp_path, FullDisk(fails_at)).remove(name)
        assert store(tmp_path).ids() == (name,)


def test_named_files_are_the_upload_and_every_artifact() -> None:
    take = Take("t", "video", 1, Artifact("video", "f" * 64, ".mp4", 1, "fake"), {}, 1.0, "now")
    events: list[Event] = [CREATED, Recorded(take), Renamed("x")]
    entries = [Entry(number, "now", event) for number, event in enumerate(events)]
    assert named_files(entries) == {digest(PICTURE): ".png", "f" * 64: ".mp4"}


def test_verifying_names_what_is_missing_altered_or_unreadable(tmp_path: Path) -> None:
    projects = store(tmp_path)
    whole, altered, missing, damaged = (create(projects) for _ in range(4))
    file = f"files/{digest(PICTURE)}.png"
    (tmp_path / "projects" / altered / file).write_bytes(b"altered")
    (tmp_path / "projects" / missing / file).unlink()
    (tmp_path / "projects" / damaged / "journal.jsonl").write_bytes(b"rubbish\n")
    problems = {line.split()[1].rstrip(":"): line for line in projects.verify()}
    assert set(problems) == {altered, missing, damaged}
    assert "altered" in problems[altered]
    assert "cannot be read" in problems[missing]
    assert "Line 1" in problems[damaged]
    assert whole not in problems


def test_what_does_not_belong_there_is_no_project(tmp_path: Path) -> None:
    projects = store(tmp_path)
    name = create(projects)
    (tmp_path / "projects" / "notes").mkdir()
    shutil.copytree(tmp_path / "projects" / name, tmp_path / "projects" / ".new-copy")
    assert projects.ids() == (name,)
