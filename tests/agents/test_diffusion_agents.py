"""The agents that draw, on the tiny twin: what they yield, what they tell, what they refuse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.agent import Input
from engine.agents.filming import join_prompt
from engine.agents.image_to_video import ImageToVideo
from engine.agents.text_to_image import TextToImage
from engine.errors import DecisionError, SettingError, TakeCancelled
from engine.media.images import open_image
from engine.media.videos import read_video
from engine.models.lease import Lease
from tests.agents.twin import WORDS, Echo, Listener, still


def key_frame(lease: Lease, seed: int = 1) -> bytes:
    return TextToImage(lease).run({"scene": WORDS["scene"], "avoid": ""}, seed, {"steps": 2}, Listener()).data


def test_a_key_frame_is_a_png_with_its_settings(lease: Lease) -> None:
    listener = Listener()
    draft = TextToImage(lease).run({"scene": WORDS["scene"], "avoid": ""}, 7, {"steps": 3}, listener)
    assert open_image(draft.data).size == (32, 32)
    assert (draft.kind, draft.model, draft.settings["steps"]) == ("image", "pocket", 3)
    assert draft.revision
    assert [p.step for p, _ in listener.reports if p.steps] == [0, 1, 2, 3]
    assert all(preview for p, preview in listener.reports if p.step)


def test_a_video_starts_from_the_key_frame(lease: Lease) -> None:
    listener = Listener()
    inputs: dict[str, Input] = {"image": key_frame(lease), **WORDS}
    draft = ImageToVideo(lease).run(inputs, 7, {"steps": 2, "frames": 9}, listener)
    frames, fps = read_video(draft.data)
    assert frames.shape == (9, 32, 32, 3)
    assert (fps, draft.facts["frames"]) == (8, 9)
    assert [p.phase for p, _ in listener.reports][0::4] == ["waiting for the model", "encoding"]


def test_a_last_picture_is_where_the_video_arrives(lease: Lease) -> None:
    inputs: dict[str, Input] = {"image": key_frame(lease), **WORDS}
    settings = {"steps": 2, "frames": 9}
    ends = [
        read_video(ImageToVideo(lease).run({**inputs, **last}, 7, settings, Listener()).data)[0][-1].astype(int)
        for last in ({}, {"last_image": still("white")}, {"last_image": still("black")})
    ]
    assert all(np.abs(ends[0] - end).max() > 0 for end in ends[1:])
    assert np.abs(ends[1] - ends[2]).max() > 0


def test_the_same_seed_gives_the_same_bytes(lease: Lease) -> None:
    assert key_frame(lease, 3) == key_frame(lease, 3)
    assert key_frame(lease, 3) != key_frame(lease, 4)


def test_a_cancelled_take_stops_within_one_step(lease: Lease) -> None:
    listener = Listener(cancel_at=2)
    inputs: dict[str, Input] = {"image": key_frame(lease), **WORDS}
    with pytest.raises(TakeCancelled):
        ImageToVideo(lease).run(inputs, 7, {"steps": 6, "frames": 9}, listener)
    assert max(p.step for p, _ in listener.reports) == 2
    assert key_frame(lease), "the device is free again"


@pytest.mark.parametrize(
    "settings", [{"frames": 400}, {"frames": 10}, {"steps": 0}, {"steps": 51}, {"guidance_scale": 0.5}]
)
def test_settings_beyond_the_model_are_refused(lease: Lease, settings: dict[str, float]) -> None:
    with pytest.raises(SettingError) as caught:
        ImageToVideo(lease).run({"image": b"", **WORDS}, 7, settings, Listener())
    assert caught.value.limit


def test_words_where_a_picture_belongs_are_refused(lease: Lease) -> None:
    with pytest.raises(DecisionError):
        ImageToVideo(lease).run({"image": "a ball", **WORDS}, 7, {}, Listener())


def test_scene_and_motion_are_joined_as_in_training() -> None:
    assert join_prompt("a red ball. ", "the ball bounces") == "a red ball. the ball bounces"
    assert join_prompt("a red ball", "") == "a red ball"


def test_a_heading_and_a_speed_are_written_into_the_motion(tmp_path: Path, lease: Lease) -> None:
    echo = Echo()
    inputs: dict[str, Input] = {"image": still(), **WORDS, "scene": "a small red ball on the left in a meadow"}
    agent = ImageToVideo(echo.lease(tmp_path))
    draft = agent.run(inputs, 7, {"heading": "right", "speed": "quick"}, Listener())
    assert echo.told[0]["prompt"].endswith(". the red ball moves to the right quickly")
    assert "no longer does the other" in str(draft.facts["note"])
    draft = agent.run({**inputs, "motion": "the red ball moves up"}, 7, {"heading": "left"}, Listener())
    assert "leaves the picture" in str(draft.facts["note"])
    assert "note" not in agent.run(inputs, 7, {"heading": "none"}, Listener()).facts
    with pytest.raises(SettingError, match=r"heading.*none, left, right, up, down"):
        agent.run(inputs, 7, {"heading": "north"}, Listener())
