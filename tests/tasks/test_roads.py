"""The nine roads: each resolves for every combination of options, and what cannot be is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine.errors import SettingError
from engine.models.profiles import profile
from engine.settings import SETTINGS
from engine.tasks import options, parts, table
from engine.tasks.extend import SEGMENT_SECONDS
from engine.tasks.table import RECIPES, offered, task
from engine.types import Request, Stage, Task, Value
from tests.fakes import AGENTS
from tests.tasks.recipes import requests


def names(task: str, uploads: str = "", **chosen: Value) -> list[str]:
    request = Request(task, "a red ball", dict.fromkeys(uploads.split(), ""), chosen)
    return [stage.name for stage in table.task(request).stages]


def stage_of(task: Task, name: str) -> Stage:
    return next(stage for stage in task.stages if stage.name == name)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: str(recipe.name))
def test_every_need_is_met_by_an_earlier_stage(recipe: object) -> None:
    mine = [request for request in requests() if RECIPES[request.task] is recipe]
    assert mine
    for request in mine:
        earlier: dict[str, Stage] = {}
        for stage in table.task(request).stages:
            check_stage(stage, request, earlier)
            earlier[stage.name] = stage
        assert list(earlier.values())[-1].yields == ("state" if request.task == "what-happened" else "video")


def check_stage(stage: Stage, request: Request, earlier: Mapping[str, Stage]) -> None:
    for need in stage.needs:
        if need.source == "request":
            assert need.field == "prompt" or need.field in request.uploads
            continue
        source = earlier[need.source]
        fields = {"prompt": source.fields, "video": (None, "first_frame")}.get(source.yields, (None,))
        assert need.field in fields
    given = {need.name for need in stage.needs}
    needs, takes, yields, _ = AGENTS[stage.agent]
    assert len(given) == len(stage.needs)
    assert set(needs.split()) <= given <= set(needs.split()) | set(takes.split())
    assert stage.yields == yields
    assert stage.name not in earlier
    assert bool(stage.fields) == (stage.yields == "prompt")
    assert 1 <= stage.tries <= 3
    assert stage.agent in SETTINGS


def test_only_the_end_of_a_road_is_merely_offered() -> None:
    for request in requests():
        assert not any(stage.optional for stage in table.task(request).stages[:-1])


def test_text_to_video_is_a_film_from_two_segments_on() -> None:
    assert names("text-to-video") == ["prompt", "key_frame", "video"]
    assert names("text-to-video", segments=3) == ["prompt", "key_frame", "segment_1", "segment_2", "segment_3", "film"]
    task = table.task(Request("text-to-video", "x", options={"segments": 3}))
    assert task.stages[0].fields == ("scene", "shot_1", "shot_2", "shot_3", "avoid")
    assert task.stages[0].settings == {"form": "shots", "shots": 3}
    third = {need.name: (need.source, need.field) for need in stage_of(task, "segment_3").needs}
    assert third["motion"] == ("prompt", "shot_3")
    assert (third["clip"][0], third["anchor"][0]) == ("segment_2", "segment_1")


def test_a_last_picture_is_where_the_video_ends() -> None:
    assert names("image-to-video", "image last_image") == ["prompt", "key_frame", "last_frame", "video"]


@pytest.mark.parametrize(("seconds", "count"), [(0.5, 1), (1.5, 1), (1.6, 2), (30, 20)])
def test_extending_takes_as_many_segments_as_the_seconds_need(seconds: float, count: int) -> None:
    stages = names("extend", "video", seconds=seconds)
    assert stages == ["source", "prompt", *(f"segment_{number + 1}" for number in range(count)), "film"]


def test_backwards_the_film_ends_with_the_source() -> None:
    chosen: dict[str, Value] = {"direction": "backwards", "seconds": 3, "start_seconds": 1.0}
    task = table.task(Request("extend", "x", {"video": ""}, chosen))
    film = stage_of(task, "film")
    clips = [need.source for need in film.needs if need.name.startswith("clip_")]
    assert clips == ["segment_2", "segment_1", "source"]
    assert film.settings == {"direction": "backwards", "start_seconds": 1.0}
    assert stage_of(task, "source").settings["keep"] == "start"
    assert stage_of(task, "source").settings["start_seconds"] == 1.0


def test_a_segment_is_as_long_as_the_profile_makes_it() -> None:
    from engine.agents.extender import CONTEXT
    from engine.models.profiles import POCKET

    pocket = POCKET
    assert pocket.fps is not None
    assert (pocket.frame_counts[0] - CONTEXT) / pocket.fps == SEGMENT_SECONDS
    assert options.NUMBERS["seconds"][1] == SEGMENT_SECONDS * options.SEGMENTS[1]


def test_another_world_is_reached_from_words_a_picture_or_a_video() -> None:
    assert names("digital-worlds") == ["prompt", "key_frame", "video"]
    assert names("digital-worlds", "image") == ["prompt", "key_frame", "styled", "video"]
    assert names("digital-worlds", "video") == ["source", "prompt", "first_frame", "video", "film"]
    with pytest.raises(SettingError, match="cannot both"):
        names("digital-worlds", "image video")


def test_worldgpt_without_its_parts_is_shorter() -> None:
    whole = ["key_frame", "prompt", "boxes", "mask", "end_frame", "video", "refined"]
    assert names("worldgpt", "image") == whole
    assert names("worldgpt", "image", enhancer=False) == whole
    assert names("worldgpt", "image", mask=False) == ["key_frame", "prompt", "end_frame", "video"]
    assert names("worldgpt", "image", end_frame=False) == ["key_frame", "prompt", "video"]
    plain = table.task(Request("worldgpt", "x", {"image": ""}, {"enhancer": False}))
    assert stage_of(plain, "prompt").settings["writer"] == "as typed"


@pytest.mark.parametrize(
    ("task", "chosen", "limit"),
    [
        ("text-to-video", {"segments": 50}, "1 to 20"),
        ("text-to-video", {"segments": 0}, "1 to 20"),
        ("text-to-video", {"segments": 2.0}, "1 to 20"),
        ("text-to-video", {"segments": True}, "1 to 20"),
        ("text-to-video", {"world": "voxel"}, "segments"),
        ("extend", {"seconds": 31}, "0.5 to 30"),
        ("extend", {"seconds": float("nan")}, "0.5 to 30"),
        ("extend", {"seconds": None}, "0.5 to 30"),
        ("extend", {"direction": "sideways"}, "forwards, backwards"),
        ("extend", {"start_seconds": -1}, "0 to 600"),
        ("extend", {"start_seconds": 3, "end_seconds": 2}, ""),
        ("connect", {"second_start_seconds": 3, "second_end_seconds": 3}, ""),
        ("edit", {"strength": 1.1}, "0 to 1"),
        ("digital-worlds", {"world": "marzipan"}, "voxel, low-poly, neon, pixel art, film 1920s, pencil"),
        ("worldgpt", {"mask": "no"}, "true or false"),
        ("text-to-opera", {}, ", ".join(RECIPES)),
    ],
)
def test_an_option_that_cannot_be_is_refused_with_its_limits(task: str, chosen: dict[str, Value], limit: str) -> None:
    with pytest.raises(SettingError) as caught:
        table.task(Request(task, "a red ball", options=chosen))
    assert caught.value.limit == limit
    assert caught.value.remedy


def test_every_world_is_a_style_of_the_pocket_world() -> None:
    from engine.pocket.vocabulary import STYLES

    assert {"flat", *options.CHOICES["world"]} == set(STYLES)


def test_the_shared_parts_name_themselves() -> None:
    assert parts.moving("key_frame", name="segment_1").title == "Segment 1"
    assert parts.film(("a", "b")).needs[1].name == "clip_2"


def test_a_recipe_is_offered_when_every_job_of_it_is_some_models() -> None:
    pocket = profile("pocket")
    able = replace(pocket, jobs=("text_to_image", "image_to_video", "detector", "inpainter"))
    assert set(offered([able])) == {"text-to-video", "image-to-video", "worldgpt"}
    assert set(offered([replace(able, jobs=("inpainter",)), replace(able, jobs=("detector", "image_to_video"))])) == {
        "image-to-video",
        "worldgpt",
    }
    agents = {stage.agent for request in requests() for stage in task(request).stages}
    assert agents.issuperset(job for recipe in RECIPES.values() for job in recipe.jobs)
    assert all(recipe.jobs for recipe in RECIPES.values())
