"""How things move: each motion is a function of continuous time, evaluated for many things at once.

Poses are relative to the thing's start: dx, dy (fractions of the view), scale (times its own size), and angle
(radians, clockwise as seen). Columns are things (N, 1), rows are moments (F,).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.pocket.scenery import MARGIN
from engine.pocket.vocabulary import CAMERAS, MOTIONS, SIZES
from engine.pocket.world import CLIP_SECONDS, GROUND, PAN, TRAVEL, Thing

Floats = NDArray[np.float32]

ORBIT_RADIUS = 0.12
ORBIT_TURNS = {"slow": 0.95, "quick": 1.9}
SPIN_TURNS = {"slow": 0.6, "quick": 1.6}
GROWTH = {"slow": 1.6, "quick": 2.1}
SHRINKAGE = {"slow": 0.6, "quick": 0.36}
HOP_SECONDS = {"slow": 1.0, "quick": 0.5}
HOP_HEIGHT = {"slow": 0.13, "quick": 0.2}
FALL_SECONDS = {"slow": 1.5, "quick": 0.75}
REBOUND = 0.07
"""Height of the little bounce after a fall, as a share of the fall."""
REBOUND_SECONDS = 0.3
_GROWING = (-0.5, 1.2)
"""Between which shares of CLIP_SECONDS a growing thing grows."""
ZOOM = {"zoom in": 1.4, "zoom out": 0.74}
"""The zoom reached after CLIP_SECONDS."""


@dataclass(frozen=True, slots=True)
class _Starts:
    """N things of one motion: columns of shape (N, 1)."""

    x: Floats
    y: Floats
    size: Floats
    quick: NDArray[np.bool_]

    def by_speed(self, table: dict[str, float]) -> Floats:
        """The table's value for each thing's speed, (N, 1)."""
        return np.where(self.quick, np.float32(table["quick"]), np.float32(table["slow"]))


_Change = NDArray[np.floating] | float
Pose = tuple[_Change, _Change, _Change, _Change]
"""dx, dy, scale, angle: each (N, F), or a number that holds throughout."""


def _share(t: Floats) -> Floats:
    """Time as a share of the usual clip length: 1 at its end, more in longer clips."""
    return t / np.float32(CLIP_SECONDS)


def _still(starts: _Starts, t: Floats) -> Pose:
    return 0.0, 0.0, 1.0, 0.0


def _left(starts: _Starts, t: Floats) -> Pose:
    return -starts.by_speed(TRAVEL) * _share(t), 0.0, 1.0, 0.0


def _right(starts: _Starts, t: Floats) -> Pose:
    return starts.by_speed(TRAVEL) * _share(t), 0.0, 1.0, 0.0


def _up(starts: _Starts, t: Floats) -> Pose:
    return 0.0, -starts.by_speed(TRAVEL) * _share(t), 1.0, 0.0


def _down(starts: _Starts, t: Floats) -> Pose:
    return 0.0, starts.by_speed(TRAVEL) * _share(t), 1.0, 0.0


def _bounce(starts: _Starts, t: Floats) -> Pose:
    phase = (t / starts.by_speed(HOP_SECONDS)) % 1.0
    return 0.0, -4.0 * starts.by_speed(HOP_HEIGHT) * phase * (1.0 - phase), 1.0, 0.0


def _roll(starts: _Starts, t: Floats) -> Pose:
    way = np.where(starts.x < 0.5, np.float32(1.0), np.float32(-1.0))
    dx = way * starts.by_speed(TRAVEL) * _share(t)
    return dx, 0.0, 1.0, 2.0 * dx / starts.size


def _spin(starts: _Starts, t: Floats) -> Pose:
    return 0.0, 0.0, 1.0, np.float32(2 * np.pi) * starts.by_speed(SPIN_TURNS) * _share(t)


def _grow(starts: _Starts, t: Floats) -> Pose:
    return 0.0, 0.0, starts.by_speed(GROWTH) ** np.clip(_share(t), *_GROWING), 0.0


def _shrink(starts: _Starts, t: Floats) -> Pose:
    return 0.0, 0.0, starts.by_speed(SHRINKAGE) ** np.clip(_share(t), *_GROWING), 0.0


def _fall(starts: _Starts, t: Floats) -> Pose:
    landing = starts.by_speed(FALL_SECONDS)
    drop = np.maximum(np.float32(GROUND) - starts.size / 2 - starts.y, np.float32(0.0))
    after = np.clip((t - landing) / np.float32(REBOUND_SECONDS), 0.0, 1.0)
    height = np.clip(t / landing, 0.0, 1.0) ** 2 - 4 * REBOUND * after * (1 - after)
    return 0.0, drop * height, 1.0, 0.0


def _orbit(starts: _Starts, t: Floats) -> Pose:
    angle = np.float32(2 * np.pi) * starts.by_speed(ORBIT_TURNS) * _share(t)
    return ORBIT_RADIUS * np.sin(angle), ORBIT_RADIUS * (1 - np.cos(angle)), 1.0, 0.0


_POSES: dict[str, Callable[[_Starts, Floats], Pose]] = {
    "still": _still, "left": _left, "right": _right, "up": _up, "down": _down, "bounce": _bounce,
    "roll": _roll, "spin": _spin, "grow": _grow, "shrink": _shrink, "fall": _fall, "orbit": _orbit,
}  # fmt: skip


def moments(frames: int, fps: float, start: int = 0) -> Floats:
    """The seconds of `frames` frames from frame `start` on, (frames,); those before a clip's beginning are negative."""
    return np.arange(start, start + frames, dtype=np.float32) / np.float32(fps)


