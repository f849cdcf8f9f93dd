"""Probabilities become things: what hangs together is one, crumbs and specks are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.pocket.finding import Piece, box_iou, box_of, iou, pieces


def canvas(*boxes: tuple[int, int, int, int, float]) -> NDArray[np.float32]:
    """Left, top, right, bottom and how sure."""
    sure = np.zeros((96, 96), np.float32)
    for left, top, right, bottom, value in boxes:
        sure[top:bottom, left:right] = value
    return sure


def found(sure: NDArray[np.float32], threshold: float = 0.6) -> list[Piece]:
    return pieces(sure, threshold)


def test_two_things_are_two_pieces_the_surest_first() -> None:
    both = found(canvas((10, 10, 30, 40, 0.8), (50, 50, 70, 70, 0.95)))
    assert [piece.box for piece in both] == [(50, 50, 70, 70), (10, 10, 30, 40)]
    assert [round(piece.score, 2) for piece in both] == [0.95, 0.8]


def test_what_is_not_sure_enough_is_left_out() -> None:
    assert [piece.box for piece in found(canvas((10, 10, 30, 30, 0.65), (50, 50, 70, 70, 0.9)), 0.7)] == [
        (50, 50, 70, 70)
    ]
    assert not found(canvas((10, 10, 30, 30, 0.45)), 0.5)


def test_a_thing_with_a_crack_is_one() -> None:
    assert len(found(canvas((10, 10, 30, 30, 0.9), (32, 10, 50, 30, 0.9)))) == 1
    assert len(found(canvas((10, 10, 30, 30, 0.9), (36, 10, 50, 30, 0.9)))) == 2


def test_specks_and_crumbs_are_no_things() -> None:
    assert not found(canvas((10, 10, 12, 12, 0.9)))
    assert len(found(canvas((10, 10, 50, 50, 0.9), (70, 70, 76, 76, 0.9)))) == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_every_pixel_belongs_to_one_piece(seed: int) -> None:
    blobs = np.random.default_rng(seed).random((12, 12)).repeat(8, 0).repeat(8, 1) > 0.6
    masks = [piece.mask for piece in pieces(blobs.astype(np.float32), 0.5)]
    total = np.sum(masks, axis=0) if masks else np.zeros_like(blobs)
    assert total.max(initial=0) <= 1
    assert not (total.astype(bool) & ~blobs).any()


def test_overlaps() -> None:
    one, other = canvas((0, 0, 10, 10, 1)) > 0, canvas((5, 0, 15, 10, 1)) > 0
    assert iou(one, other) == pytest.approx(1 / 3)
    assert box_iou(box_of(one), box_of(other)) == pytest.approx(1 / 3)
    assert box_iou((0, 0, 5, 5), (6, 6, 9, 9)) == 0.0
    assert box_of(np.zeros((4, 4), bool)) == (0, 0, 0, 0)
    assert iou(np.zeros((4, 4), bool), np.zeros((4, 4), bool)) == 1.0
