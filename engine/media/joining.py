"""One continuous film from several clips: H.264 in MP4, a constant rate, every frame shown once, sound where it was.

Clips that are encoded alike are joined as they are, bit for bit. What is encoded otherwise, or is only partly shown, is
encoded once, alike, to the size and rate of the clip that leads; then all are joined as they are. So whatever can stay
untouched does, and `Joined.how` says what was done.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from engine.errors import SettingError
from engine.media import ffmpeg
from engine.media.clips import Clip, opened
from engine.media.images import Fit
from engine.media.limits import PART_LIMITS, VideoLimits
from engine.media.muxing import muxed
from engine.media.pieces import Film, Piece, film_of, pieces_of
from engine.media.pieces import Part as Part
from engine.media.soundtrack import Heard


@dataclass(frozen=True, slots=True)
class Joined:
    """A film, and how it was made."""

    data: bytes
    """The MP4."""
    how: str
    """One plain sentence: which frames are untouched, which were encoded once, what is heard."""
    seams: tuple[int, ...] = ()
    """Numbers of the frames, from 0, at which a part begins after another."""


def join(parts: Sequence[Part], lead: int = 0, fit: Fit = "letterbox", limits: VideoLimits = PART_LIMITS) -> Joined:
    """The parts in order, as one film.

    parts[lead] says the size (an odd side grows by one) and the rate; parts of another shape are letterboxed or
    cropped, those of another rate keep their pace. The film has sound where one of its parts has, and silence
    elsewhere. Equal arguments give equal bytes. Raises VideoError as `clips.probe` does, and for in and out points
    that leave nothing; SettingError for no parts or a lead that is none; MachineError when ffmpeg cannot write.
    """
    if not 0 <= lead < len(parts):
        raise SettingError("No clip leads the film", "Give at least one clip.", value=f"{lead} of {len(parts)}")
    with ExitStack() as stack:
        clips = [stack.enter_context(opened(part.data, limits)) for part in parts]
        folder = stack.enter_context(ffmpeg.workplace())
        film = film_of(clips[lead], parts[lead], fit)
        pieces = pieces_of(parts, clips, film, lead, folder)
        heard = _heard(parts, clips, pieces, film)
        seams = tuple(accumulate(len(piece.packets.times) for piece in pieces[:-1]))
        return Joined(muxed(pieces, heard, film, folder), _how(pieces, heard, film), seams)


def _heard(parts: Sequence[Part], clips: Sequence[Clip], pieces: Sequence[Piece], film: Film) -> list[Heard]:
    """Whose sound is heard, and when."""
    heard: list[Heard] = []
    at = Fraction(0)
    for part, clip, piece in zip(parts, clips, pieces, strict=True):
        shown = Fraction(len(piece.packets.times)) / film.rate
        if part.sound and clip.facts.sound is not None:
            begins = clip.begins + Fraction(part.start_seconds)
            heard.append(
                Heard(
                    source=clip.source,
                    sound=clip.facts.sound,
                    begins=float(begins),
                    at=float(at),
                    lasts=float(shown),
                    lead_in=min(part.lead_in_seconds, float(at), float(begins)),
                    run_out=part.run_out_seconds,
                    whole=not part.start_seconds and part.end_seconds is None,
                )
            )
        at += shown
    return heard


def _how(pieces: Sequence[Piece], heard: Sequence[Heard], film: Film) -> str:
    """What was done, for the person."""
    kept = [str(number) for number, piece in enumerate(pieces, 1) if piece.untouched]
    shape = f"{film.size[0]} x {film.size[1]} at {float(film.rate):.4g} frames a second"
    if len(kept) == len(pieces):
        done = "Joined without encoding again: every frame is as it was"
    elif kept:
        which = "clip " + kept[0] if len(kept) == 1 else "clips " + ", ".join(kept[:-1]) + f" and {kept[-1]}"
        done = f"The frames of {which} are untouched, the others were encoded once, to {shape}"
    else:
        done = f"Encoded once, to {shape}"
    copied = len(heard) == 1 and heard[0].copied
    sound = "as it was" if copied else "kept, encoded once"
    return f"{done}; " + (f"the sound is {sound}." if heard else "there is no sound.")
