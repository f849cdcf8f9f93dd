"""What happens in a pocket clip, and when: landings, hops, turns, meetings, the middle of the picture passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from types import MappingProxyType
from typing import Final

import numpy as np

from engine.pocket.motion import (
    FALL_SECONDS,
    HOP_SECONDS,
    ORBIT_TURNS,
    SPIN_TURNS,
    Floats,
    camera_paths,
    moments,
    trajectories,
)
from engine.pocket.vocabulary import SIZES
from engine.pocket.world import CLIP_SECONDS, FPS, Clip, Thing

Fact = tuple[str, ...]
"""A few words: what, and of which things."""
FRAMES: Final = 17
_TOUCH: Final = 0.4
"""Two things meet where their centres are closer than this share of their sizes' sum."""
_CLEAR: Final = 0.5
"""From which on nobody would say that they do."""
EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "lands": "The {0} reaches the ground.",
        "tops": "The {0} is at the top of its first hop.",
        "turned": "The {0} has gone round once.",
        "passes": "The {0} passes the middle of the picture.",
        "meets": "The {0} and the {1} meet.",
    }
)


def event(fact: Fact) -> str:
    """An event in words."""
    return EVENTS[fact[0]].format(*fact[1:])


def happens(fact: Fact, clip: Clip) -> float | None:
    """Seconds after the clip's beginning at which an event comes true; None where it does not, or not in the clip."""
    return next((when for other, when in events(clip) if {*other} == {*fact}), None)


def events(clip: Clip) -> Iterator[tuple[Fact, float]]:
    """What happens in a clip, and when, in no order."""
    for place, thing in enumerate(clip.things):
        name, seconds = _own_event(thing)
        if name and 0 < seconds < CLIP_SECONDS:
            yield (name, thing.noun), seconds
        passed = _passing(clip, place)
        if passed is not None:
            yield ("passes", thing.noun), passed
    for one, other in combinations(clip.things, 2):
        met = meeting(clip, one.noun, other.noun)
        if met:
            yield ("meets", one.noun, other.noun), met


def _own_event(thing: Thing) -> tuple[str, float]:
    """The event of a thing's motion, and when."""
    match thing.motion:
        case "fall":
            return "lands", FALL_SECONDS[thing.speed]
        case "bounce":
            return "tops", HOP_SECONDS[thing.speed] / 2
        case "spin":
            return "turned", CLIP_SECONDS / SPIN_TURNS[thing.speed]
        case "orbit":
            return "turned", CLIP_SECONDS / ORBIT_TURNS[thing.speed]
        case _:
            return "", 0.0


def _passing(clip: Clip, place: int) -> float | None:
    """When a thing that goes straight is in the middle of the picture, as the camera sees it."""
    thing = clip.things[place]
    if thing.direction is None:
        return None
    path = _paths(clip)[place, :, 1 if thing.direction in ("up", "down") else 0] - 0.5
    crossed = np.flatnonzero(path[:-1] * path[1:] < 0)
    return float((crossed[0] + 1) / FPS) if len(crossed) else None


def meeting(clip: Clip, one: str, other: str) -> float | None:
    """Seconds after which two things of a clip first meet; None where they do not."""
    close = _apart(clip, one, other) < _TOUCH
    return float(close.argmax() / FPS) if close.any() else None


def touching(clip: Clip, one: str, other: str) -> float:
    """Seconds after which two things of a clip that meet could first be said to."""
    return float((_apart(clip, one, other) < _CLEAR).argmax() / FPS)


def nearest(clip: Clip, one: str, other: str) -> float:
    """How near two things of a clip come to each other: their distance as a share of their sizes' sum."""
    return float(_apart(clip, one, other).min())


def clearly_apart(clip: Clip, one: str, other: str) -> bool:
    """Whether two things of a clip never come so near that somebody could think they meet."""
    return bool((_apart(clip, one, other) > _CLEAR).all())


def _apart(clip: Clip, one: str, other: str) -> Floats:
    """(frames,): how far the middles of two things are apart, in sums of their sizes."""
    names = [thing.noun for thing in clip.things]
    a, b = (_paths(clip)[names.index(noun)] for noun in (one, other))
    apart: Floats = np.hypot(*(a - b)[:, :2].T) / (a[:, 2] + b[:, 2])
    return apart


@lru_cache(maxsize=64)
def _paths(clip: Clip) -> Floats:
    """(things, frames, 3) of x, y and diameter in the view, 0..1."""
    times = moments(FRAMES, FPS)
    poses, camera = trajectories(clip.things, times), camera_paths([clip.camera], times)[0]
    zoom = camera[:, 2]
    sizes = np.array([SIZES[thing.size] for thing in clip.things], np.float32)[:, None]
    places = [(poses[..., axis] - camera[:, axis]) * zoom + 0.5 for axis in (0, 1)]
    return np.stack([*places, sizes * poses[..., 2] * zoom], -1)
