"""A device's memory while something runs, and its curve as an SVG."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import torch

from bench.plot import Axis, drawn

Points = list[tuple[float, float]]
"""Seconds and GiB."""


class Watch:
    """Notes what is allocated, twenty times a second, within its block."""

    def __init__(self, device: torch.device) -> None:
        self.points: Points = []
        self._device = device
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._note, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _note(self) -> None:
        begun = time.perf_counter()
        while True:
            bytes_now = torch.cuda.memory_allocated(self._device) if self._device.type == "cuda" else 0
            self.points.append((round(time.perf_counter() - begun, 3), round(bytes_now / 2**30, 3)))
            if self._over.wait(0.05):
                return


def plotted(curves: Mapping[str, Points], title: str) -> str:
    """An SVG with a line for each name."""
    every = [point for points in curves.values() for point in points] or [(1.0, 1.0)]
    seconds, gib = (max(max(point[axis] for point in every), 0.1) for axis in (0, 1))
    return drawn(
        curves, title, Axis(0.0, seconds, {seconds: f"{seconds:.0f} s"}), Axis(0.0, gib, {gib: f"{gib:.1f} GiB"})
    )
