"""Automatic approval: what is plainly broken does not pass, and a video may stand still where it should."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.approval import Automatic, Verdict
from engine.boxes import Boxes, Thing
from engine.house import Inspection
from engine.media.videos import encode_video
from engine.tasks.text_to_video import KEY_FRAME, PROMPT, VIDEO
from engine.types import Artifact, Kind, Take
from tests.fakes import FakeInspection, blank_png, mask_png, moving_video, png


def take(kind: Kind) -> Take:
    return Take("t", "s", 1, Artifact(kind, "0" * 64, ".png", 1, "fake"), {}, 1.0, "now")


@pytest.mark.parametrize(
    ("motion", "approved"),
    [
        ("it rolls to the right", False),
        ("", False),
        ("the red ball rolls to the left slowly, the camera stays still", False),
        ("the red ball rolls and the blue car stays still", False),
        ("the blue car stays still, the camera pans left", False),
        ("the blue car stays still, the camera stays still", True),
        ("The red house waits and the boat rests. The view is fixed.", True),
        ("it does not move", True),
        ("it doesn't move", True),
    ],
)
def test_a_video_that_stands_still_passes_only_if_it_should(motion: str, approved: bool) -> None:
    inspection = FakeInspection()
    inspection.standing_still = True
    assert Automatic(inspection).judge(VIDEO, take("video"), b"", {"motion": motion}).approved is approved


def test_words_always_pass() -> None:
    assert Automatic(FakeInspection()).judge(PROMPT, take("prompt"), b"{}", {}) == Verdict(True)


def test_a_blank_picture_does_not_pass_and_says_why() -> None:
    approver = Automatic(Inspection())
    assert approver.judge(KEY_FRAME, take("image"), png(1), {}) == Verdict(True)
    assert approver.judge(KEY_FRAME, take("image"), blank_png(), {}) == Verdict(False, "The picture is blank.")


def test_a_real_video_is_looked_into() -> None:
    approver = Automatic(Inspection())
    assert approver.judge(VIDEO, take("video"), moving_video("x"), {"motion": "rolls"}).approved
    still = encode_video(np.full((9, 32, 32, 3), 90, np.uint8), 8)
    assert approver.judge(VIDEO, take("video"), still, {"motion": "rolls"}).reason == "Nothing moves in the video."


def boxes(*chosen: int, missing: tuple[str, ...] = ()) -> bytes:
    things = (Thing("ball", 0.9, (0, 0, 4, 4)),) if chosen or not missing else ()
    return Boxes(16, 16, things, chosen, missing).encode()


@pytest.mark.parametrize(
    ("data", "approved"),
    [
        (boxes(0), True),
        (boxes(0, missing=("star",)), True),
        (boxes(missing=("star",)), False),
        (boxes(), True),
    ],
)
def test_things_that_were_named_should_have_been_found(data: bytes, approved: bool) -> None:
    verdict = Automatic(FakeInspection()).judge(KEY_FRAME, take("boxes"), data, {})
    assert verdict.approved is approved
    assert approved or "star" in verdict.reason


def test_a_mask_that_covers_nothing_does_not_pass() -> None:
    approver = Automatic(Inspection())
    assert approver.judge(KEY_FRAME, take("mask"), mask_png(), {}).approved
    assert approver.judge(KEY_FRAME, take("mask"), blank_png(), {}).reason == "The mask covers nothing."


def test_a_video_that_was_asked_for_no_motion_may_stand_still() -> None:
    inspection = FakeInspection()
    inspection.standing_still = True
    assert Automatic(inspection).judge(VIDEO, take("video"), b"", {"instruction": "make it night"}).approved


def test_a_transition_of_one_frame_cannot_stand_still() -> None:
    inspection = FakeInspection()
    inspection.standing_still = True
    one = replace(take("video"), artifact=replace(take("video").artifact, facts={"frames": 1}))
    assert Automatic(inspection).judge(VIDEO, one, b"", {"motion": "it rolls"}).approved
