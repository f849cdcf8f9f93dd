"""A mask follows what it covers: over moves, turns, growth and occlusion, forwards and backwards."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.media.following import follow
from engine.media.masks import grown

COUNT, EDGE = 8, 96


def scene(*squares: tuple[int, int, int, tuple[int, int, int]]) -> tuple[NDArray[np.uint8], list[NDArray[np.bool_]]]:
    """A textured backdrop with one frame of squares (left, top, edge, colour), the last in front; and their masks."""
    noise = np.random.default_rng(1).integers(-12, 12, (EDGE, EDGE, 3))
    frame = (np.linspace(60, 160, EDGE)[:, None, None] + noise).astype(np.uint8)
    masks: list[NDArray[np.bool_]] = []
    for left, top, edge, colour in squares:
        mask = np.zeros((EDGE, EDGE), bool)
        mask[max(0, top) : max(0, top + edge), max(0, left) : max(0, left + edge)] = True
        frame[mask] = colour
        masks = [*(other & ~mask for other in masks), mask]
    return frame, masks


def clip(lefts: list[int], edges: list[int]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A red square on its way, and its masks."""
    shots = [scene((left, 30, edge, (200, 40, 40))) for left, edge in zip(lefts, edges, strict=True)]
    return np.stack([frame for frame, _ in shots]), np.stack([masks[0] for _, masks in shots])


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))


def worst(masks: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    return min(overlap(mask, true) for mask, true in zip(masks, truth, strict=True))


@pytest.mark.parametrize("pace", [1, 6, 11])
def test_it_follows_at_any_pace(pace: int) -> None:
    frames, truth = clip([4 + pace * number % 70 for number in range(COUNT)], [20] * COUNT)
    assert worst(follow(frames[:6], {0: truth[0]}), truth[:6]) > 0.9


def test_it_grows_along() -> None:
    frames, truth = clip([40 - number for number in range(COUNT)], [16 + 2 * number for number in range(COUNT)])
    assert worst(follow(frames, {0: truth[0]}), truth) > 0.85


def test_it_follows_both_ways_from_any_frame() -> None:
    frames, truth = clip([10 + 6 * number for number in range(COUNT)], [20] * COUNT)
    assert worst(follow(frames, {4: truth[4]}), truth) > 0.9


def test_a_correction_counts_for_the_frames_around_it() -> None:
    frames, truth = clip([10 + 6 * number for number in range(COUNT)], [20] * COUNT)
    wrong = np.zeros_like(truth[0])
    wrong[70:90, 70:90] = True
    masks = follow(frames, {0: wrong, 5: truth[5]})
    assert worst(masks[3:], truth[3:]) > 0.9
    assert overlap(masks[1], truth[1]) < 0.2


def test_the_other_of_two_alike_is_left_alone() -> None:
    red = (200, 40, 40)
    shots = [scene((10 + 3 * number, 10, 18, red), (60 - 3 * number, 66, 18, red)) for number in range(COUNT)]
    frames = np.stack([frame for frame, _ in shots])
    truth = np.stack([masks[0] for _, masks in shots])
    assert worst(follow(frames, {0: truth[0]}), truth) > 0.9


def test_what_has_left_has_no_mask() -> None:
    frames, truth = clip([60, 72, 84, 96, 96, 96], [20] * 6)
    masks = follow(frames, {0: truth[0]})
    assert overlap(masks[1], truth[1]) > 0.85
    assert not masks[-1].any()


def test_a_margin_around_a_thing_stays_as_wide() -> None:
    frames, truth = clip([10 + 6 * number for number in range(COUNT)], [20] * COUNT)
    wide = np.stack([grown(mask, 4) for mask in truth])
    assert worst(follow(frames, {0: wide[0]}), wide) > 0.75


def test_where_colours_say_nothing_the_mask_keeps_its_size() -> None:
    ground = np.random.default_rng(2).integers(60, 190, (EDGE, EDGE, 3)).astype(np.uint8)
    frames = np.stack([np.roll(ground, 3 * number, axis=1) for number in range(COUNT)])
    start = np.hypot(*(np.mgrid[:EDGE, :EDGE] - 40)) < 14
    truth = np.stack([np.roll(start, 3 * number, axis=1) for number in range(COUNT)])
    assert worst(follow(frames, {0: start}), truth) > 0.75


def test_all_and_nothing_stay_what_they_are() -> None:
    frames, _ = clip([10] * 4, [20] * 4)
    assert follow(frames, {0: np.ones((EDGE, EDGE), bool)}).all()
    assert not follow(frames, {2: np.zeros((EDGE, EDGE), bool)}).any()
    with pytest.raises(ValueError, match="no mask"):
        follow(frames, {})


def test_odd_sizes_are_followed() -> None:
    frames, truth = clip([10 + 5 * number for number in range(COUNT)], [20] * COUNT)
    assert worst(follow(frames[:, :91, :93], {0: truth[0][:91, :93]}), truth[:, :91, :93]) > 0.85
