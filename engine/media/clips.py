"""A video of unknown origin: what it is, and its pictures as ffmpeg filters make them upright and opaque.

Everything is told by content. Transparency is laid on white; HDR is brought to the common colours; pixels that are not
square are stretched. A file that was cut off in the middle is used as far as it goes, and `cut_off` says so; one whose
index is gone is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from engine.errors import VideoError
from engine.media import ffmpeg, filters
from engine.media.formats import name_of
from engine.media.limits import CLIP_LIMITS, VideoLimits
from engine.media.packets import Packets, check, packets
from engine.media.placement import Size
from engine.media.sources import SAVE_AGAIN, on_disk

_ALPHA: Final = re.compile(r"yuva|rgba|bgra|argb|abgr|gbrap|ya8|ya16|ayuv|vuya")
_DEEP: Final = re.compile(r"(9|10|12|14|16|32|48|64)(?:le|be)$")
_COLOUR_TAG: Final = re.compile(r"bt|smpte|fcc|ycgco|gbr")
_HD: Final = 720
"""Rows from which on a video without a colour tag is taken for BT.709."""
_SEEKABLE: Final = frozenset({"MP4", "QuickTime", "WebM", "Matroska"})
_LEAD_SECONDS: Final = 1
"""Decoding begins this long before the first frame that is wanted."""
_MISSING_SECONDS: Final = 0.5
"""A file that holds this much less than its index promises was cut off."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What is heard with a video."""

    codec: str
    """`aac`, `mp3`, `opus`, …"""
    rate: int
    """Samples a second."""
    channels: str
    """`mono`, `stereo`, `5.1`, …"""


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What a video is, as a person would say it."""

    format: str
    """`MP4`, `QuickTime`, `WebM`, `AVI`, …: the container."""
    codec: str
    """`h264`, `vp9`, …"""
    width: int
    height: int
    """Upright, in square pixels."""
    rotation: int
    """Degrees clockwise by which a player turns it; already in width and height."""
    fps: float
    """Frames a second; of a variable rate, the commonest."""
    steady: bool
    """Whether the rate is constant."""
    frames: int
    """How many are shown."""
    seconds: float
    """How long."""
    sound: Sound | None
    """None: it is silent."""
    alpha: bool
    """Whether parts may be transparent."""
    bits: int
    """Bits a channel: 8, 10, 12, 16."""
    cut_off: bool
    """The file ends before its index says; the rest is used."""

    @property
    def size(self) -> Size:
        """Width, height: upright."""
        return self.width, self.height


@dataclass(frozen=True, slots=True)
class Clip:
    """A video on the disk, ready for ffmpeg."""

    source: tuple[str, ...]
    """Input options, the last of them its path."""
    facts: ClipFacts
    """What it is."""
    packets: Packets
    """Its frames, not decoded."""
    upright: str
    """Filters that give square, opaque pixels of common colours, of any depth; ffmpeg itself has turned them."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.source[-1])

    @property
    def rate(self) -> Fraction:
        """Frames a second, exactly."""
        return self.packets.rate

    @property
    def begins(self) -> Fraction:
        """When its first frame is shown, in seconds after the file's own beginning."""
        return self.packets.times[0] * self.packets.tick

    def since(self, seconds: float) -> tuple[tuple[str, ...], Fraction]:
        """Input options that skip most of what comes before `seconds`, and when that moment comes in what is read."""
        moment = self.begins + Fraction(seconds)
        first = bisect_right(self.packets.times, moment / self.packets.tick) - 1
        early = round(self.packets.times[max(first, 0)] * self.packets.tick - _LEAD_SECONDS, 3)
        if early <= 0 or self.facts.format not in _SEEKABLE:
            return self.source, moment
        return ("-ss", f"{float(early):.3f}", *self.source), moment - early


def probe(data: bytes, limits: VideoLimits = CLIP_LIMITS) -> ClipFacts:
    """What a video is. Its first frame is decoded, so that what is let in can be read.

    Raises VideoError: not a video, only sound, a single frame, zero seconds, over the limits, damaged, cut off so that
    nothing can be read, pictures in another file.
    """
    with opened(data, limits) as clip:
        return clip.facts


@contextmanager
def opened(data: bytes, limits: VideoLimits = CLIP_LIMITS) -> Iterator[Clip]:
    """A video on the disk for as long as it is worked on. Raises VideoError as `probe` does."""
    with on_disk(data, limits) as source:
        found = packets(source, limits)
        check(found, limits)
        told = _Told.of(found.log)
        if told.alpha and found.header["codec_id"] in ("vp8", "vp9"):  # only this decoder knows its transparency
            source = ("-c:v", f"libvpx{'-vp9' if found.header['codec_id'] == 'vp9' else ''}", *source)
        _check_decodes(source, found, limits)
        facts = _facts(name_of(data), found, told)
        yield Clip(source, facts, found, _upright(found, told, facts))


