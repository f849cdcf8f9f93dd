"""The parts of a film, each as it goes into it: untouched where that fits, else encoded once to its size and rate.

All our H.264 has headers that depend on size and rate alone (videos.QUALITY), so that pieces which were encoded at
different times can stand behind each other in one file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from engine.errors import MachineError
from engine.media import ffmpeg, filters
from engine.media.clips import Clip
from engine.media.cutting import span
from engine.media.images import Fit
from engine.media.limits import PART_LIMITS
from engine.media.packets import Packets, packets
from engine.media.placement import Box, Size, place
from engine.media.videos import FPS_RANGE, QUALITY

_FILM: Final = ("-crf", "14", "-threads", "4", "-filter_threads", "1")
"""Footage keeps 45 dB and more at this; so many threads on every machine, so that equal clips give equal bytes."""
_BOXED: Final = ("MP4", "QuickTime")
"""The containers from which H.264 can be taken as it is."""
_ENCODING_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Part:
    """One clip of a film."""

    data: bytes
    """The video, as it came or as we made it."""
    start_seconds: float = 0.0
    """The in point."""
    end_seconds: float | None = None
    """The out point; None: the end."""
    crop: Box | None = None
    """The rectangle of its upright frames that is shown; None: all. Undoes a letterbox (Placement.place), or keeps what
    a crop has kept (Placement.shown)."""
    sound: bool = True
    """Whether its own sound is heard, where it has one."""
    lead_in_seconds: float = 0.0
    """Its sound begins so much before its first frame, growing louder: under the part before."""
    run_out_seconds: float = 0.0
    """Its sound goes on for so long after its last frame, dying away: under the part after."""


@dataclass(frozen=True, slots=True)
class Film:
    """What all parts are brought to."""

    size: Size
    """Width, height, both even."""
    rate: Fraction
    """Frames a second."""
    fit: Fit
    """How parts of another shape are fitted."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part as it goes into the film: H.264, on the disk."""

    path: Path
    """An MP4."""
    packets: Packets
    """Its frames, not decoded."""
    untouched: bool
    """Whether it is the part as it came."""

    @property
    def header(self) -> tuple[str, ...]:
        """What must be equal for two pieces to be joined as they are."""
        names = ("codec_id", "dimensions", "sar", "extradata")
        return tuple(self.packets.header.get(name, "") for name in names)


def film_of(clip: Clip, part: Part, fit: Fit) -> Film:
    """The film that this part leads: its size, an odd side one longer, and its rate."""
    width, height = part.crop.size if part.crop else clip.facts.size
    slowest, fastest = (Fraction(rate) for rate in FPS_RANGE)
    return Film((width + width % 2, height + height % 2), min(max(clip.rate, slowest), fastest), fit)


def pieces_of(parts: Sequence[Part], clips: Sequence[Clip], film: Film, lead: int, folder: Path) -> list[Piece]:
    """Every part as a piece, all alike: as it is where that fits, else encoded."""

    def encoded(index: int) -> Piece:
        return _encoded(parts[index], clips[index], film, folder / f"{index}.mp4")

    pieces = [_as_it_is(part, clip, film) for part, clip in zip(parts, clips, strict=True)]
    first = pieces[lead] or encoded(lead)
    whole = [
        first if index == lead else piece if piece and piece.header == first.header else encoded(index)
        for index, piece in enumerate(pieces)
    ]
    ours = next((piece.header for piece in whole if not piece.untouched), first.header)
    return [piece if piece.header == ours else encoded(index) for index, piece in enumerate(whole)]


def _as_it_is(part: Part, clip: Clip, film: Film) -> Piece | None:
    """A part that can go into the film without encoding; None: it cannot.

    Its frames are stored in the order in which they are shown, from a key frame on, at the film's size and rate.
    """
    facts, found = clip.facts, clip.packets
    all_of_it = facts.format in _BOXED and not part.start_seconds and part.end_seconds is None and part.crop is None
    same = facts.codec == "h264" and found.size == facts.size == film.size and clip.rate == film.rate
    if all_of_it and same and found.plain and found.steady and not facts.rotation and not facts.cut_off:
        return Piece(clip.path, found, untouched=True)
    return None


def encode(reading: Sequence[str], count: int, target: Path) -> Piece:
    """So many frames as H.264 with the headers that all our videos have.

    `reading`: ffmpeg's inputs and filters, and which picture is meant. Raises MachineError when it cannot be written.
    """
    encoding = ("-frames:v", str(count), *QUALITY, *_FILM, *ffmpeg.BIT_EXACT, "-f", "mp4", str(target))
    write((*reading, *encoding), _ENCODING_SECONDS)
    return Piece(target, packets(ffmpeg.source("mov", str(target)), PART_LIMITS), untouched=False)


def frames_of(part: Part, clip: Clip, film: Film) -> int:
    """How many frames a part has at the film's rate, at least one."""
    return max(1, round(span(clip, part.start_seconds, part.end_seconds) * film.rate))


def _encoded(part: Part, clip: Clip, film: Film, target: Path) -> Piece:
    """A part at the film's size and rate."""
    source, start = clip.since(part.start_seconds)
    steps = (filters.steady(film.rate, start, clip.rate), clip.upright, *_shaped(part, clip, film), filters.TO_YUV)
    return encode((*source, "-map", "0:V:0", "-vf", ",".join(steps)), frames_of(part, clip, film), target)


def _shaped(part: Part, clip: Clip, film: Film) -> tuple[str, ...]:
    """Filters that bring a part to the film's size; none where it has that already."""
    if part.crop is None and clip.facts.size == film.size:
        return ()
    shown = part.crop or Box(0, 0, *clip.facts.size)
    if (shown.width + shown.width % 2, shown.height + shown.height % 2) == film.size:
        return filters.TO_RGB, filters.cropped(shown), filters.even(shown.size)
    placed = place(shown.size, film.size, film.fit)
    return (*((filters.TO_RGB, filters.cropped(shown)) if part.crop else ()), filters.fitted(placed))


def write(arguments: Sequence[str], seconds: float) -> None:
    """Let ffmpeg write a file of the film. Raises MachineError when it cannot."""
    outcome = ffmpeg.run(arguments, seconds=seconds)
    if outcome.returncode:
        raise MachineError(
            "The film could not be written",
            "Make room in the folder for temporary files, or join shorter clips, then try again.",
            value=ffmpeg.complaint(outcome),
        )
