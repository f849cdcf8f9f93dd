"""Pieces of a film behind each other in one file, their packets as they are, with the sound beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

from engine.media import ffmpeg
from engine.media.pieces import Film, Piece, write
from engine.media.soundtrack import Heard, soundtrack

_COPYING_SECONDS: Final = 300.0


def muxed(pieces: Sequence[Piece], heard: Sequence[Heard], film: Film, folder: Path) -> bytes:
    """The film as MP4: each frame lasts exactly as long as the others. Raises MachineError when it cannot be written.

    `folder` is where the pieces lie that were encoded; it takes further files.
    """
    scale = _timescale(film.rate)
    ticks = scale / film.rate
    times = f"setts=pts=N*{ticks}:dts=N*{ticks}:duration={ticks}"
    order = folder / "order"
    paths = [_alone(piece, scale, folder / f"piece-{index}.mp4") for index, piece in enumerate(pieces)]
    order.write_text("".join(f"file {path.name}\n" for path in paths), encoding="utf-8")
    film_seconds = float(sum(len(piece.packets.times) for piece in pieces) / film.rate)
    sound = soundtrack(heard, film_seconds)
    target = folder / "film.mp4"
    write(
        (
            *("-format_whitelist", "concat,mov,mp4", *ffmpeg.source("concat", str(order))),
            *sound.sources,
            *("-map", "0:V:0", "-c:v", "copy", "-bsf:v", times),
            *sound.encoding,
            *(*ffmpeg.BIT_EXACT, "-movflags", "+faststart", "-f", "mp4", str(target)),
        ),
        _COPYING_SECONDS,
    )
    return target.read_bytes()


def _timescale(rate: Fraction) -> int:
    """Ticks a second of the film: every frame begins on one. ffmpeg's own choice for what it encodes."""
    doublings = max(0, math.ceil(math.log2(10_000 / rate.numerator)))
    return int(rate.numerator * 2**doublings)


def _alone(piece: Piece, scale: int, target: Path) -> Path:
    """The piece's pictures without anything else that the file may hold."""
    if not piece.untouched:
        return piece.path
    copied = ("-map", "0:V:0", "-c", "copy", "-video_track_timescale", str(scale), *ffmpeg.BIT_EXACT)
    write((*ffmpeg.source("mov", str(piece.path)), *copied, "-f", "mp4", str(target)), _COPYING_SECONDS)
    return target