def _check_decodes(source: tuple[str, ...], found: Packets, limits: VideoLimits) -> None:
    """Raises VideoError when not even one frame can be had."""
    one = ("-map", "0:V:0", "-frames:v", "1", "-f", "framecrc", "pipe:1")
    outcome = ffmpeg.run((*source, *one), seconds=limits.decoding_seconds)
    if outcome.returncode or not re.search(rb"^0,", outcome.stdout, re.MULTILINE):
        raise VideoError(
            "The video's pictures cannot be decoded", SAVE_AGAIN,
            value=ffmpeg.complaint(outcome) or found.header["codec_id"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    """What ffmpeg says of a file's streams before it reads them."""

    pixels: str
    """yuv420p, yuva444p12le, …"""
    colours: str
    """`tv, bt709, progressive`"""
    rotation: int
    alpha: bool
    sound: Sound | None
    promised_seconds: float

    @classmethod
    def of(cls, log: str) -> _Told:
        """Read the log. Every line is anchored, so that a title in the file cannot pass for one of them."""
        log = log.partition("[info] Stream mapping:")[0]
        blocks = re.split(r"^\[info\]   (?=Stream #0:\d+)", log, flags=re.MULTILINE)[1:]
        shown = next((block for block in blocks if ": Video: " in block and "(attached pic)" not in block), "")
        heard = next((block for block in blocks if ": Audio: " in block), "")
        pixels = re.search(r": Video: .*?, (\w+)(?:\(([^)]*)\))?[,\n]", shown)
        turned = re.search(r"^\[info\] +display ?matrix: rotation of (-?[\d.]+)", shown, re.MULTILINE | re.I)
        lasts = re.search(r"^\[info\]   Duration: (\d+):(\d+):([\d.]+)", log, re.MULTILINE)
        return cls(
            pixels=pixels[1] if pixels else "",
            colours=(pixels[2] or "") if pixels else "",
            rotation=round(-float(turned[1])) % 360 if turned else 0,
            alpha=bool(pixels and _ALPHA.match(pixels[1])) or bool(re.search(r"alpha_mode +: 1", shown)),
            sound=_sound(heard),
            promised_seconds=int(lasts[1]) * 3600 + int(lasts[2]) * 60 + float(lasts[3]) if lasts else 0.0,
        )


def _sound(block: str) -> Sound | None:
    found = re.search(r": Audio: (\w+).*?, (\d+) Hz, ([^,\n]+)", block)
    return Sound(found[1], int(found[2]), found[3].strip()) if found else None


def _facts(name: str, found: Packets, told: _Told) -> ClipFacts:
    width, height = _square(found)
    if told.rotation in (90, 270):
        width, height = height, width
    deep = _DEEP.search(told.pixels)
    missing = told.promised_seconds - found.seconds > _MISSING_SECONDS
    return ClipFacts(
        format=name,
        codec=found.header["codec_id"],
        width=width,
        height=height,
        rotation=told.rotation,
        fps=float(found.rate),
        steady=found.steady,
        frames=len(found.times),
        seconds=found.seconds,
        sound=told.sound,
        alpha=told.alpha,
        bits=min(16, int(deep[1])) if deep else 8,
        cut_off=missing and "[error]" in found.log,
    )


def _square(found: Packets) -> Size:
    """The size with square pixels, not yet turned."""
    width, height = found.size
    across, down = (int(part) for part in found.header.get("sar", "1/1").split("/"))
    return (max(1, round(width * across / down)) if across > 0 and down > 0 else width), height


def _upright(found: Packets, told: _Told, facts: ClipFacts) -> str:
    """Filters from the decoder's frames to upright, square, opaque ones with the colours that they are tagged with."""
    hdr = "bt2020" in told.colours and ("arib-std-b67" in told.colours or "smpte2084" in told.colours)
    tagged = _COLOUR_TAG.search(told.colours) or not told.pixels.startswith("yuv")
    steps = [filters.to_sdr()] if hdr else []
    steps += [filters.on_white()] if told.alpha else []
    steps += [filters.as_hd()] if not tagged and found.size[1] >= _HD else []
    steps += [filters.scaled(facts.size)] if _square(found) != found.size else []
    return ",".join(steps or ["null"])
