"""The action namer: two pictures give one moment, a video a row of them, and what is not sure is said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from engine.agent import Draft, Input
from engine.agents.action_namer import OUTSIDE, ActionNamer
from engine.errors import DecisionError, ImageError, SettingError, VideoError, WeightsMissingError
from engine.media.images import encode_png
from engine.media.videos import encode_video
from engine.models.lease import Lease
from engine.models.manifest import write_manifest
from engine.models.profiles import INVERSE, POCKET
from engine.pocket.worlds import timeline
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.inverse import InverseModel, Told
from engine.types import ModelProfile, Settings
from tests.fakes import FakeReporter
from tests.tiny import tiny_folder


class BrightnessReader:
    """Says that the ball rises where a picture is brighter than the one before, and is sure of it by that much."""

    def tell(self, before: NDArray[np.uint8], after: NDArray[np.uint8], most: int = 3) -> list[list[Told]]:
        """As ActionReader.tell."""
        brighter = (after.astype(float) - before).mean((1, 2, 3)) / 255
        both = [(Told(Action("up", "ball"), up), Told(Action("wait"), 1 - up)) for up in brighter.clip(0, 1).tolist()]
        return [sorted(each, key=lambda one: -one.confidence)[:most] for each in both]


class Mirror:
    """In the place of the pocket world's autoencoder: gives back what it was shown, as bright as it remembers it."""

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def encode(self, images: Sequence[Image.Image]) -> torch.Tensor:
        """As PocketPipeline.encode."""
        return torch.from_numpy(np.stack([np.asarray(image) for image in images])).movedim(-1, 1) * self.gain

    def decode(self, latents: torch.Tensor) -> NDArray[np.uint8]:
        """As PocketPipeline.decode."""
        frames: NDArray[np.uint8] = latents.movedim(0, -1).numpy().astype(np.uint8)
        return frames


def lease(gain: float = 1.0, reader: object | None = None) -> Lease:
    def load(profile: ModelProfile, root: Path, device: torch.device) -> tuple[object, str]:
        return Mirror(gain) if profile == POCKET else reader or BrightnessReader(), "none"

    return Lease(torch.device("cpu"), load=load)


STILL = encode_video(np.zeros((9, 16, 16, 3), np.uint8), 8)


def grey(level: int, size: tuple[int, int] = (64, 48)) -> bytes:
    return encode_png(Image.new("RGB", size, (level, level, level)))


def named(inputs: Mapping[str, Input], settings: Settings | None = None) -> Draft:
    return ActionNamer(lease()).run(inputs, 0, settings or {}, FakeReporter())


def test_two_pictures_are_one_moment() -> None:
    draft = named({"image": grey(0), "last_image": grey(204, (20, 90))})
    assert json.loads(draft.data) == {
        "moments": [
            {
                "begins": 0.0,
                "ends": 1.0,
                "told": [
                    {"text": "the ball moves up", "confidence": 0.8},
                    {"text": "nothing happens", "confidence": 0.2},
                ],
            }
        ]
    }
    assert (draft.kind, draft.model, draft.facts) == ("state", "pocket-inverse", {"moments": 1})


def test_a_video_is_a_row_of_moments_parted_where_it_rests() -> None:
    frames = np.zeros((21, 48, 64, 3), np.uint8)
    frames[8:] = 220
    draft = named({"video": encode_video(frames, 8)}, {"most": 1})
    moments = json.loads(draft.data)["moments"]
    assert [(one["begins"], one["ends"]) for one in moments] == [(0, 0.75), (0.75, 1), (1, 2.25)]
    assert [one["told"][0]["text"] for one in moments] == ["nothing happens", "the ball moves up", "nothing happens"]
    assert all(len(one["told"]) == 1 for one in moments)


def test_a_part_of_a_video_is_looked_at_alone_and_one_look_is_enough() -> None:
    frames = np.zeros((16, 48, 64, 3), np.uint8)
    frames[4:] = 250
    part = named({"video": encode_video(frames, 8)}, {"start_seconds": 1.0})
    assert [one["told"][0]["text"] for one in json.loads(part.data)["moments"]] == ["nothing happens"]
    assert named({"video": encode_video(frames[:2], 8)}).facts == {"moments": 1}


def test_what_goes_on_for_long_is_cut_into_moments_as_long_as_an_action() -> None:
    ever = [False, *[True] * 17, False, False]
    assert timeline.moments(ever, 8) == [(0, 1), (1, 7), (7, 12), (12, 18), (18, 20)]
    assert timeline.moments([], 8) == []
    walking = np.zeros((4, 64, 64, 3), np.uint8)
    walking[2, 4:8, 4:8] = 255
    walking[3] = walking[2] // 2 * 2
    assert timeline.moving(walking) == [False, True, False]


def test_a_picture_from_outside_the_world_is_told_by_the_autoencoder() -> None:
    outside = ActionNamer(lease(gain=0.5)).run({"image": grey(200), "last_image": grey(9)}, 0, {}, FakeReporter())
    assert outside.facts["note"] == OUTSIDE
    assert "note" not in named({"image": grey(0), "last_image": grey(204)}).facts


def test_what_is_not_sure_is_said() -> None:
    told = json.loads(named({"image": grey(0), "last_image": grey(128)}).data)["moments"][0]["told"]
    assert told[0]["confidence"] == pytest.approx(0.502, abs=0.01)
    unsure = ActionNamer(lease(reader=_Unsure())).run({"image": grey(0), "last_image": grey(9)}, 0, {}, FakeReporter())
    assert "not sure what happened" in str(unsure.facts["note"])


class _Unsure:
    def tell(self, before: NDArray[np.uint8], after: NDArray[np.uint8], most: int = 3) -> list[list[Told]]:
        return [[Told(Action("wait"), 0.2)]] * len(before)


@pytest.mark.parametrize(
    ("inputs", "settings", "error"),
    [
        ({"image": grey(0)}, {}, ImageError),
        ({}, {}, ImageError),
        ({"image": b"no picture", "last_image": grey(0)}, {}, ImageError),
        ({"image": "words", "last_image": grey(0)}, {}, DecisionError),
        ({"video": b"no video"}, {}, VideoError),
        ({"image": grey(0), "last_image": grey(0)}, {"most": 0}, SettingError),
        ({"video": STILL}, {"start_seconds": 999}, SettingError),
        ({"video": STILL}, {"start_seconds": 5}, VideoError),
    ],
)
def test_what_cannot_be_used_is_refused(
    inputs: Mapping[str, Input], settings: Settings, error: type[Exception]
) -> None:
    with pytest.raises(error):
        named(inputs, settings)


def test_it_loads_its_weights_from_their_folder(tmp_path: Path) -> None:
    inputs = {"image": grey(0), "last_image": grey(9)}
    lease = Lease(torch.device("cpu"), root=tmp_path, rows=(tiny_folder(tmp_path),))
    with pytest.raises(WeightsMissingError, match="has not been trained yet"):
        ActionNamer(lease).run(inputs, 0, {}, FakeReporter())
    folder = tmp_path / INVERSE.repository
    InverseModel(view=32, width=16, layers=1).save_pretrained(folder)
    write_manifest(folder)
    draft = ActionNamer(lease).run(inputs, 0, {"most": 2}, FakeReporter())
    assert len(json.loads(draft.data)["moments"][0]["told"]) == 2
    assert draft.revision
