"""Extractors that need no weights: flow, the frame between two, and marks for sharpness and colour.

Their names say what they are, and with them the metrics that are taken with them. OpenCV is imported when asked.
"""

from __future__ import annotations

import numpy as np

from engine.evaluate.metrics.features import Frames, Vectors

_FARNEBACK = (0.5, 5, 15, 3, 7, 1.5, 0)
"""Pyramid scale and levels, window, iterations, neighbourhood and its Gaussian, flags: as OpenCV's samples, with two
levels and a neighbourhood more, since pocket things go 12 pixels a frame."""


class FarnebackFlow:
    """Dense flow by polynomial expansion (Farnebäck, 2003), as OpenCV computes it."""

    name = "Farnebäck flow"

    def flow(self, before: Frames, after: Frames) -> Vectors:
        """See engine.evaluate.metrics.features.FlowEstimator."""
        import cv2

        one, other = (cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (before, after))
        start = np.zeros((*one.shape, 2), np.float32)
        return np.asarray(cv2.calcOpticalFlowFarneback(one, other, start, *_FARNEBACK))


class FlowInterpolator:
    """The frame between two: both moved half of the flow's way towards each other, and their mean."""

    name = "Farnebäck interpolation"

    def __init__(self) -> None:
        self._flow = FarnebackFlow()

    def between(self, before: Frames, after: Frames) -> Frames:
        """See engine.evaluate.metrics.features.Interpolator."""
        import cv2

        height, width = before.shape[:2]
        grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(np.float32)
        halves = []
        for one, other in ((before, after), (after, before)):
            places = grid - 0.5 * np.asarray(self._flow.flow(one, other), np.float32)
            moved = cv2.remap(one, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            halves.append(np.asarray(moved, np.float32))
        return np.rint((halves[0] + halves[1]) / 2).astype(np.uint8)


class Sharpness:
    """100 for a picture that blurring changes a lot, 0 for one that it does not (Crété et al., 2007).

    Formula, along each axis: with d the absolute differences of neighbours and b those of the picture after a mean over
    9 pixels, blur = (sum d - sum max(0, d - b)) / sum d; the mark is 100 * (1 - the larger of both). Lightness only.
    """

    name = "Crété sharpness"

    def rate(self, frames: Frames) -> Vectors:
        """See engine.evaluate.metrics.features.Rater; 0..100."""
        return np.array([100.0 * (1.0 - max(_blur(frame, 0), _blur(frame, 1))) for frame in frames])


class Colourfulness:
    """How colourful a picture is (Hasler and Süsstrunk, 2003), 10 at their "extremely colourful" of 109.

    Formula: rg = R - G, yb = (R + G) / 2 - B; M = sqrt(s_rg^2 + s_yb^2) + 0.3 * sqrt(m_rg^2 + m_yb^2) with standard
    deviations s and means m over all pixels; the mark is min(10, M / 10.9).
    """

    name = "colourfulness"

    def rate(self, frames: Frames) -> Vectors:
        """See engine.evaluate.metrics.features.Rater; 0..10."""
        return np.array([_colourfulness(frame) for frame in frames])


def _blur(frame: Frames, axis: int) -> float:
    plane = np.moveaxis(frame.astype(np.float64) @ (0.299, 0.587, 0.114), axis, 0)
    padded = np.pad(plane, ((5, 4), (0, 0)), mode="edge").cumsum(0)
    smooth = (padded[9:] - padded[:-9]) / 9
    sharp, soft = np.abs(np.diff(plane, axis=0)), np.abs(np.diff(smooth, axis=0))
    total = float(sharp.sum())
    return float(total - np.maximum(0.0, sharp - soft).sum()) / total if total else 1.0


def _colourfulness(frame: Frames) -> float:
    red, green, blue = (frame[..., channel].astype(np.float64) for channel in range(3))
    across, along = red - green, (red + green) / 2 - blue
    spread = float(np.hypot(across.std(), along.std()))
    mean = float(np.hypot(across.mean(), along.mean()))
    return min(10.0, (spread + 0.3 * mean) / 10.9)
