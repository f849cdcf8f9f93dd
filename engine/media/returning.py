"""What was made of a video, laid back into it: at its size and rate, with its sound, and all else as it was."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np

from engine.errors import MaskError
from engine.media import ffmpeg, filters
from engine.media.clips import Clip, opened
from engine.media.joining import Joined
from engine.media.limits import PART_LIMITS
from engine.media.masks import Masks
from engine.media.muxing import muxed
from engine.media.pieces import Film, Part, encode, film_of, frames_of
from engine.media.placement import Placement
from engine.media.soundtrack import Heard


def put_back(made: bytes, source: Part, placed: Placement, change: Masks | None = None) -> Joined:
    """The source with what was made of it in its place, as H.264, for as long as both last.

    `made` is a video of placed.frame's size; `placed` says where the source's picture lies in it (placement.place).
    `change`, uint8 (frames, height, width) of that size too, says where what was made is seen, softly at the edges: one
    mask for all frames or one for each; None: everywhere. Raises VideoError as `clips.probe` does, MaskError for masks
    of another size or number, MachineError when ffmpeg cannot write.
    """
    with ExitStack() as stack:
        new, old = (stack.enter_context(opened(data, PART_LIMITS)) for data in (made, source.data))
        folder = stack.enter_context(ffmpeg.workplace())
        film = film_of(old, source, "crop")
        inputs, start = old.since(source.start_seconds)
        mask = _mask(change, new, folder)
        graph = _graph(old.upright, placed, film, masked=bool(mask)).format(
            now=filters.steady(film.rate, new.begins, new.rate), then=filters.steady(film.rate, start, old.rate)
        )
        count = min(frames_of(source, old, film), frames_of(Part(made), new, film))
        reading = (*new.source, *inputs, *mask, "-filter_complex", graph, "-map", "[film]")
        piece = encode(reading, count, folder / "back.mp4")
        heard = _heard(source, old, count, film)
        data = muxed([piece], heard, film, folder)
    where = "where the mask is" if mask else "where the model saw it"
    how = f"Laid back into the source {where}, encoded once, to {film.size[0]} x {film.size[1]}"
    return Joined(data, f"{how}; " + ("the sound is kept." if heard else "there is no sound."))


def _graph(upright: str, placed: Placement, film: Film, masked: bool) -> str:
    """Filters over what was made (0), the source (1) and the mask (2); `{now}` and `{then}` bring them to one rate."""
    shown = placed.shown
    fitted = f"{filters.cropped(placed.place)},{filters.scaled(shown.size)}"
    lines = [
        f"[0:V:0]{{now}},{filters.TO_RGB},{fitted}[{'made' if masked else 'laid'}]",
        f"[1:V:0]{{then}},{upright},{filters.TO_RGB}[source]",
    ]
    if masked:
        lines.append(f"[2:v:0]{{now}},{fitted},format=gray[mask]")
        lines.append("[made][mask]alphamerge[laid]")
    together = f"[source][laid]overlay={shown.left}:{shown.top}:format=rgb:eof_action=endall"
    lines.append(f"{together},{filters.even(placed.source)},{filters.TO_YUV}[film]")
    return ";".join(lines)


def _mask(change: Masks | None, made: Clip, folder: Path) -> tuple[str, ...]:
    """ffmpeg's input options for the masks as a grey video at the rate of what was made; none without masks."""
    if change is None:
        return ()
    count, size = made.facts.frames, made.facts.size
    if change.shape[0] not in (1, count) or change.shape[2:0:-1] != size:
        raise MaskError(
            "The masks do not fit what was made", "Make the mask again for this video.",
            value=f"{change.shape[0]} of {change.shape[2]} x {change.shape[1]}",
            limit=f"1 or {count} of {size[0]} x {size[1]}",
        )  # fmt: skip
    path = folder / "masks"
    path.write_bytes(np.broadcast_to(change, (count, *change.shape[1:])).tobytes())
    shape = ("-pixel_format", "gray", "-video_size", f"{size[0]}x{size[1]}", "-framerate", str(made.rate))
    return (*shape, *ffmpeg.source("rawvideo", str(path)))


def _heard(source: Part, clip: Clip, count: int, film: Film) -> list[Heard]:
    if not source.sound or clip.facts.sound is None:
        return []
    whole = not source.start_seconds and count == frames_of(source, clip, film)
    begins = float(clip.begins) + source.start_seconds
    return [Heard(clip.source, clip.facts.sound, begins, at=0.0, lasts=float(count / film.rate), whole=whole)]
