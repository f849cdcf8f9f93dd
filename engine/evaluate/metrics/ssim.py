"""Structural similarity of two pictures (Wang et al., 2004), with the settings that AIGCBench's code uses.

Formula, in every window of 7x7 pixels that lies inside, one channel at a time:
(2 m_x m_y + C1)(2 v_xy + C2) / ((m_x^2 + m_y^2 + C1)(v_x + v_y + C2)), C1 = (0.01 * 255)^2, C2 = (0.03 * 255)^2,
variances and covariance divided by 48 (those of a sample); then the mean of all windows and channels.
Source: scikit-image's structural_similarity(win_size=7, channel_axis=-1) on 8-bit pictures.

By hand, 7x7 pixels, one window. All 0 against all 255: C1 / (255^2 + C1) = 0.0001 / 1.0001 = 0.000099990. One pixel
of 255 and 48 of 0, against all 0: m_x = 255 / 49 and v_x = (1 - 1 / 49) / 48 * 255^2 = 255^2 / 49, so
0.0001 / (1 / 2401 + 0.0001) * 0.0009 / (1 / 49 + 0.0009) = 0.19361342 * 0.04223733 = 0.00817771.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.errors import ImageError
from engine.evaluate.metrics.features import Frames

WINDOW = 7
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def ssim(a: Frames, b: Frames) -> float:
    """-1..1, of two pictures (height, width, 3) of one size. Raises ImageError for those smaller than a window."""
    if min(a.shape[:2]) < WINDOW or a.shape != b.shape:
        what = "Pictures can be compared from 7x7 pixels on, and at one size"
        raise ImageError(what, "Give larger ones.", value=f"{a.shape[1]}x{a.shape[0]} and {b.shape[1]}x{b.shape[0]}")
    x, y = a.astype(np.float64), b.astype(np.float64)
    mean_x, mean_y = _means(x), _means(y)
    unbiased = WINDOW**2 / (WINDOW**2 - 1)
    var_x, var_y = unbiased * (_means(x * x) - mean_x**2), unbiased * (_means(y * y) - mean_y**2)
    cov = unbiased * (_means(x * y) - mean_x * mean_y)
    above = (2 * mean_x * mean_y + _C1) * (2 * cov + _C2)
    return float((above / ((mean_x**2 + mean_y**2 + _C1) * (var_x + var_y + _C2))).mean())


def resized(frame: Frames, like: Frames) -> Frames:
    """The frame at another picture's size: bilinear, as OpenCV's resize does it by default."""
    if frame.shape[:2] == like.shape[:2]:
        return frame
    import cv2

    return np.asarray(cv2.resize(frame, (like.shape[1], like.shape[0])), np.uint8)


def _means(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of every window that lies inside."""
    windows = np.lib.stride_tricks.sliding_window_view(plane, (WINDOW, WINDOW), axis=(0, 1))
    means: NDArray[np.float64] = windows.mean((-2, -1))
    return means
