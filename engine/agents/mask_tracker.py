"""Mask tracker: a mask on one frame follows what it covers through the clip, and so does every correction of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.agent import Draft, Input, Progress, Reporter
from engine.agents.facts import noted
from engine.agents.reporting import clip, mask
from engine.errors import SettingError
from engine.media.following import follow
from engine.media.masks import check_marked, decode_masks, encode_masks
from engine.media.videos import Frames
from engine.types import Kind, Settings

_HALF = 127
_MOST_COVER = 0.5
"""A mask that covers more of the picture is told by what it leaves out: that is followed."""


class MaskTracker:
    """Makes a mask for every frame. By matching colours, so a mask on any footage follows; needs no model."""

    name = "mask_tracker"
    needs = frozenset({"video", "mask"})
    takes = frozenset({"corrections"})
    yields: Kind = "mask"

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A PNG with the masks of all frames below each other.

        `mask`: of the first frame, or of all frames. `corrections`: a mask over time, of which the frames count that
        the setting corrected names ("5, 9", from 0). Each frame follows the nearest of those that are known.
        Settings: frame (which one `mask` is of, 0), corrected. Raises VideoError and ImageError for files that cannot
        be used, MaskError also for an empty mask, SettingError for a frame that is not in the clip.
        """
        frames = clip(inputs["video"])
        frame = _numbers(settings.get("frame"), len(frames)) or (0,)
        known = _known(inputs["mask"], frames, frame)
        if "corrections" in inputs:
            known |= _known(inputs["corrections"], frames, _numbers(settings.get("corrected"), len(frames)))
        check_marked(np.stack([as_levels(mask) for mask in known.values()]))
        reporter.report(Progress("following the mask"))
        masks = followed(frames, known)
        count, height, width = masks.shape
        return Draft(
            kind="mask",
            data=encode_masks(as_levels(masks)),
            suffix=".png",
            settings=settings,
            facts={"width": width, "height": height, "frames": count, **noted(_note(masks))},
        )


def followed(frames: Frames, known: Mapping[int, NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Masks (frames, height, width) from those on some frames; where they cover most, the rest is followed."""
    if np.mean([mask.mean() for mask in known.values()]) <= _MOST_COVER:
        return follow(frames, known)
    return ~follow(frames, {index: ~mask for index, mask in known.items()})


def as_levels(shape: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A shape as a mask's levels, 0 and 255."""
    return np.where(shape, np.uint8(255), np.uint8(0))


def _known(value: Input, frames: Frames, which: tuple[int, ...]) -> dict[int, NDArray[np.bool_]]:
    """Frame number -> mask, of those frames that a file has to tell of."""
    count, height, width = frames.shape[:3]
    masks = decode_masks(mask(value), (width, height), count) > _HALF
    return {index: masks[index if len(masks) > 1 else 0] for index in which}


def _numbers(value: object, count: int) -> tuple[int, ...]:
    """Frame numbers, as `5` or `5, 9`. Raises SettingError for one that is not in the clip."""
    words = "" if value is None else str(value)
    parts = [part.strip() for part in words.split(",") if part.strip()]
    if not all(part.isdigit() and int(part) < count for part in parts):
        limit = f"0 to {count - 1}"
        raise SettingError("The clip has no such frame", f"Use frames from {limit}.", value=words[:40], limit=limit)
    return tuple(int(part) for part in parts)


def _note(masks: NDArray[np.bool_]) -> str:
    """Where the mask lost what it follows."""
    lost = [str(index + 1) for index, mask in enumerate(masks) if not mask.any()]
    if not lost:
        return ""
    return f"Lost on frame {', '.join(lost)}: hidden, or out of the picture. Paint it on one of them if it is there."
