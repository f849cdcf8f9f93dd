"""Masks as the model takes them: one for all frames or one each, scaled, feathered, never empty."""

from __future__ import annotations

import numpy as np
import pytest

from engine.agents.masking import change
from engine.errors import DecisionError, MaskError
from engine.media.masks import FULL, encode_masks
from tests.agents.twin import spot, still, walking

FRAMES = walking(3)


def test_one_mask_holds_for_every_frame() -> None:
    share = change(spot(), FRAMES)[0]
    assert share.shape == (3, 32, 32)
    assert (share[:, 8:24, 8:24] == 1).all()
    assert share.sum() == 3 * 16 * 16


def test_masks_below_each_other_are_one_a_frame() -> None:
    levels = np.concatenate([change(spot(4 * i, 4 * i + 4), FRAMES[:1])[0] for i in range(3)])
    tall = encode_masks((levels * 255).astype(np.uint8))
    share = change(tall, FRAMES)[0]
    assert [float(one.sum()) for one in share] == [16, 16, 16]
    assert share[2, 8:12, 8:12].all()


def test_a_mask_of_another_size_is_scaled() -> None:
    large = np.repeat(np.repeat(walking(3), 2, axis=1), 2, axis=2)
    assert change(spot(), large)[0].mean() == pytest.approx(0.25, abs=0.02)


def test_a_feather_fades_out_around_the_mask() -> None:
    share = change(spot(), FRAMES[:1], 6)[0][0]
    assert (share[8:24, 8:24] == 1).all()
    assert 0 < share[16, 26] < 1
    assert share[0, 0] == 0


def test_an_empty_mask_is_refused() -> None:
    with pytest.raises(MaskError, match=r"Nothing is marked.*Paint"):
        change(spot(0, 0), FRAMES)


def test_a_full_mask_is_said() -> None:
    assert change(still("white"), FRAMES)[1] == FULL
    assert change(spot(), FRAMES)[1] == ""


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(MaskError, match="does not fit"):
        change(spot(frames=2), FRAMES)
    with pytest.raises(DecisionError):
        change("words", FRAMES)
