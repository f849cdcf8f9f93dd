"""A picture goes through a video codec and comes back a little worse."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import MachineError
from engine.media.wear import worn


def test_a_worn_picture_is_much_the_same() -> None:
    rows, columns = np.mgrid[0:64, 0:96]
    picture = np.stack([rows * 2, columns * 2, (rows // 4 + columns // 4) % 2 * 120], axis=2).astype(np.uint8)
    little, much = (np.abs(worn(picture, crf).astype(int) - picture).mean() for crf in (10, 45))
    assert 0 < little < much < 40
    assert (worn(picture, 33) == worn(picture, 33)).all()
    assert worn(picture, 33).shape == (64, 96, 3)


def test_what_cannot_be_coded_is_named() -> None:
    with pytest.raises(MachineError, match="could not be prepared"):
        worn(np.zeros((3, 3, 3), np.uint8), 33)
