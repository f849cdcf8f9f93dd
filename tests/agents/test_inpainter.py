"""Part of a picture made anew: inside the mask from words, outside pixel for pixel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.agent import Draft, Input
from engine.agents.inpainter import Inpainter
from engine.boxes import Boxes, Thing
from engine.errors import MaskError, SettingError, TakeCancelled
from engine.media.images import encode_png, open_image
from engine.media.masks import FULL
from engine.models.lease import Lease
from engine.types import Settings
from tests.agents.twin import Echo, Listener, pictured, spot, still

PICTURE = encode_png(pictured(3))


def painted(lease: Lease, settings: Settings | None = None, seed: int = 5, **more: Input) -> Draft:
    inputs: dict[str, Input] = {"image": PICTURE, "mask": spot(), "scene": "a red ball", "avoid": "", **more}
    return Inpainter(lease).run(inputs, seed, {"steps": 2, **(settings or {})}, Listener())


def test_outside_the_mask_every_pixel_stays(lease: Lease) -> None:
    draft = painted(lease)
    made, source = np.asarray(open_image(draft.data)), np.asarray(open_image(PICTURE))
    outside = np.ones((32, 32), bool)
    outside[3:29, 3:29] = False
    assert (made[outside] == source[outside]).all(), "beyond the seam of a few pixels"
    assert np.abs(made[10:22, 10:22].astype(int) - source[10:22, 10:22]).mean() > 2
    assert (draft.kind, draft.suffix, draft.facts["width"], draft.settings["feather"]) == ("image", ".png", 32, 0)
    assert draft.facts["masked_share"] == 0.25


def test_the_model_does_not_see_what_was_there(tmp_path: Path, lease: Lease) -> None:
    echo = Echo()
    painted(echo.lease(tmp_path))
    told = echo.told[0]["source"]
    assert told.shown is False
    assert told.frames.shape == (1, 32, 32, 3)


def test_the_pocket_world_is_told_what_was_found_and_so_is_the_person(tmp_path: Path) -> None:
    echo = Echo()
    found = Boxes(32, 32, (Thing("ball", 0.9, (2, 12, 10, 20)),), (0,))
    draft = painted(echo.lease(tmp_path), scene="a ball", boxes=found.encode(), motion="the ball stays still")
    told = str(echo.told[0]["prompt"])
    assert told.endswith("ball on the left")
    assert told in str(draft.facts["how"])


def test_the_same_seed_gives_the_same_bytes(lease: Lease) -> None:
    assert painted(lease, seed=3).data == painted(lease, seed=3).data
    assert painted(lease, seed=3).data != painted(lease, seed=4).data


def test_a_full_mask_is_noted_and_an_empty_one_refused(lease: Lease) -> None:
    assert painted(lease, mask=still("white")).facts["note"] == FULL
    assert "note" not in painted(lease).facts
    with pytest.raises(MaskError, match="Nothing is marked"):
        painted(lease, mask=spot(0, 0))


def test_it_tells_every_step_and_stops_at_one(lease: Lease) -> None:
    listener = Listener(cancel_at=1)
    inputs: dict[str, Input] = {"image": PICTURE, "mask": spot(), "scene": "a red ball", "avoid": ""}
    with pytest.raises(TakeCancelled):
        Inpainter(lease).run(inputs, 1, {"steps": 6}, listener)
    assert [p.step for p, _ in listener.reports] == [0, 0, 1]
    assert listener.reports[-1][1], "with a preview"


@pytest.mark.parametrize("settings", [{"feather": -1}, {"feather": "soft"}, {"steps": 0}])
def test_settings_that_cannot_be_are_refused(lease: Lease, settings: Settings) -> None:
    with pytest.raises(SettingError):
        painted(lease, settings)
