"""Sounds as pictures and back: log-mel spectrograms, and who hit what as a judge of sound hears it.

A spectrogram has BANDS bands and MOMENTS moments. Back to a sound by the method of Griffin and Lim (1984), which finds
phases that fit; what it makes has the same spectrogram, not the same samples.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.pocket.world import NOWHERE
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.happening import GROUND_NAME, Happening, Impact
from engine.pocket.worlds.sounds import MATERIALS, RATE, SAMPLES, Sound, sound_of

Spectrogram = NDArray[np.float32]
"""(BANDS, MOMENTS), 0 for silence, about 1 at the loudest."""
BANDS: Final = 48
MOMENTS: Final = 32
_WINDOW: Final = 1024
_HOP: Final = SAMPLES // MOMENTS
_FLOOR: Final = 1e-3
"""Magnitudes below this are silence."""
_LOUDEST: Final = 200.0
_ROUNDS: Final = 24
"""Of the search for phases."""
FAINTEST: Final = 0.02
"""Mean level from which there is anything to hear."""


def spectrogram(sound: Sound) -> Spectrogram:
    """What a second of sound looks like."""
    bands = _filters() @ np.abs(_transform(sound.astype(np.float64)))
    levels = np.log(np.maximum(bands, _FLOOR) / _FLOOR) / np.log(_LOUDEST / _FLOOR)
    return np.asarray(levels, np.float32)


def sounded(levels: Spectrogram) -> Sound:
    """A second of sound that looks so; always the same for the same levels."""
    bands = _FLOOR * np.exp(np.clip(levels.astype(np.float64), 0, 1.2) * np.log(_LOUDEST / _FLOOR))
    wanted = np.maximum(np.linalg.pinv(_filters()) @ np.where(bands > 1.01 * _FLOOR, bands, 0.0), 0.0)
    phases = np.exp(2j * np.pi * np.random.default_rng(0).random(wanted.shape))
    for _ in range(_ROUNDS):
        again = _transform(_inverse(wanted * phases))
        phases = again / np.maximum(np.abs(again), 1e-12)
    return np.clip(_inverse(wanted * phases), -1.0, 1.0).astype(np.float32)


def heard_impact(levels: Spectrogram) -> Impact | None:
    """Who hit what, by the likest of all blows there can be; None where nothing is heard."""
    if float(levels.mean()) < FAINTEST:
        return None
    blows, kept = _blows()
    mine = levels.ravel() / max(float(np.linalg.norm(levels)), 1e-9)
    return blows[int(np.argmax(kept @ mine))]


@cache
def _blows() -> tuple[tuple[Impact | None, ...], NDArray[np.float32]]:
    """Every blow that there can be, as a step down, or to a side where an engine hums, and as a breaking; and sounds
    that are no blow. Beside them their spectrograms at length 1, (blows, BANDS * MOMENTS)."""
    known: list[tuple[Impact | None, Action]] = [(None, Action("appear", "ball"))]
    for striker in MATERIALS:
        if striker != GROUND_NAME:
            known.append((None, Action("left", striker)))
            pairs = [Impact(striker, struck) for struck in MATERIALS if struck != striker]
            known += [(pair, Action(kind, striker)) for pair in pairs for kind in ("left", "drop", "break")]
    kept, blows = [], []
    for impact, action in known:
        levels = spectrogram(sound_of(Happening(NOWHERE, action, NOWHERE, impact))).ravel()
        length = float(np.linalg.norm(levels))
        if length > 0:
            kept.append(levels / length)
            blows.append(impact)
    return tuple(blows), np.stack(kept)


@cache
def _filters() -> NDArray[np.float64]:
    """Triangles evenly spaced on the mel scale: (BANDS, frequencies)."""
    highest = 2595 * np.log10(1 + RATE / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, highest, BANDS + 2) / 2595) - 1)
    frequencies = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    rise = (frequencies - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - frequencies) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(np.minimum(rise, fall), 0.0)
    nearest = np.abs(frequencies - edges[1:-1, None]).argmin(1)
    triangles[np.arange(BANDS), nearest] = np.maximum(triangles[np.arange(BANDS), nearest], 0.5)
    return np.asarray(triangles, np.float64)


def _window() -> NDArray[np.float64]:
    return np.asarray(np.hanning(_WINDOW + 1)[:-1], np.float64)


def _transform(sound: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Short-time Fourier transform, (frequencies, MOMENTS): of windows around the middle of each moment."""
    padded = np.pad(sound, (_WINDOW - _HOP) // 2)
    frames = np.stack([padded[n * _HOP : n * _HOP + _WINDOW] for n in range(MOMENTS)], 1)
    return np.asarray(np.fft.rfft(frames * _window()[:, None], axis=0), np.complex128)


def _inverse(spectrum: NDArray[np.complex128]) -> NDArray[np.float64]:
    """The sound whose transform is nearest, (SAMPLES,)."""
    frames = np.fft.irfft(spectrum, _WINDOW, axis=0) * _window()[:, None]
    total = np.zeros(SAMPLES + _WINDOW - _HOP)
    weight = np.zeros_like(total)
    for n in range(MOMENTS):
        total[n * _HOP : n * _HOP + _WINDOW] += frames[:, n]
        weight[n * _HOP : n * _HOP + _WINDOW] += _window() ** 2
    edge = (_WINDOW - _HOP) // 2
    return np.asarray((total / np.maximum(weight, 1e-3))[edge : edge + SAMPLES], np.float64)
