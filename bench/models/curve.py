"""A device's memory while something runs, and its curve as an SVG."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import torch

Points = list[tuple[float, float]]
"""Seconds and GiB."""
_WIDTH, _HEIGHT, _EDGE = 720, 320, 48
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""Told apart by everybody (Okabe and Ito 2008)."""


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


def drawn(curves: Mapping[str, Sequence[tuple[float, float]]], title: str) -> str:
    """An SVG with a line for each name."""
    every = [point for points in curves.values() for point in points] or [(1.0, 1.0)]
    most_seconds, most_gib = (max(max(point[axis] for point in every), 0.1) for axis in (0, 1))

    def place(point: tuple[float, float]) -> str:
        x = _EDGE + point[0] / most_seconds * (_WIDTH - 2 * _EDGE)
        return f"{x:.1f},{_HEIGHT - _EDGE - point[1] / most_gib * (_HEIGHT - 2 * _EDGE):.1f}"

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/><text x="{_EDGE}" y="20">{title}</text>',
        f'<polyline fill="none" stroke="#555" points="{_EDGE},{_EDGE} {_EDGE},{_HEIGHT - _EDGE} '
        f'{_WIDTH - _EDGE},{_HEIGHT - _EDGE}"/>',
        f'<text x="4" y="{_EDGE}">{most_gib:.1f} GiB</text>',
        f'<text x="{_WIDTH - _EDGE}" y="{_HEIGHT - 30}" text-anchor="end">{most_seconds:.0f} s</text>',
    ]
    for index, (name, points) in enumerate(curves.items()):
        colour, path = _COLOURS[index % len(_COLOURS)], " ".join(place(point) for point in points)
        lines.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{path}"/>')
        lines.append(f'<text x="{_EDGE + 150 * index}" y="{_HEIGHT - 8}" fill="{colour}">{name}</text>')
    return "\n".join([*lines, "</svg>", ""])
