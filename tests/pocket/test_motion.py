from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.pocket.motion import Floats, trajectory
from engine.pocket.vocabulary import MOTIONS, SIZES, SPEEDS
from engine.pocket.world import GROUND, TRAVEL, Thing

places = st.floats(0.2, 0.8)


def _thing(motion: str, speed: str, x: float = 0.4, y: float = 0.3) -> Thing:
    return Thing("ball", "red", "small", motion, speed, x, y, 0.5)


def _path(motion: str, speed: str, x: float = 0.4, y: float = 0.3) -> tuple[Floats, Floats, Floats, Floats]:
    poses = trajectory(_thing(motion, speed, x, y), 17, 8)
    return poses[:, 0], poses[:, 1], poses[:, 2], poses[:, 3]


@given(st.sampled_from(MOTIONS), st.sampled_from(SPEEDS), places, places)
def test_a_path_starts_at_the_start_and_is_the_same_at_any_length(motion: str, speed: str, x: float, y: float) -> None:
    long = trajectory(_thing(motion, speed, x, y), 25, 8)
    assert long.dtype == np.float32
    assert long[0] == pytest.approx([x, y, 1, 0], abs=1e-5)
    assert np.array_equal(trajectory(_thing(motion, speed, x, y), 9, 8), long[:9])


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize(("motion", "axis", "sign"), [("left", 0, -1), ("right", 0, 1), ("up", 1, -1), ("down", 1, 1)])
def test_travel_goes_its_way_and_no_other(motion: str, axis: int, sign: int, speed: str) -> None:
    path = _path(motion, speed)
    assert (np.diff(path[axis]) * sign > 0).all()
    assert abs(path[axis][-1] - path[axis][0]) == pytest.approx(TRAVEL[speed], abs=1e-5)
    assert np.ptp(path[1 - axis]) == 0


@given(places, st.sampled_from(SPEEDS))
def test_a_roll_turns_as_far_as_it_travels(x: float, speed: str) -> None:
    across, _, _, angle = _path("roll", speed, x)
    assert (across[-1] > across[0]) == (_thing("roll", speed, x).direction == "right")
    assert angle * SIZES["small"] / 2 == pytest.approx(across - across[0], abs=1e-5)


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_bounce_hops_in_place(speed: str) -> None:
    across, down, _, _ = _path("bounce", speed)
    assert np.ptp(across) == 0
    assert (down <= down[0] + 1e-6).all()
    assert np.sum(np.isclose(down, down[0], atol=1e-5)) >= 3


@pytest.mark.parametrize(("speed", "turns"), [("slow", 0.5), ("quick", 1.5)])
def test_a_spin_turns_in_place(speed: str, turns: float) -> None:
    across, down, scale, angle = _path("spin", speed)
    assert angle[-1] >= turns * 2 * np.pi
    assert np.ptp(across) == np.ptp(down) == np.ptp(scale) == 0


@pytest.mark.parametrize("speed", SPEEDS)
def test_growth_and_shrinkage_are_plain_to_see(speed: str) -> None:
    assert 1.55 <= _path("grow", speed)[2][-1] <= 2.25
    assert 0.34 <= _path("shrink", speed)[2][-1] <= 0.61
    assert (np.diff(_path("grow", speed)[2]) > 0).all()


@given(st.floats(0.16, 0.36), st.sampled_from(SPEEDS))
def test_a_fall_gathers_speed_and_ends_on_the_ground(y: float, speed: str) -> None:
    down = _path("fall", speed, y=y)[1]
    assert down[-1] + SIZES["small"] / 2 == pytest.approx(GROUND, abs=1e-3)
    assert down.max() <= down[-1] + 1e-5
    assert down[2] - down[1] > down[1] - down[0]


@pytest.mark.parametrize("speed", SPEEDS)
def test_an_orbit_keeps_its_distance(speed: str) -> None:
    across, down, _, _ = _path("orbit", speed)
    assert np.hypot(across - 0.4, down - 0.42) == pytest.approx(np.full(17, 0.12), abs=1e-4)
    assert np.ptp(across) > 0.22
