"""Masks come back as they went, grow and soften as asked, and say plainly when they are of no use."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from engine.errors import MaskError
from engine.media.limits import ImageLimits
from engine.media.masks import (
    FULL,
    Masks,
    Shape,
    change,
    check_marked,
    decode_masks,
    encode_masks,
    feathered,
    from_run_lengths,
    grown,
    run_lengths,
)
from tests.media.pictures import flat_art, saved

SHAPES = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12))
MASKS = arrays(np.uint8, array_shapes(min_dims=3, max_dims=3, min_side=1, max_side=8))


def dot(side: int = 21) -> Shape:
    """One marked pixel in the middle."""
    shape = np.zeros((side, side), bool)
    shape[side // 2, side // 2] = True
    return shape


def levels(shape: Shape) -> Masks:
    """A mask of one frame, 0 and 255."""
    return np.where(shape, np.uint8(255), np.uint8(0))[None]


@given(MASKS)
def test_masks_come_back_from_their_file(masks: Masks) -> None:
    count, height, width = masks.shape
    assert np.array_equal(decode_masks(encode_masks(masks), (width, height), count), masks)


def test_the_file_is_a_grey_png_with_the_frames_below_each_other() -> None:
    masks = np.concatenate([levels(dot(5))] * 3)
    assert encode_masks(masks) == encode_masks(masks)
    with Image.open(io.BytesIO(encode_masks(masks))) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "L", (5, 15))


def test_one_mask_for_a_clip_stays_one() -> None:
    assert decode_masks(encode_masks(levels(dot())), (21, 21), 9).shape == (1, 21, 21)


def test_a_mask_of_another_size_is_scaled() -> None:
    large = levels(grown(dot(), 6)).repeat(2, axis=1).repeat(2, axis=2)
    small = decode_masks(encode_masks(large), (21, 21), 1)[0]
    assert np.array_equal(small > 127, grown(dot(), 6))


@given(SHAPES)
def test_run_lengths_say_the_whole_shape(shape: Shape) -> None:
    lengths = run_lengths(shape)
    assert sum(lengths) == shape.size
    assert all(length > 0 for length in lengths[1:])
    assert np.array_equal(from_run_lengths(lengths, shape.shape[::-1]), shape)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=20), st.booleans())
def test_every_row_of_lengths_comes_back(lengths: list[int], out_first: bool) -> None:
    runs = lengths if out_first else [0, *lengths]
    assert run_lengths(from_run_lengths(runs, (sum(runs), 1))) == tuple(runs)


def test_run_lengths_go_row_by_row_and_begin_with_what_is_out() -> None:
    assert run_lengths(np.array([[0, 1, 1], [1, 0, 0]], bool)) == (1, 3, 2)
    assert run_lengths(np.ones((2, 2), bool)) == (0, 4)
    assert run_lengths(np.zeros((2, 2), bool)) == (4,)


@pytest.mark.parametrize("lengths", [(), (5,), (3, -1, 2), (2, 3)])
def test_lengths_that_do_not_fill_the_picture_are_refused(lengths: tuple[int, ...]) -> None:
    with pytest.raises(MaskError, match="does not fit its picture"):
        from_run_lengths(lengths, (2, 2))


@given(SHAPES, st.integers(0, 5), st.integers(0, 5))
def test_growing_takes_in_more_and_shrinking_less(shape: Shape, some: int, more: int) -> None:
    assert (grown(shape, some) >= shape).all()
    assert (grown(shape, some + more) >= grown(shape, some)).all()
    assert (grown(shape, -some) <= shape).all()
    assert np.array_equal(grown(shape, -some), ~grown(~shape, some))
    assert (grown(grown(shape, some), -some) >= shape).all()
    assert np.array_equal(grown(shape, 0), shape)


@pytest.mark.parametrize("pixels", [1, 2, 5, 9])
def test_a_dot_grows_to_a_disc(pixels: int) -> None:
    rows, columns = np.indices((21, 21)) - 10
    assert np.array_equal(grown(dot(), pixels), rows**2 + columns**2 <= pixels**2)


def test_a_full_mask_does_not_shrink_from_the_edge() -> None:
    assert grown(np.ones((6, 6), bool), -3).all()


@pytest.mark.parametrize("pixels", [1, 4, 8])
def test_a_feather_fades_outwards_and_leaves_what_is_marked(pixels: int) -> None:
    half = np.zeros((40, 40), np.uint8)
    half[:, 20:] = 255
    soft = feathered(half, pixels)
    assert (soft[:, 20:] == 255).all()
    assert (np.diff(soft[20].astype(int)) >= 0).all()
    assert 0 < soft[20, 19] < 255
    assert (soft[:, : 19 - 2 * pixels] == 0).all()
    assert np.array_equal(feathered(half, 0), half)


def test_an_empty_mask_says_what_to_do() -> None:
    with pytest.raises(MaskError, match=r"Nothing is marked.*Paint what may change"):
        check_marked(levels(np.zeros((4, 4), bool)))


def test_a_full_mask_is_only_a_note() -> None:
    assert check_marked(levels(np.ones((4, 4), bool))) == FULL
    assert check_marked(levels(dot())) == ""


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_mask_painted_in_any_mode_is_read(mode: str) -> None:
    mask = levels(grown(dot(), 4))
    painted = Image.fromarray(mask[0])
    image = Image.fromarray(mask[0].astype(np.uint16) * 257) if mode == "I;16" else painted.convert(mode)
    assert np.array_equal(decode_masks(saved(image, "PNG"), (21, 21), 1), mask)


def test_what_is_transparent_is_not_marked() -> None:
    layer = Image.new("RGBA", (2, 1), (255, 255, 255, 255))
    layer.putpixel((1, 0), (255, 255, 255, 0))
    assert decode_masks(saved(layer, "PNG"), (2, 1), 1).tolist() == [[[255, 0]]]


@pytest.mark.parametrize("data", [b"", b"some words", saved(flat_art(), "JPEG"), saved(flat_art(), "GIF")])
def test_what_is_no_png_is_no_mask(data: bytes) -> None:
    with pytest.raises(MaskError, match=r"not a mask that can be read.*limit PNG"):
        decode_masks(data, (8, 8), 1)


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.95])
def test_a_mask_that_was_cut_off_is_damaged(share: float) -> None:
    data = encode_masks(np.random.default_rng(0).integers(0, 256, (1, 64, 64), np.uint8))
    with pytest.raises(MaskError, match="damaged"):
        decode_masks(data[: int(len(data) * share)], (64, 64), 1)


@pytest.mark.parametrize(("size", "count"), [((21, 21), 1), ((42, 20), 1), ((21, 21), 3)])
def test_another_shape_than_the_picture_is_refused(size: tuple[int, int], count: int) -> None:
    two = encode_masks(np.concatenate([levels(dot())] * 2))
    with pytest.raises(MaskError, match=r"does not fit the picture.*got 21 x 42"):
        decode_masks(two, size, count)


def test_a_mask_over_the_limits_is_refused_before_it_is_decoded() -> None:
    data = encode_masks(levels(dot()))
    with pytest.raises(MaskError, match="too many pixels"):
        decode_masks(data, (21, 21), 1, ImageLimits(pixels=440))
    with pytest.raises(MaskError, match="file is too large"):
        decode_masks(data, (21, 21), 1, ImageLimits(size_bytes=20))


@pytest.mark.parametrize(
    "masks", [np.zeros((1, 2, 2), np.float32), np.zeros((2, 2), np.uint8), np.zeros((0, 2, 2), np.uint8)]
)
def test_other_arrays_are_no_masks(masks: Masks) -> None:
    with pytest.raises(MaskError, match="cannot become a mask"):
        encode_masks(masks)


# ----------------------------------------------------------------------------------- as a model takes it


FRAMES = np.zeros((3, 32, 32, 3), np.uint8)


def spot(first: int = 8, last: int = 24, side: int = 32) -> Masks:
    """A square from `first` up to `last`, across and down."""
    level = np.zeros((1, side, side), np.uint8)
    level[:, first:last, first:last] = 255
    return level


def test_one_mask_holds_for_every_frame() -> None:
    share = change(encode_masks(spot()), FRAMES)[0]
    assert share.shape == (3, 32, 32)
    assert (share[:, 8:24, 8:24] == 1).all()
    assert share.sum() == 3 * 16 * 16


def test_masks_below_each_other_are_one_a_frame() -> None:
    tall = encode_masks(np.concatenate([spot(4 * index, 4 * index + 4) for index in range(3)]))
    share = change(tall, FRAMES)[0]
    assert [float(one.sum()) for one in share] == [16, 16, 16]
    assert share[2, 8:12, 8:12].all()


def test_a_feather_fades_out_around_the_mask() -> None:
    share = change(encode_masks(spot()), FRAMES[:1], 6)[0][0]
    assert (share[8:24, 8:24] == 1).all()
    assert 0 < share[16, 26] < 1
    assert share[0, 0] == 0


def test_a_mask_that_changes_nothing_or_fits_nothing_is_refused_and_a_full_one_said() -> None:
    assert change(encode_masks(spot(0, 32)), FRAMES)[1] == FULL
    assert change(encode_masks(spot()), FRAMES)[1] == ""
    with pytest.raises(MaskError, match=r"Nothing is marked.*Paint"):
        change(encode_masks(spot(0, 0)), FRAMES)
    with pytest.raises(MaskError, match="does not fit"):
        change(encode_masks(np.concatenate([spot(), spot()])), FRAMES)
