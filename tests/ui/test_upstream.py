"""What a stage's take comes from: the words that move it, the picture below it, its source, and its seams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine.seen import ProjectView, StageView
from engine.tasks import table
from engine.types import Artifact, Request, Settings, Stage, Take
from tests.ui.views import AT, NOW
from ui import offered, present, upstream
from ui.offered import SETTINGS

CLIP: Settings = {"width": 192, "height": 192, "frames": 17, "fps": 8, "seconds": 17 / 8}


def made(stage: Stage, facts: Settings) -> StageView:
    """A stage whose one take is approved."""
    suffix = {"prompt": ".json", "boxes": ".json", "video": ".mp4"}.get(stage.yields, ".png")
    artifact = Artifact(stage.yields, f"{stage.name}-file", suffix, 10, stage.agent, facts=facts)
    take = Take(stage.name, stage.name, 1, artifact, NOW, 1.0, AT)
    return StageView(stage, "approved", (take,), take, (), None, None, NOW, 0)


def project(request: Request, facts: Mapping[str, Settings]) -> ProjectView:
    """A finished project of any recipe; `facts`: stage -> what was measured on its take."""
    task = table.task(request)
    stages = tuple(made(stage, facts.get(stage.name, CLIP)) for stage in task.stages)
    return ProjectView("p1", "It", task, request, stages, (), AT, AT, 9)


def at(view: ProjectView, name: str) -> tuple[StageView, Take]:
    stage = next(one for one in view.stages if one.stage.name == name)
    assert stage.chosen
    return stage, stage.chosen


def test_a_film_has_a_seam_between_any_two_clips_where_it_says() -> None:
    request = Request("text-to-video", "x", options={"segments": 3})
    view = project(request, {"film": {**CLIP, "frames": 41, "seams": "17, 29"}})
    found = upstream.seams(view, *at(view, "film"))
    assert [(seam.frame, seam.before, seam.after) for seam in found] == [
        (17, "Segment 1", "Segment 2"),
        (29, "Segment 2", "Segment 3"),
    ]
    said = upstream.motion_said(view, at(view, "segment_2")[0])
    assert said
    assert (said.stage.stage.name, said.field) == ("prompt", "shot_2")


def test_words_come_from_prompts_and_not_from_the_first_frame_of_a_video() -> None:
    view = project(Request("edit", "make the ball green", {"video": "a.mp4"}), {})
    stage, take = at(view, "boxes")
    of = replace(take, artifact=replace(take.artifact, parents=("source-file", "prompt-file")))
    prompt = at(view, "prompt")[1]
    assert upstream.prompts_behind(view, stage, of) == {"words": (prompt, "instruction")}


def test_while_something_is_made_the_picture_that_it_starts_from_is_shown() -> None:
    view = project(Request("worldgpt", "it rolls", {"image": "a.png"}), {})
    for name in ("boxes", "end_frame", "video"):
        assert upstream.picture_before(view, at(view, name)[0]) == at(view, "key_frame")[1]
    words = project(Request("text-to-video", "a red ball"), {})
    assert upstream.picture_before(words, at(words, "key_frame")[0]) is None
    edit = project(Request("edit", "make it night", {"video": "a.mp4"}), {})
    assert upstream.picture_before(edit, at(edit, "boxes")[0]) is None, "a video is no picture"


def test_the_seams_are_named_in_playing_order() -> None:
    request = Request("extend", "x", {"video": "a.mp4"}, {"direction": "backwards"})
    view = project(request, {"film": {**CLIP, "seams": "12"}})
    assert [(seam.before, seam.after) for seam in upstream.seams(view, *at(view, "film"))] == [("Segment 1", "Source")]


def test_what_is_one_piece_has_no_seam() -> None:
    view = project(Request("text-to-video", "x"), {})
    assert upstream.seams(view, *at(view, "video")) == ()


def test_a_mask_lies_on_the_picture_that_its_boxes_were_found_in() -> None:
    view = project(Request("edit", "x", {"video": "a.mp4"}), {})
    for name in ("boxes", "mask", "track"):
        below = upstream.seen_below(view, at(view, name)[0])
        assert below
        assert below.stage == "source"
    things = upstream.things_below(view, at(view, "mask")[0])
    assert things
    assert things.stage == "boxes"


@pytest.mark.parametrize(
    ("request_", "stage", "source"),
    [
        (Request("edit", "x", {"video": "a.mp4"}), "video", "source"),
        (Request("edit", "x", {"video": "a.mp4"}), "first_frame", "source"),
        (Request("digital-worlds", "x", {"image": "a.png"}), "styled", "key_frame"),
        (Request("worldgpt", "x", {"image": "a.png"}), "end_frame", "key_frame"),
        (Request("worldgpt", "x", {"image": "a.png"}), "refined", "video"),
    ],
)
def test_a_result_is_held_beside_what_was_changed(request_: Request, stage: str, source: str) -> None:
    view = project(request_, {})
    other = upstream.beside(view, *at(view, stage))
    assert other
    assert other.stage == source


def test_a_piece_that_was_added_is_held_beside_nothing() -> None:
    view = project(Request("extend", "x", {"video": "a.mp4"}), {})
    assert upstream.beside(view, *at(view, "segment_1")) is None
    assert upstream.seams(view, *at(view, "segment_1")) == ()


def test_what_is_only_offered_says_so_and_a_finished_video_downloads_without_it() -> None:
    view = project(Request("worldgpt", "x", {"image": "a.png"}), {})
    waits = replace(view.stages[-1], status="ready", takes=(), chosen=None)
    view = replace(view, stages=(*view.stages[:-1], waits))
    video, take = at(view, "video")
    assert present.choices(view, video, take).label == "Download"
    assert "only offered" in present.told(view, waits)
    assert present.choices(view, waits, None).label == "Make it"


def test_the_page_offers_no_setting_that_the_engine_does_not_know() -> None:
    from engine.settings import SETTINGS as KNOWN

    assert {name: set(own) - set(KNOWN[name]) for name, own in SETTINGS.items() if set(own) - set(KNOWN[name])} == {}
    assert offered.DEFAULTS.keys() <= {name for own in SETTINGS.values() for name in own}
