"""Visitors of a public host: each sees projects of their own, and asks for no more than one may."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from engine import configuration as settings
from engine.configuration import PUBLIC, Configuration, Limits
from engine.errors import SettingError, TooManyError, UnknownProjectError
from engine.studio import Studio
from engine.types import Request
from tests.fakes import Desk
from ui.reception import Reception

ROOT = Path(__file__).resolve().parents[2]
PAGE = """
import sys
from pathlib import Path
from tests.spaces.test_guests import public
from ui.shell import build

print(*(part.elem_id for part in build(public(Path(sys.argv[1])).studio).blocks.values()))
"""
MINE, YOURS = "a" * 64, "b" * 64
BALL = Request("text-to-video", "a red ball")
SPACE = {"SYSTEM": "spaces", "SPACE_ID": "someone/greenlight"}


def public(home: Path, limits: Limits = PUBLIC) -> Desk:
    """A studio on fakes that strangers visit."""
    desk = Desk(home)
    house = replace(desk.studio._house, configuration=Configuration(home, public=True, limits=limits))
    desk.studio = Studio(house, desk.machine)
    return desk


def test_a_space_is_public_and_keeps_its_projects_on_its_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_SPACE_DISK", tmp_path)
    space = Configuration.from_environment(SPACE)
    assert (space.public, space.granted, space.host, space.limits) == (True, False, "0.0.0.0", PUBLIC)
    assert space.home == tmp_path / "greenlight"
    assert Configuration.from_environment({**SPACE, "SPACES_ZERO_GPU": "true"}).granted
    monkeypatch.setattr(settings, "_SPACE_DISK", tmp_path / "none")
    assert Configuration.from_environment(SPACE).home == Configuration.from_environment({}).home
    home = Configuration.from_environment({"SPACES_ZERO_GPU": "true"})
    assert (home.public, home.granted, home.limits) == (False, False, Limits())


def test_nobody_finds_what_another_visitor_made(tmp_path: Path) -> None:
    desk = public(tmp_path / "home")
    mine, yours = desk.studio.guest(MINE), desk.studio.guest(YOURS)
    project = mine.create(BALL)
    take = mine.queue().jobs[0].take
    assert [row.id for row in mine.projects()] == [project]
    assert MINE[:12] not in project
    assert (yours.projects(), yours.queue().jobs, yours.preview(take)) == ((), (), None)
    for look in (yours.view, yours.remove, yours.restore, lambda name: yours.retry(name, "prompt")):
        with pytest.raises(UnknownProjectError):
            look(project)
    yours.cancel(take)
    desk.work()
    assert next(shown.status for shown in mine.view(project).stages) == "waiting", "it was not theirs to stop"
    picture = next(one for shown in mine.view(project).stages for one in shown.takes).artifact
    assert yours.find(f"{picture.sha256}{picture.suffix}") is None
    assert mine.find(f"{picture.sha256}{picture.suffix}") is not None
    assert [row.id for row in desk.studio.guest(MINE).projects()] == [project], "the same browser, another day"
    assert [row.id for row in desk.studio.projects()] == [project], "the host's own worker sees it"


def test_an_archive_of_somebody_else_s_becomes_one_s_own_project(tmp_path: Path) -> None:
    desk = public(tmp_path / "home")
    mine, yours = desk.studio.guest(MINE), desk.studio.guest(YOURS)
    project = mine.create(BALL)
    mine.export_project(project, tmp_path / "one.zip")
    taken = yours.import_project(tmp_path / "one.zip")
    assert taken != project
    assert [row.id for row in yours.projects()] == [taken]
    assert [row.id for row in mine.projects()] == [project]


def test_one_visitor_may_have_so_much_and_no_more(tmp_path: Path) -> None:
    desk = public(tmp_path / "home", replace(PUBLIC, waiting=1, projects=2))
    mine, yours = desk.studio.guest(MINE), desk.studio.guest(YOURS)
    first = mine.create(BALL)
    for ask in (lambda: mine.create(BALL), lambda: mine.retry(first, "prompt")):
        with pytest.raises(TooManyError, match=r"as many takes .*got 1; limit 1"):
            ask()
    yours.create(BALL)
    desk.work()
    mine.create(BALL)
    desk.work()
    with pytest.raises(TooManyError, match=r"as many projects .*limit 2.*export"):
        mine.create(BALL)


def test_what_reaches_the_host_s_files_or_everybody_s_queue_cannot_be_asked_for(tmp_path: Path) -> None:
    mine = public(tmp_path / "home").studio.guest(MINE)
    for name, value in (("loras", "sketch@0.8"), ("memory", "device")):
        with pytest.raises(SettingError, match=f"no setting {name}"):
            mine.create(replace(BALL, settings={"key_frame": {name: value}}))
    for ask in (mine.pause, mine.resume):
        with pytest.raises(SettingError, match="everybody's"):
            ask()


def test_the_page_of_a_public_host_lays_out_nothing_that_changes_the_house(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PAGE, str(tmp_path / "home")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert {"pause", "models", "presets", "errands", "llm-address", "proposal"}.isdisjoint(told)
    assert {"jobs", "covers", "opener"} <= set(told)


def test_the_reception_knows_a_visitor_again_and_gives_a_stranger_a_secret(tmp_path: Path) -> None:
    desk = public(tmp_path / "home")
    reception = Reception(desk.studio)
    secret, studio = reception.welcome("")
    assert len(secret) == 64
    assert reception.welcome(secret) == (secret, studio)
    assert reception.welcome("too short")[0] not in ("too short", secret)
    desk.studio.guest(secret).create(BALL)
    assert (len(studio.projects()), reception.nobody.projects()) == (1, ())
    assert Reception(Desk(tmp_path / "other").studio).welcome("")[0] == ""


def test_the_readme_begins_with_what_a_space_reads() -> None:
    head, _, body = (ROOT / "README.md").read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    told = dict(line.split(": ", 1) for line in head.splitlines())
    assert (told["sdk"], told["app_file"], told["license"]) == ("gradio", "app.py", "apache-2.0")
    assert (ROOT / told["app_file"]).is_file()
    needed = next(line for line in (ROOT / "requirements.txt").read_text().splitlines() if line.startswith("gradio>="))
    lowest = tuple(map(int, needed.removeprefix("gradio>=").split(".")))
    assert lowest <= tuple(map(int, told["sdk_version"].split("."))) <= tuple(map(int, version("gradio").split(".")))
    assert len(told["short_description"]) <= 60, "more is refused there"
    assert body.lstrip().startswith("# Greenlight")
