"""Every recipe on fakes, from its first word to its last approval, through a new Studio, a restart and a change."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import DecisionError, MaskError, SettingError, VideoError, WeightsMissingError
from engine.media.videos import encode_video
from engine.seen import ProjectView, StageView
from engine.tasks.table import RECIPES
from engine.types import Request, Value
from tests.fakes import Desk, mask_png, moving_video, png

OPTIONS: Mapping[str, Mapping[str, Value]] = {
    "text-to-video": {"segments": 3},
    "extend": {"seconds": 3.0, "direction": "backwards"},
    "digital-worlds": {"world": "neon", "strength": 0.5},
}
EXTRAS: Mapping[str, str] = {"image-to-video": "last_image", "digital-worlds": "video", "what-happened": "video"}
ROADS = tuple(RECIPES)


@pytest.fixture(scope="module")
def files() -> Mapping[str, bytes]:
    """Uploads by name."""
    videos = {"video": moving_video("a"), "second_video": moving_video("b")}
    return {"image": png(3, (40, 30)), "last_image": png(4, (40, 30)), **videos}


def desk_in(home: Path) -> Desk:
    """A studio of all recipes, whose videos can be looked into."""
    return Desk(home, real_videos=True)


def opened(home: Path) -> Desk:
    """The home in a fresh process: nothing but the disk is shared."""
    desk = desk_in(home)
    desk.runner.recover()
    return desk


def begin(desk: Desk, task: str, files: Mapping[str, bytes], **more: Value) -> str:
    recipe = RECIPES[task]
    wanted = [name for name in (*recipe.asks, EXTRAS.get(task)) if name and name != "prompt"]
    options = {**OPTIONS.get(task, {}), **more}
    return desk.studio.create(
        Request(task, "a red ball rolls", options=options, seed=7), {name: files[name] for name in wanted}
    )


def shown(view: ProjectView, name: str) -> StageView:
    return next(one for one in view.stages if one.stage.name == name)


def approve_open(desk: Desk, project: str) -> ProjectView:
    desk.work()
    view = desk.studio.view(project)
    one = view.open_stage
    if not one.stage.waits:  # an answer
        assert one.status == "approved"
        return view
    assert one.status == "waiting"
    return desk.studio.approve(project, one.stage.name, one.takes[-1].id)


def finish(desk: Desk, project: str) -> ProjectView:
    while not desk.studio.view(project).finished:
        approve_open(desk, project)
    return desk.studio.view(project)


@pytest.mark.parametrize("task", ROADS)
def test_every_gate_of_a_road_survives_a_new_process(tmp_path: Path, task: str, files: Mapping[str, bytes]) -> None:
    project = begin(desk_in(tmp_path), task, files)
    gates = 0
    while not (desk := opened(tmp_path)).studio.view(project).finished:
        before = desk.studio.view(project).open_stage.stage.name
        assert approve_open(desk, project).open_stage.stage.name != before or desk.studio.view(project).finished
        gates += 1
    view = desk.studio.view(project)
    assert gates == sum(not one.stage.optional for one in view.stages)
    assert desk.studio.verify() == ()
    assert desk.queue.view().jobs == ()


@pytest.mark.parametrize("task", ROADS)
def test_a_road_may_be_walked_without_asking(tmp_path: Path, task: str, files: Mapping[str, bytes]) -> None:
    desk = desk_in(tmp_path)
    project = begin(desk, task, files)
    desk.studio.approve_automatically(project, [one.stage.name for one in desk.studio.view(project).stages])
    desk.work()
    view = desk.studio.view(project)
    assert view.finished
    assert [len(one.takes) for one in view.stages if one.stage.name == view.stages[0].stage.name] == [1]


@pytest.mark.parametrize("task", ROADS)
def test_a_recipe_comes_back_with_its_uploads_and_options(
    tmp_path: Path, task: str, files: Mapping[str, bytes]
) -> None:
    desk = desk_in(tmp_path / "here")
    project = begin(desk, task, files)
    view = finish(desk, project)
    last = [one for one in view.stages if one.chosen is not None][-1].chosen
    assert last is not None
    recipe = desk.studio.recipe(project, last.id)
    again = desk.studio.create_from_recipe(recipe)
    request = desk.studio.view(again).request
    assert (request.uploads, request.options) == (view.request.uploads, view.request.options)
    remade = [one for one in finish(desk, again).stages if one.chosen is not None][-1].chosen
    assert remade is not None
    assert remade.artifact.sha256 == last.artifact.sha256
    elsewhere = desk_in(tmp_path / "there")
    if view.request.uploads:
        with pytest.raises(Exception, match="not here"):
            elsewhere.studio.create_from_recipe(recipe)
    brought = {name: files[name] for name in view.request.uploads}
    assert elsewhere.studio.create_from_recipe(recipe, brought)


# --------------------------------------------------------------------------------------------- long films


def test_a_film_is_made_again_from_the_segment_that_changed(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    project = begin(desk, "text-to-video", {})
    finish(desk, project)
    prompt = shown(desk.studio.view(project), "prompt").chosen
    assert prompt is not None
    said = desk.studio.prompt(project, prompt.id).fields
    assert list(said) == ["scene", "shot_1", "shot_2", "shot_3", "avoid"]
    view = desk.studio.edit(project, "prompt", {"shot_2": "it bounces instead"}, approve=True)
    statuses = {one.stage.name: one.status for one in view.stages}
    assert statuses["key_frame"] == statuses["segment_1"] == "approved"
    assert statuses["segment_2"] == statuses["segment_3"] == statuses["film"] == "stale"
    runs = len(desk.orders.runs)
    desk.studio.approve_automatically(project, ["segment_2", "segment_3", "film"])
    desk.work()
    assert desk.studio.view(project).finished
    assert [name for name, _ in desk.orders.runs[runs:]] == ["extender", "extender", "film_cutter"]


def test_shots_change_places(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    project = begin(desk, "text-to-video", {})
    finish(desk, project)
    view = desk.studio.edit(project, "prompt", {"shot_1": "first", "shot_2": "second"}, approve=True)
    assert shown(view, "segment_1").status == "stale"
    view = desk.studio.edit(project, "prompt", {"shot_1": "second", "shot_2": "first"}, approve=True)
    take = shown(view, "prompt").chosen
    assert take is not None
    assert [desk.studio.prompt(project, take.id).fields[f"shot_{n}"] for n in (1, 2)] == ["second", "first"]


def test_a_segment_is_rolled_again_and_what_follows_is_stale(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    project = begin(desk, "text-to-video", {})
    finish(desk, project)
    desk.studio.retry(project, "segment_2", seed=99)
    desk.work()
    again = shown(desk.studio.view(project), "segment_2").takes[-1]
    view = desk.studio.approve(project, "segment_2", again.id)
    statuses = [one.status for one in view.stages]
    assert statuses == ["approved", "approved", "approved", "approved", "stale", "stale"]
    assert opened(tmp_path).studio.view(project).stages[4].stale_because == ("segment_2",)


def test_fifty_segments_are_refused(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    with pytest.raises(SettingError, match="segments") as caught:
        begin(desk, "text-to-video", {}, segments=50)
    assert caught.value.limit == "1 to 20"
    assert desk.studio.projects() == ()


# ------------------------------------------------------------------------------------ things, masks, offers


def test_the_person_chooses_among_the_things(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    desk = desk_in(tmp_path)
    project = begin(desk, "worldgpt", files)
    approve_open(desk, project)
    approve_open(desk, project)
    desk.work()
    view = desk.studio.edit(project, "boxes", [1, 0, 1], approve=True)
    take = shown(view, "boxes").chosen
    assert take is not None
    assert desk.studio.boxes(project, take.id).chosen == (0, 1)
    assert take.artifact.facts["chosen"] == 2
    for wrong in ([2], [-1], {"words": "x"}, png(1)):
        with pytest.raises(DecisionError):
            desk.studio.edit(project, "boxes", wrong)


def test_nothing_found_is_not_approved_and_asks_the_person(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    desk = desk_in(tmp_path)
    desk.orders.nothing = True
    project = begin(desk, "worldgpt", files)
    desk.studio.approve_automatically(project, [one.stage.name for one in desk.studio.view(project).stages])
    desk.work()
    boxes = desk.studio.view(project).open_stage
    assert (boxes.stage.name, boxes.status, len(boxes.takes)) == ("boxes", "waiting", 1)
    assert "Not found: keywords" in next(iter(boxes.turned_down.values()))
    view = desk.studio.edit(project, "prompt", {"keywords": "the ball"}, approve=True)
    assert shown(view, "boxes").status == "queued", "another word is looked for at once"


@pytest.mark.parametrize("task", ["worldgpt", "edit"])
def test_where_nobody_can_look_the_mask_is_painted(tmp_path: Path, task: str, files: Mapping[str, bytes]) -> None:
    desk = desk_in(tmp_path)
    desk.orders.fail["detector"] = WeightsMissingError("The weights are not there", "Install them.")
    project = begin(desk, task, files)
    approve_open(desk, project)
    approve_open(desk, project)
    desk.work()
    assert desk.studio.view(project).open_stage.failure
    with pytest.raises(DecisionError, match="nothing was found"):
        desk.studio.edit(project, "boxes", [0])
    view = desk.studio.edit(project, "boxes", [], approve=True)
    mine = shown(view, "boxes").chosen
    assert mine is not None
    found = desk.studio.boxes(project, mine.id)
    assert (mine.artifact.agent, found.things, len(found.missing)) == ("person", (), 1)
    desk.studio.edit(project, "mask", mask_png(), approve=True)
    assert finish(desk, project).finished


def test_what_is_offered_does_not_hold_the_project_up(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    desk = desk_in(tmp_path)
    project = begin(desk, "worldgpt", files)
    view = finish(desk, project)
    assert shown(view, "refined").status == "ready"
    assert view.open_stage.stage.name == "video"
    view = desk.studio.retry(project, "refined")
    assert view.finished
    assert (view.open_stage.stage.name, view.open_stage.status) == ("refined", "queued")
    desk.work()
    refined = desk.studio.view(project).open_stage
    view = desk.studio.approve(project, "refined", refined.takes[0].id)
    assert shown(view, "refined").status == "approved"
    assert view.finished


def test_a_mask_is_painted_for_one_moment_or_for_all(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    desk = desk_in(tmp_path)
    project = begin(desk, "edit", files)
    for _ in range(3):
        approve_open(desk, project)
    desk.work()
    view = desk.studio.edit(project, "mask", mask_png(), approve=True)
    mine = shown(view, "mask").chosen
    assert mine is not None
    assert (mine.artifact.agent, mine.artifact.facts) == ("person", {"width": 16, "height": 16, "frames": 1})
    desk.work()
    for painted in (mask_png(), mask_png(17), mask_png(17, (32, 32))):
        track = shown(desk.studio.edit(project, "track", painted), "track").takes[-1].artifact
        assert (track.facts["width"], track.facts["height"], track.facts["frames"]) == (16, 16, 17)
        with Image.open(io.BytesIO(desk.studio.read(project, track.sha256))) as image:
            assert (image.mode, image.size) == ("L", (16, 16 * 17))


def test_what_was_painted_and_chosen_comes_back(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    desk = desk_in(tmp_path)
    project = begin(desk, "edit", files)
    approve_open(desk, project)
    approve_open(desk, project)
    desk.work()
    desk.studio.edit(project, "boxes", [1], approve=True)
    desk.work()
    desk.studio.edit(project, "mask", mask_png(), approve=True)
    desk.work()
    desk.studio.edit(project, "track", mask_png(17, (32, 32)), approve=True)
    video = shown(finish(desk, project), "video").chosen
    assert video is not None
    again = desk.studio.create_from_recipe(desk.studio.recipe(project, video.id))
    view = finish(desk, again)
    for name in ("boxes", "mask", "track"):
        mine, before = shown(view, name).takes, shown(desk.studio.view(project), name).chosen
        assert before is not None
        assert [take.artifact for take in mine] == [before.artifact], "nothing was made again"
    assert shown(view, "video").takes[0].artifact.sha256 == video.artifact.sha256


def test_a_mask_over_time_is_corrected_on_a_frame_and_followed_again(
    tmp_path: Path, files: Mapping[str, bytes]
) -> None:
    desk = desk_in(tmp_path)
    project = begin(desk, "edit", files)
    for _ in range(4):
        approve_open(desk, project)
    desk.work()
    view = desk.studio.correct(project, "track", mask_png(17, (32, 32)), [9, 5, 5])
    (request,) = shown(view, "track").pending
    assert request.settings["corrected"] == "5, 9"
    view = approve_open(desk, project)
    first, painted, again = shown(view, "track").takes
    assert (first.artifact.agent, painted.artifact.agent, again.artifact.agent) == (
        "mask_tracker",
        "person",
        "mask_tracker",
    )
    assert painted.artifact.sha256 in again.artifact.parents
    video = shown(finish(desk, project), "video").chosen
    assert video is not None
    restored = desk.studio.create_from_recipe(desk.studio.recipe(project, video.id))
    assert shown(finish(desk, restored), "video").takes[0].artifact.sha256 == video.artifact.sha256
    for stage, frames in (("track", [17]), ("track", []), ("track", [-1]), ("mask", [0])):
        with pytest.raises(DecisionError):
            desk.studio.correct(project, stage, mask_png(17), frames)


def test_a_mask_that_covers_nothing_is_refused_and_one_that_covers_everything_says_so(
    tmp_path: Path, files: Mapping[str, bytes]
) -> None:
    desk = desk_in(tmp_path)
    project = begin(desk, "edit", files)
    for _ in range(3):
        approve_open(desk, project)
    desk.work()
    view = desk.studio.edit(project, "mask", plain_mask(255))
    assert shown(view, "mask").takes[-1].artifact.facts["note"]
    for bad in (plain_mask(0), mask_png(3), b"no mask", b""):
        with pytest.raises(MaskError) as caught:
            desk.studio.edit(project, "mask", bad)
        assert caught.value.remedy


def plain_mask(level: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (16, 16), level).save(buffer, "PNG")
    return buffer.getvalue()


# ------------------------------------------------------------------------------------------------ bad input


def test_what_is_no_video_begins_nothing(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    desk = desk_in(tmp_path)
    one_frame = encode_video(np.zeros((1, 32, 32, 3), np.uint8), 8)
    bad = (b"", png(1), b"#EXTM3U\nhttp://example.com/a.ts\n", files["video"][:300], one_frame)
    for upload in bad:
        with pytest.raises(VideoError) as caught:
            desk.studio.create(Request("extend", "it rolls on"), {"video": upload})
        assert caught.value.remedy
    with pytest.raises(VideoError, match="second video"):
        desk.studio.create(Request("connect", "it rolls on"), {"video": files["video"]})
    assert desk.studio.projects() == ()


def test_an_upload_keeps_every_byte(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    desk = desk_in(tmp_path)
    project = begin(desk, "connect", files)
    uploads = desk.studio.view(project).request.uploads
    for name in ("video", "second_video"):
        assert uploads[name].endswith(".mp4")
        assert desk.studio.read(project, uploads[name].removesuffix(".mp4")) == files[name]