def trajectories(things: Sequence[Thing], t: Floats) -> Floats:
    """Where all things are at the moments t (F,): float32 (N, F, 4) of x, y, scale, angle.

    x, y: centre, fractions of the view. scale: times the thing's own size. angle: radians, clockwise.
    """
    out = np.empty((len(things), len(t), 4), np.float32)
    if not things:
        return out
    numbers = np.array([(h.x, h.y, SIZES[h.size], h.speed == "quick") for h in things], np.float32)
    motions = np.array([_MOTION_IDS[h.motion] for h in things])
    for motion in np.unique(motions):
        rows = np.flatnonzero(motions == motion)
        x, y, size, quick = (numbers[rows, column, None] for column in range(4))
        dx, dy, scale, angle = _POSES[MOTIONS[motion]](_Starts(x, y, size, quick > 0), t)
        out[rows, :, 0] = x + dx
        out[rows, :, 1] = y + dy
        out[rows, :, 2] = scale
        out[rows, :, 3] = angle
    return out


_MOTION_IDS = {motion: index for index, motion in enumerate(MOTIONS)}


def trajectory(thing: Thing, frames: int, fps: float) -> Floats:
    """Where one thing is in every frame: float32 (frames, 4) of x, y, scale, angle; see `trajectories`."""
    poses: Floats = trajectories((thing,), moments(frames, fps))[0]
    return poses


def camera_paths(cameras: Sequence[str], t: Floats) -> Floats:
    """(N, F, 3): each camera's centre x, y and zoom at the moments t; it never looks beyond the backdrop."""
    widest, farthest = 1 / (1 + 2 * MARGIN - 0.02), MARGIN - 0.01
    pan = np.clip(PAN * _share(t), -farthest, farthest)
    table = np.empty((len(CAMERAS), len(t), 3), np.float32)
    table[:] = (0.5, 0.5, 1.0)
    table[CAMERAS.index("pan left"), :, 0] -= pan
    table[CAMERAS.index("pan right"), :, 0] += pan
    for camera, zoom in ZOOM.items():
        table[CAMERAS.index(camera), :, 2] = np.maximum(zoom ** _share(t), widest)
    paths: Floats = table[[CAMERAS.index(camera) for camera in cameras]]
    return paths
