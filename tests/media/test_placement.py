"""Where a picture lies in a frame: inside it, centred, its aspect kept, with a way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import SettingError
from engine.media.placement import Box, Size, place

SIZES = st.tuples(st.integers(1, 4000), st.integers(1, 4000))


def inside(box: Box, size: Size) -> bool:
    """Whether the box lies in a picture of that size, as near the middle as whole pixels allow."""
    right, bottom = size[0] - box.left - box.width, size[1] - box.top - box.height
    return min(box.left, box.top, box.width - 1, box.height - 1) >= 0 and 0 <= right - box.left <= 3 >= bottom - box.top


@given(SIZES, SIZES, st.sampled_from(["crop", "letterbox"]))
def test_what_is_shown_and_where_lie_inside_and_have_the_same_shape(source: Size, frame: Size, fit: str) -> None:
    placed = place(source, frame, fit)
    assert inside(placed.shown, source)
    assert inside(placed.place, frame)
    whole, other = (placed.place, placed.shown) if fit == "crop" else (placed.shown, placed.place)
    assert whole.size == (frame if fit == "crop" else source)
    outer = source if fit == "crop" else frame
    assert other.width == outer[0] or other.height == outer[1]
    scale = other.width / whole.width if other.height == outer[1] else other.height / whole.height
    expected = (other.height / whole.height) if other.height == outer[1] else (other.width / whole.width)
    assert scale == pytest.approx(expected, abs=1 / min(whole.size))


@pytest.mark.parametrize(
    ("fit", "shown", "where"),
    [
        ("crop", Box(104, 0, 270, 270), Box(0, 0, 192, 192)),
        ("letterbox", Box(0, 0, 480, 270), Box(0, 42, 192, 108)),
    ],
)
def test_a_wide_video_in_a_square_frame(fit: str, shown: Box, where: Box) -> None:
    placed = place((480, 270), (192, 192), fit)
    assert (placed.shown, placed.place) == (shown, where)


def test_what_cannot_be_placed_is_refused() -> None:
    with pytest.raises(SettingError, match="crop or letterbox"):
        place((4, 4), (4, 4), "zoom")
    with pytest.raises(SettingError, match="a width and a height"):
        place((0, 4), (4, 4), "crop")
