"""The presets: data that the model table must agree with, and what they do to a new project."""

from __future__ import annotations

import pytest

from engine.models import presets, profiles
from engine.models.presets import PRESETS, Preset, fits
from engine.models.profiles import DETECTORS, POCKET, PROFILES
from engine.tasks import table
from engine.types import ModelProfile, Request

SIZED = pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: str(preset.name))
ROWS = (*PROFILES, *(row for row in DETECTORS if row.driver != POCKET.driver))
JOBS = {job for row in ROWS for job in row.jobs}
BIG = presets.named("24") or PRESETS[0]
UPLOADS = {"image-to-video": ("image",), "worldgpt": ("image",), "extend": ("video",), "edit": ("video",)}


def profile(name: str) -> ModelProfile:
    return profiles.profile(name, ROWS)


def request(task: str, **settings: dict[str, str | int]) -> Request:
    return Request(task, "a red ball", dict.fromkeys(UPLOADS.get(task, ()), ""), settings=settings)


def begun(task: str, rows: set[str], preset: Preset = BIG, **settings: dict[str, str | int]) -> Request:
    asked = request(task, **settings)
    return presets.begun_with(preset, asked, table.task(asked), [profile(name) for name in rows])


@SIZED
def test_a_preset_names_rows_that_fit_and_do_the_job(preset: Preset) -> None:
    for job, name in preset.models.items():
        row = profile(name)
        assert job in row.jobs
        assert fits(row, preset), f"{name} needs {presets.least_gib(row)} GiB"


@SIZED
def test_a_preset_names_a_model_for_every_job_that_any_row_can_do(preset: Preset) -> None:
    able = {job for row in ROWS if fits(row, preset) for job in row.jobs}
    assert set(preset.models) == able


def test_the_largest_preset_has_every_job_of_the_table() -> None:
    assert set(PRESETS[-1].models) == JOBS
    assert [preset.gpu_gib for preset in PRESETS] == sorted(preset.gpu_gib for preset in PRESETS)


@pytest.mark.parametrize(
    ("gib", "name"),
    [
        (None, "pocket"),
        (4.0, "pocket"),
        (7.99, "8"),
        (11.6, "12"),
        (15.7, "16"),
        (23.9, "24"),
        (47.5, "48"),
        (139.8, "80"),
    ],
)
def test_a_machine_gets_the_largest_that_it_has_room_for(gib: float | None, name: str) -> None:
    assert presets.for_machine(gib).name == name


def test_a_project_begins_with_a_preset_once_all_that_its_road_needs_is_here() -> None:
    assert begun("text-to-video", {"z-image-turbo"}) == request("text-to-video"), "and not with half of it"
    whole = begun("text-to-video", {"z-image-turbo", "wan2.2-5b"})
    assert whole.settings == {
        "prompt": {"writer": "as typed"},
        "key_frame": {"profile": "z-image-turbo"},
        "video": {"profile": "wan2.2-5b"},
    }
    assert begun("text-to-video", {POCKET.name}, PRESETS[0]) == request("text-to-video")


def test_what_was_uploaded_is_fitted_to_the_model_that_films() -> None:
    settings = begun("image-to-video", {"wan2.2-5b"}).settings
    assert settings["key_frame"] == settings["video"] == {"profile": "wan2.2-5b"}


def test_what_the_request_says_itself_stays() -> None:
    own = begun(
        "image-to-video", {"wan2.2-5b"}, video={"profile": "pocket", "frames": 17}, prompt={"writer": "offline"}
    )
    assert own.settings["video"] == {"profile": "pocket", "frames": 17}
    assert own.settings["prompt"] == {"writer": "offline"}


def test_a_length_that_the_model_does_not_have_is_left_to_it() -> None:
    assert begun("image-to-video", {"wan2.2-5b"}, video={"frames": 17}).settings["video"] == {"profile": "wan2.2-5b"}
    kept = begun("image-to-video", {"wan2.2-5b"}, video={"frames": 81}).settings["video"]
    assert kept == {"profile": "wan2.2-5b", "frames": 81}


def test_where_a_video_must_arrive_a_model_that_can_be_told_is_taken() -> None:
    rows = {"wan2.2-5b", "wan2.1-vace-1.3b"}
    asked = Request("image-to-video", "a red ball", {"image": "", "last_image": ""})
    road = table.task(asked)
    arrived = presets.begun_with(BIG, asked, road, [profile(name) for name in rows])
    assert arrived.settings["video"] == {"profile": "wan2.1-vace-1.3b"}
    assert presets.begun_with(BIG, asked, road, [profile("wan2.2-5b")]) == asked
