"""The action namer: two pictures give one moment, a video a row of them, and what is not sure is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from engine.agent import Draft, Input
from engine.agents.action_namer import ActionNamer
from engine.errors import DecisionError, ImageError, SettingError, VideoError, WeightsMissingError
from engine.media.images import encode_png
from engine.media.videos import encode_video
from engine.models.lease import Lease
from engine.models.manifest import write_manifest
from engine.models.profiles import INVERSE
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.inverse import InverseModel, Told
from engine.types import ModelProfile, Settings
from tests.fakes import FakeReporter


class BrightnessReader:
    """Says that the ball rises where a picture is brighter than the one before, and is sure of it by that much."""

    def tell(self, before: NDArray[np.uint8], after: NDArray[np.uint8], most: int = 3) -> list[list[Told]]:
        """As ActionReader.tell."""
        brighter = (after.astype(float) - before).mean((1, 2, 3)) / 255
        both = [(Told(Action("up", "ball"), up), Told(Action("wait"), 1 - up)) for up in brighter.clip(0, 1).tolist()]
        return [sorted(each, key=lambda one: -one.confidence)[:most] for each in both]


def lease() -> Lease:
    def load(profile: ModelProfile, root: Path, device: torch.device) -> tuple[BrightnessReader, str]:
        return BrightnessReader(), "none"

    return Lease(torch.device("cpu"), load=load)


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


def test_a_video_is_a_row_of_moments_to_its_end() -> None:
    frames = np.zeros((21, 48, 64, 3), np.uint8)
    frames[8:] = 220
    draft = named({"video": encode_video(frames, 8)}, {"every": 1.0, "most": 1})
    moments = json.loads(draft.data)["moments"]
    assert [(one["begins"], one["ends"]) for one in moments] == [(0, 1), (1, 2), (2, 2.5)]
    assert [one["told"][0]["text"] for one in moments] == ["the ball moves up", "nothing happens", "nothing happens"]
    assert all(len(one["told"]) == 1 for one in moments)


def test_what_is_not_sure_is_said() -> None:
    told = json.loads(named({"image": grey(0), "last_image": grey(128)}).data)["moments"][0]["told"]
    assert told[0]["confidence"] == pytest.approx(0.502, abs=0.01)
    unsure = ActionNamer(_unsure_lease()).run({"image": grey(0), "last_image": grey(9)}, 0, {}, FakeReporter())
    assert "not sure what happened" in str(unsure.facts["note"])


class _Unsure:
    def tell(self, before: NDArray[np.uint8], after: NDArray[np.uint8], most: int = 3) -> list[list[Told]]:
        return [[Told(Action("wait"), 0.2)]] * len(before)


def _unsure_lease() -> Lease:
    return Lease(torch.device("cpu"), load=lambda profile, root, device: (_Unsure(), "none"))


@pytest.mark.parametrize(
    ("inputs", "settings", "error"),
    [
        ({"image": grey(0)}, {}, ImageError),
        ({}, {}, ImageError),
        ({"image": b"no picture", "last_image": grey(0)}, {}, ImageError),
        ({"image": "words", "last_image": grey(0)}, {}, DecisionError),
        ({"video": b"no video"}, {}, VideoError),
        ({"image": grey(0), "last_image": grey(0)}, {"most": 0}, SettingError),
        ({"image": grey(0), "last_image": grey(0)}, {"every": 99}, SettingError),
    ],
)
def test_what_cannot_be_used_is_refused(
    inputs: Mapping[str, Input], settings: Settings, error: type[Exception]
) -> None:
    with pytest.raises(error):
        named(inputs, settings)


def test_it_loads_its_weights_from_their_folder(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissingError, match="has not been trained yet"):
        ActionNamer(Lease(torch.device("cpu"), root=tmp_path)).run(
            {"image": grey(0), "last_image": grey(9)}, 0, {}, FakeReporter()
        )
    folder = tmp_path / INVERSE.repository
    InverseModel(view=32, width=16, layers=1).save_pretrained(folder)
    write_manifest(folder)
    draft = ActionNamer(Lease(torch.device("cpu"), root=tmp_path)).run(
        {"image": grey(0), "last_image": grey(9)}, 0, {"most": 2}, FakeReporter()
    )
    assert len(json.loads(draft.data)["moments"][0]["told"]) == 2
    assert draft.revision
