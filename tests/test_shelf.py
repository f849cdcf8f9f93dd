"""The models of one machine, behind the Studio's door: what is here, what may be chosen, and presets that are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.configuration import Configuration, LanguageModel
from engine.crew import Crew
from engine.errors import SettingError, WeightsMissingError
from engine.house import House
from engine.jobs.pace import Pace, PaceHistory, pace_key
from engine.models.profiles import POCKET, PROFILES
from engine.models.rows.images import SDXL, Z_IMAGE
from engine.models.rows.wan import WAN_5B
from engine.seen import ModelView, Speed
from engine.shelf import Shelf
from engine.store.preferences import Preferences
from engine.studio import Studio
from engine.tasks import table
from engine.types import Request
from tests.fakes import Desk
from tests.models.fake_hub import FakeHub, fake_hub
from tests.models.hub_models import NAME, machine, pipeline
from tests.waiting import until

TINY = replace(SDXL, name="tiny", title="Tiny", repository=NAME, gpu=False)
TWIN = replace(TINY, name="twin", title="Twin")


@pytest.fixture
def far() -> Iterator[FakeHub]:
    with fake_hub() as served:
        served.add(NAME, pipeline())
        yield served


Open = Callable[..., Shelf]


@pytest.fixture
def opened(far: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens the shelf of a home whose table has a tiny model; `gib`: the machine's GPU."""
    monkeypatch.setenv("GREENLIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    shelves: list[Shelf] = []

    def open_(gib: float | None = None) -> Shelf:
        desk = Desk(tmp_path / "desk")
        home = Configuration(tmp_path / "home")
        house = House(
            home, desk.projects, Preferences(home.home), Crew(lambda: None), desk.runner, table.RECIPES,
            rows=(*PROFILES, TINY, TWIN),
        )  # fmt: skip
        shelves.append(Shelf(house, machine(tmp_path, far), lambda: gib))
        return shelves[-1]

    yield open_
    for shelf in shelves:
        shelf.close()


def found(shelf: Shelf, name: str) -> ModelView:
    return next(one for one in shelf.view().models if one.row.name == name)


def fetched(shelf: Shelf, name: str = "tiny") -> None:
    shelf.download(name)
    until(lambda: [errand.status for errand in shelf.view().errands] == ["done"], "the download")


def test_every_row_is_there_and_nobody_is_asked(opened: Open, far: FakeHub) -> None:
    view = opened().view()
    assert {one.row.name for one in view.models} >= {row.name for row in PROFILES}
    assert found(opened(), "pocket").state == "ships"
    assert found(opened(), "tiny").state == "not here"
    assert view.free_bytes > 0
    assert far.requests == []


def test_what_a_machine_cannot_hold_says_why(opened: Open) -> None:
    assert "shows none from NVIDIA" in found(opened(), "wan2.2-a14b").why_not
    assert "this machine's GPU has: 1 GB" in found(opened(1.0), "wan2.2-a14b").why_not
    assert found(opened(80.0), "wan2.2-a14b").why_not == ""
    assert found(opened(), "pocket").why_not == ""


def test_what_was_downloaded_can_be_chosen_at_once_and_what_was_removed_no_more(opened: Open) -> None:
    shelf = opened()
    assert shelf.choosable == (POCKET,)
    fetched(shelf)
    assert {row.name for row in shelf.choosable} >= {"tiny", "twin"}, "the two have their files in common"
    assert found(shelf, "tiny").state == "here"
    assert found(shelf, "tiny").shares == ("Twin",)
    assert shelf.remove("tiny") > 5000
    assert found(shelf, "tiny").state == "not here"
    assert "tiny" not in {row.name for row in shelf.choosable}
    assert shelf.view().errands == ()
    with pytest.raises(WeightsMissingError):
        shelf.remove("tiny")


def test_a_check_reads_what_ships_too(opened: Open) -> None:
    shelf = opened()
    shelf.check("pocket")
    until(lambda: [errand.status for errand in shelf.view().errands] == ["done"], "the check")


@pytest.mark.parametrize("name", ["pocket", "nobody"])
def test_what_comes_from_no_hub_is_not_downloaded_or_removed(opened: Open, name: str) -> None:
    shelf = opened()
    with pytest.raises(SettingError):
        shelf.download(name)
    with pytest.raises(SettingError):
        shelf.remove(name)


def test_a_speed_is_what_the_worker_measured_here(opened: Open, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "queue"
    folder.mkdir(parents=True)
    key = pace_key("text_to_image", {"profile": "tiny", "steps": 40})
    PaceHistory(folder / "pace.json").learn(key, Pace(0.5, 1.0))
    assert found(opened(), "tiny").speeds == (Speed("text_to_image", 0.5, 1.0),)
    assert found(opened(), "pocket").speeds == ()


def test_a_preset_is_proposed_and_used_only_once_it_was_chosen(opened: Open) -> None:
    asked = Request("text-to-video", "a red ball")
    shelf = opened(24.0)
    proposed = shelf.proposal()
    assert proposed is not None
    assert (proposed.name, proposed.choice) == ("24", "proposed")
    assert shelf.begun_with(asked, table.task(asked)) is asked
    shelf.choose_preset("24")
    assert opened(24.0).proposal() is None, "it is kept"
    assert [one.name for one in shelf.presets() if one.choice] == ["24"]
    assert shelf.begun_with(asked, table.task(asked)) == asked, "nothing of it is here"
    with pytest.raises(SettingError, match="No preset has this name"):
        shelf.choose_preset("23")


@pytest.mark.parametrize("server", [None, LanguageModel("http://localhost:1/v1", "some")])
def test_a_new_project_begins_with_what_was_chosen(tmp_path: Path, server: LanguageModel | None) -> None:
    desk = Desk(tmp_path)
    house = House(
        Configuration(tmp_path), desk.projects, Preferences(tmp_path), Crew(lambda: None), desk.runner, table.RECIPES,
        profiles=(POCKET, Z_IMAGE, WAN_5B),
    )  # fmt: skip
    studio = Studio(house, desk.machine)
    studio.set_language_model(server)
    before = studio.create(Request("text-to-video", "a red ball"))
    studio.shelf.choose_preset("24")
    after = studio.create(Request("text-to-video", "a red ball", settings={"key_frame": {"takes": 1}}))
    assert studio.view(before).request.settings == {}
    settings = {"key_frame": {"profile": Z_IMAGE.name, "takes": 1}, "video": {"profile": WAN_5B.name}}
    words = {} if server else {"prompt": {"writer": "as typed"}}
    assert studio.view(after).request.settings == {**settings, **words}


def test_where_there_is_no_gpu_nothing_is_proposed_but_what_ships(opened: Open) -> None:
    shelf = opened()
    assert shelf.proposal() is None
    assert [one.name for one in shelf.presets() if one.choice] == ["pocket"]


def test_choices_are_kept_beside_each_other(tmp_path: Path) -> None:
    kept = Preferences(tmp_path)
    kept.set_preset("12")
    kept.set_language_model(None)
    assert kept.preset() == "12"
    assert Preferences(tmp_path).preset() == "12"
