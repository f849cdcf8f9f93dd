"""What is heard while something happens: one second, mono, 16 kHz, the same for the same happening, always.

Every noun rings in its own way when it is hit (modal synthesis: a few decaying sines, as in van den Doel and Pai,
1998): the striker first and loud, what it strikes a moment later. Cars, boats and rockets hum while they travel; what
breaks rattles; what appears chimes. All else is silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.pocket.vocabulary import NOUNS
from engine.pocket.worlds.actions import TRAVELS
from engine.pocket.worlds.happening import GROUND_NAME, Happening

Sound = NDArray[np.float32]
"""(SAMPLES,) in -1..1."""
RATE: Final = 16_000
"""Samples a second."""
SAMPLES: Final = RATE
STRIKE_SECONDS: Final = 0.3
"""When something is hit."""
ANSWER_SECONDS: Final = 0.16
"""How much later the struck thing is heard."""


@dataclass(frozen=True, slots=True)
class Material:
    """How a thing rings."""

    pitch: float
    """The lowest mode, hertz."""
    modes: tuple[float, ...]
    """All modes, as multiples of the pitch."""
    ring: float
    """Seconds until the lowest mode has fallen to 1/e; higher ones fall faster."""


_BELL: Final = (1.0, 2.76, 5.4)
_BLOCK: Final = (1.0, 1.58, 2.24)
_STRING: Final = (1.0, 2.0, 3.0, 4.0)
_SOFT: Final = (1.0, 1.3)
MATERIALS: Final[Mapping[str, Material]] = MappingProxyType(
    {
        "ball": Material(150, _SOFT, 0.09), "star": Material(1180, _BELL, 0.2), "heart": Material(210, _STRING, 0.1),
        "ring": Material(640, _BELL, 0.3), "cube": Material(420, _BLOCK, 0.06), "car": Material(290, _BELL, 0.14),
        "boat": Material(245, _BLOCK, 0.12), "rocket": Material(820, _BELL, 0.16),
        "fish": Material(330, _SOFT, 0.04), "bird": Material(1900, _STRING, 0.06),
        "tree": Material(175, _BLOCK, 0.05), "house": Material(120, _BLOCK, 0.16),
        "balloon": Material(510, _SOFT, 0.12), "flower": Material(1500, _SOFT, 0.04),
        "butterfly": Material(2500, _SOFT, 0.03), "snowman": Material(95, _STRING, 0.05),
        GROUND_NAME: Material(62, _SOFT, 0.1),
    }
)  # fmt: skip
"""Noun -> how it rings when it strikes or is struck."""
MOTORS: Final[Mapping[str, float]] = MappingProxyType({"car": 76.0, "boat": 44.0, "rocket": 108.0})
"""Noun -> strokes a second of its engine."""


def sound_of(step: Happening) -> Sound:
    """The second in which it happens."""
    heard = np.zeros(SAMPLES, np.float64)
    noun, kind = step.action.noun or "", step.action.kind
    if kind in TRAVELS and noun in MOTORS:
        heard += _hum(MOTORS[noun], STRIKE_SECONDS if step.impact else 1.0)
    if step.impact:
        heard += _struck(MATERIALS[step.impact.striker], STRIKE_SECONDS)
        heard += 0.7 * _struck(MATERIALS[step.impact.struck], STRIKE_SECONDS + ANSWER_SECONDS)
    if kind == "break":
        heard += _rattle(noun)
    if kind == "appear":
        heard += 0.5 * (_struck(Material(660, _STRING, 0.2), 0.1) + _struck(Material(990, _STRING, 0.3), 0.25))
    return np.clip(heard, -1.0, 1.0).astype(np.float32)


def _since(seconds: float) -> NDArray[np.float64]:
    """Seconds since then at every sample, negative before."""
    return np.arange(SAMPLES) / RATE - seconds


@lru_cache(maxsize=64)
def _struck(material: Material, seconds: float) -> NDArray[np.float64]:
    """One blow, at its loudest 0.6."""
    t = _since(seconds)
    rung = np.zeros(SAMPLES)
    for number, mode in enumerate(material.modes):
        fade = np.exp(-np.maximum(t, 0.0) * (1 + number) / material.ring)
        rung += np.where(t >= 0, np.sin(2 * np.pi * material.pitch * mode * t) * fade / (1 + number), 0.0)
    return np.asarray(0.6 * rung / np.abs(rung).max(), np.float64)


@lru_cache(maxsize=64)
def _hum(strokes: float, seconds: float) -> NDArray[np.float64]:
    """An engine until then."""
    t = _since(0.0)
    stroke = sum(np.sin(2 * np.pi * strokes * n * t) / n for n in range(1, 7))
    return np.where(t < seconds, 0.12 * stroke * np.minimum(1.0, (seconds - t) / 0.05), 0.0)


@lru_cache(maxsize=64)
def _rattle(noun: str) -> NDArray[np.float64]:
    """Pieces on the ground: clicks of noise, seven in all, ever fainter."""
    rng = np.random.default_rng(NOUNS.index(noun))
    heard = np.zeros(SAMPLES)
    for number, late in enumerate(np.sort(rng.uniform(0.05, 0.5, 7))):
        t = _since(STRIKE_SECONDS + float(late))
        fade = np.where(t >= 0, np.exp(-np.maximum(t, 0.0) / 0.012), 0.0)
        heard += 0.4 * 0.8**number * rng.uniform(-1, 1, SAMPLES) * fade
    return heard
