"""What a video file says of its pictures without any being decoded: its packets, one line each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from engine.errors import VideoError
from engine.media import ffmpeg
from engine.media.limits import VideoLimits, duration
from engine.media.sources import SAVE_AGAIN

_DISCARDED: Final = 4
"""The flag of a packet that is decoded but not shown: the part before an edit list's cut."""
_KEY: Final = 1
_UNKNOWN: Final = -(2**62)
"""No time is below this but the one that means: not known."""
_LINE_BYTES: Final = 90
_COMMON_RATES: Final = (
    *(Fraction(rate) for rate in (24, 25, 30, 50, 60, 120)),
    *(Fraction(rate * 1000, 1001) for rate in (24, 30, 60, 120)),
)
_Row = tuple[int, int, int, int]
"""When shown, when stored, how long (ticks), flags."""
_EXACT_TICKS: Final = 4
"""Where a frame lasts so few ticks, the ticks were made for its rate, and nothing is rounded."""
_JITTER: Final = Fraction(1, 20)
"""Frames of a constant rate may stray by this share of a frame: cameras do."""


@dataclass(frozen=True, slots=True)
class Packets:
    """The shown frames of the first stream of pictures, in order of time."""

    header: Mapping[str, str]
    """dimensions, sar, codec_id, tb, extradata: as ffmpeg's framecrc writes them."""
    times: tuple[int, ...]
    """When each frame is shown, in ticks."""
    last_ticks: int
    """How long the last one is shown; 0 where the file does not say."""
    plain: bool
    """Shown in the order in which they are stored, none hidden, the first a key frame."""
    log: str
    """What ffmpeg told of the file, each line behind its level in brackets."""

    @property
    def tick(self) -> Fraction:
        """Seconds in a tick."""
        return Fraction(self.header["tb"])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as coded: neither turned nor stretched."""
        width, height = self.header["dimensions"].split("x")
        return int(width), int(height)

    @property
    def rate(self) -> Fraction:
        """Frames a second; of a variable rate, the commonest. 1 for a single frame of unknown length."""
        gap = self._gap
        if gap <= 0:
            return Fraction(1)
        span = max(gap, Fraction(self.times[-1] - self.times[0])) if self.steady else gap
        return _common(1 / (gap * self.tick), 1 / span if gap > _EXACT_TICKS else Fraction(0))

    @property
    def steady(self) -> bool:
        """Whether every frame is shown equally long, but for rounding and a camera's jitter."""
        gap = self._mean
        slack = max(min(Fraction(1), gap / 2), gap * _JITTER)
        return all(abs(time - self.times[0] - index * gap) <= slack for index, time in enumerate(self.times))

    @property
    def seconds(self) -> float:
        """From the first frame's beginning to the last one's end."""
        return float((self.times[-1] - self.times[0] + (self.last_ticks or self._gap)) * self.tick)

    @property
    def _mean(self) -> Fraction:
        if len(self.times) == 1:
            return Fraction(self.last_ticks)
        return Fraction(self.times[-1] - self.times[0], len(self.times) - 1)

    @property
    def _gap(self) -> Fraction:
        """Ticks between two frames: the mean of a constant rate, else the median."""
        if self.steady:
            return self._mean
        gaps = sorted(later - earlier for earlier, later in zip(self.times, self.times[1:], strict=False))
        return Fraction(gaps[len(gaps) // 2])


def packets(source: tuple[str, ...], limits: VideoLimits) -> Packets:
    """List the packets of a video on the disk (sources.on_disk).

    Raises VideoError: no pictures, only sound, none shown, pictures in another file, damaged.
    """
    wanted = ("-map", "0:V:0", "-c", "copy", "-fs", str(limits.frames * _LINE_BYTES), "-f", "framecrc", "pipe:1")
    told = ffmpeg.run(("-loglevel", "level+info", *source, *wanted), seconds=limits.decoding_seconds)
    log = told.stderr.decode("utf-8", "replace")
    header: dict[str, str] = {}
    rows: list[_Row] = []
    for line in told.stdout.decode("ascii", "replace").splitlines():
        if line.startswith("#"):
            name, _, value = line[1:].partition(" 0: ")
            header[name] = value.strip()
        elif (row := _row(line)) is not None:
            rows.append(row)
    rows = _timed(rows)
    shown = sorted((show, ticks) for show, _, ticks, flags in rows if not flags & _DISCARDED)
    if not shown or "dimensions" not in header:
        raise _nothing(log)
    plain = len(shown) == len(rows) and bool(rows[0][3] & _KEY) and all(show == dts for show, dts, *_ in rows)
    return Packets(header, tuple(show for show, _ in shown), shown[-1][1], plain, log)


def check(found: Packets, limits: VideoLimits) -> None:
    """Raises VideoError for too few frames, zero seconds, more pixels or seconds than the limits allow."""
    width, height = found.size
    if width * height > limits.frame_pixels:
        raise VideoError(
            "The video's frames are too large", "Scale it down and upload that.",
            value=f"{width} x {height}", limit=f"{limits.frame_pixels / 1e6:.1f} megapixels",
        )  # fmt: skip
    if found.seconds > limits.seconds or len(found.times) > limits.frames:
        raise VideoError(
            "The video is too long", "Cut it shorter and upload that.",
            value=duration(found.seconds), limit=duration(limits.seconds),
        )  # fmt: skip
    if len(found.times) < limits.frames_at_least:
        raise VideoError(
            "The video has a single frame, and nothing moves in it",
            "Upload a longer video, or use that frame as a picture.",
            value=f"{len(found.times)} frame", limit=f"at least {limits.frames_at_least} frames",
        )  # fmt: skip
    if found.seconds <= 0 < limits.frames_at_least - 1:
        raise VideoError("The video lasts zero seconds", SAVE_AGAIN, value="0 seconds")


def _row(line: str) -> _Row | None:
    """`stream, dts, pts, duration, size, checksum[, F=flags]` -> when shown, when stored, how long, flags."""
    fields = line.split(",")
    try:
        dts, pts, ticks = (int(field) for field in fields[1:4])
    except ValueError:  # a line that was cut off, or a time that is not known
        return None
    marked = re.search(r"F=0x([0-9A-Fa-f]+)", line)
    return pts, dts, ticks, int(marked[1], 16) if marked else _KEY


def _timed(rows: list[_Row]) -> list[_Row]:
    """Where the file does not say when some frames are shown: in the order and rhythm in which they are stored."""
    if all(show > _UNKNOWN for show, *_ in rows):
        return rows
    stored = min(dts for _, dts, *_ in rows)
    first = min((show for show, *_ in rows if show > _UNKNOWN), default=stored)
    return [(dts - stored + first, dts, ticks, flags) for _, dts, ticks, flags in rows]


def _common(rate: Fraction, slack: Fraction) -> Fraction:
    """The usual rate that this one is meant to be, if it lies within its rounding; else itself, in small numbers."""
    nearest = min(_COMMON_RATES, key=lambda common: abs(common - rate))
    close = abs(nearest - rate) <= rate * max(slack, Fraction(1, 10_000))
    return nearest if close else rate.limit_denominator(1001)


def _nothing(log: str) -> VideoError:
    """Why there is no picture to be had."""
    if "external track" in log:
        return VideoError(
            "The pictures of this video lie in another file, which is never opened",
            "Save it as one file that holds everything, and upload that.",
        )
    kinds = re.findall(r"^\[info\]   Stream #0:\d+[^\n]*?: (Video|Audio): ([^\n]*)", log, re.MULTILINE)
    shown = any(kind == "Video" and "(attached pic)" not in rest for kind, rest in kinds)
    if kinds and not shown:
        return VideoError("This file has sound but no pictures", "Choose a video file.")
    if shown and "[error]" not in log:
        return VideoError("The video lasts zero seconds: it has no frames", SAVE_AGAIN, value="0 frames")
    wrong = re.search(r"\[(?:error|fatal)\] ([^\n]*)", log)
    value = wrong[1][:120] if wrong else log[-120:]
    return VideoError("The video is damaged, cut off, or has no pictures in it", SAVE_AGAIN, value=value)
