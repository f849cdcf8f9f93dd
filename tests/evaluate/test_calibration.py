"""The reliability curve and its error by hand; the temperature mends what is too sure."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluate import calibration


def test_the_error_by_hand() -> None:
    said, so = np.array([0.9, 0.9, 0.2]), np.array([True, False, False])
    assert calibration.error(said, so) == pytest.approx(2 / 3 * 0.4 + 1 / 3 * 0.2)
    assert [(round(one.said, 6), one.so, one.cases) for one in calibration.curve(said, so)] == [
        (0.2, 0.0, 1), (0.9, 0.5, 2),
    ]  # fmt: skip


def test_certainty_falls_into_the_last_bin_and_nothing_is_no_error() -> None:
    assert calibration.curve(np.array([1.0]), np.array([True])) == (calibration.Bin(1.0, 1.0, 1),)
    assert calibration.error(np.array([]), np.array([], np.bool_)) == 0
    assert calibration.temperature(np.array([]), np.array([], np.bool_)) == 1


def test_the_temperature_that_made_it_too_sure_is_found_again() -> None:
    random = np.random.default_rng(0)
    odds = random.normal(0, 2, 20_000)
    so = random.random(20_000) < 1 / (1 + np.exp(-odds))
    said = 1 / (1 + np.exp(-3 * odds))
    found = calibration.temperature(said, so)
    assert found == pytest.approx(3, rel=0.05)
    mended = 1 / (1 + np.exp(-3 * odds / found))
    assert calibration.error(mended, so) < 0.02 < calibration.error(said, so)
