"""The person's own picture becomes a key frame of the right size."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.agent import Draft
from engine.agents.facts import FOREIGN
from engine.agents.frame_fitter import FrameFitter
from engine.errors import ImageError, SettingError
from engine.media.images import open_image
from engine.types import Settings
from tests.fakes import FakeReporter
from tests.media.pictures import saved

WIDE = Image.new("RGB", (400, 200), "red")


def fitted(data: bytes, settings: Settings) -> Draft:
    return FrameFitter().run({"image": data}, 0, settings, FakeReporter())


def test_a_picture_is_cropped_to_the_profiles_size_by_default() -> None:
    draft = fitted(saved(WIDE, "JPEG"), {})
    frame = open_image(draft.data)
    assert frame.size == (192, 192)
    assert np.asarray(frame)[..., 0].min() > 240
    assert (draft.kind, draft.suffix) == ("image", ".png")
    assert draft.settings == {"profile": "pocket", "fit": "crop"}
    assert draft.facts == {"width": 192, "height": 192, "note": FOREIGN}


def test_of_a_picture_that_was_made_here_there_is_nothing_to_say() -> None:
    ours = Image.new("RGB", (192, 192), "blue")
    assert fitted(saved(ours, "PNG"), {}).facts == {"width": 192, "height": 192}


def test_letterboxing_keeps_all_of_it() -> None:
    frame = np.asarray(open_image(fitted(saved(WIDE, "PNG"), {"fit": "letterbox"}).data))
    assert frame[:47].max() == 0
    assert frame[49:143, :, 0].min() == 255


def test_the_same_picture_gives_the_same_bytes() -> None:
    data = saved(WIDE, "WEBP")
    assert fitted(data, {}).data == fitted(data, {}).data


def test_what_cannot_be_used_is_said() -> None:
    with pytest.raises(ImageError, match="GIF"):
        fitted(saved(WIDE, "GIF"), {})
    with pytest.raises(SettingError, match="stretch"):
        fitted(saved(WIDE, "PNG"), {"fit": "stretch"})
    with pytest.raises(SettingError, match="No model has this name"):
        fitted(saved(WIDE, "PNG"), {"profile": "nonesuch"})
