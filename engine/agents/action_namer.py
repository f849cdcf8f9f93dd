"""Action namer: what happened between two pictures, or from moment to moment of a video, and how sure that is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from engine.agent import Draft, Input, Progress, Reporter
from engine.agents.choices import number, whole
from engine.agents.facts import noted
from engine.agents.reporting import picture, video
from engine.errors import ImageError
from engine.media.cutting import Excerpt, cut
from engine.media.images import fit
from engine.media.limits import CLIP_LIMITS
from engine.models.lease import Lease
from engine.models.profiles import INVERSE
from engine.pocket.worlds import timeline
from engine.pocket.worlds.sayings import plainly
from engine.pocket.worlds.timeline import Span
from engine.types import Kind, Settings

if TYPE_CHECKING:
    from engine.pocket.worlds.inverse import ActionReader, Told

LOOKS_A_SECOND: Final = 4
"""How often a video is looked at."""
LONGEST: Final = 2 * LOOKS_A_SECOND
"""Looks that a moment takes at most in which something goes on: an action takes two seconds."""
OUTSIDE: Final = (
    "This does not look like the pocket world, the only one that the model has seen: do not rely on what it names."
)
_SURE: Final = 0.5
"""Below this confidence nothing is claimed."""
_SIZE: Final = INVERSE.sizes[0]
_AT_ONCE: Final = 64
"""Moments that are laid side by side in memory."""
Pictures = NDArray[np.uint8]
"""(moments, height, width, 3)"""


class ActionNamer:
    """Looks at two states, or at a video all along, and names the likeliest actions between them."""

    name = "action_namer"
    needs: frozenset[str] = frozenset()
    takes = frozenset({"image", "last_image", "video"})
    yields: Kind = "state"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A JSON file: `moments`, each with `begins` and `ends` in seconds and `told`, the likeliest actions, each
        with `text` and `confidence`. Of two pictures (`image`, `last_image`) there is one moment, of a `video` a row.

        Settings: most (actions told for each moment, 1 to 10), start_seconds and end_seconds (the part of a video
        that counts). A note says when nothing is sure, and when it is no picture of the pocket world. Raises
        ImageError and VideoError for files that cannot be used, or when a picture is missing; SettingError.
        """
        most = whole(settings, "most", int(INVERSE.defaults["most"] or 0), (1, 10))
        reporter.report(Progress("reading the pictures"))
        filmed = "video" in inputs
        shown = _of_video(inputs["video"], settings) if filmed else _of_pictures(inputs)
        seconds = [look / (LOOKS_A_SECOND if filmed else 1) for look in range(len(shown))]
        moments = timeline.moments(timeline.moving(shown), LONGEST) if filmed else [(0, 1)]
        reporter.report(Progress("waiting for the model"))
        ours = self._familiar(shown)
        with self._lease.borrow(INVERSE) as loaded:
            reporter.report(Progress("looking"))
            told = _told(loaded.pipeline, shown, moments, most)
            revision = loaded.revision
        rows = [
            {"begins": seconds[begin], "ends": seconds[end], "told": _words(each)}
            for (begin, end), each in zip(moments, told, strict=True)
        ]
        return Draft(
            kind="state",
            data=json.dumps({"moments": rows}, indent=1).encode(),
            suffix=".json",
            settings={**settings, "most": most},
            model=INVERSE.name,
            revision=revision,
            facts={"moments": len(rows), **noted(_note(told) if ours else OUTSIDE)},
        )

    def _familiar(self, shown: Pictures) -> bool:
        """Whether the first, middle and last may be of the pocket world."""
        from engine.pocket.familiar import familiar

        with self._lease.borrow(self._lease.profile({})) as loaded:
            return familiar(loaded.pipeline, shown[sorted({0, len(shown) // 2, len(shown) - 1})])


def _of_pictures(inputs: Mapping[str, Input]) -> Pictures:
    """Two pictures in one size."""
    if "image" not in inputs or "last_image" not in inputs:
        raise ImageError("Two pictures are needed, before and after", "Give the one that is missing, or a video.")
    both = [fit(picture(inputs[name]).convert("RGB"), _SIZE, "crop") for name in ("image", "last_image")]
    return np.stack([np.asarray(one) for one in both])


def _of_video(value: Input, settings: Settings) -> Pictures:
    """Its frames, so many a second; of a very short one the same twice."""
    begin = number(settings, "start_seconds", 0.0, (0.0, CLIP_LIMITS.seconds))
    end = number(settings, "end_seconds", CLIP_LIMITS.seconds, (0.0, CLIP_LIMITS.seconds))
    looks = cut(video(value), Excerpt(_SIZE, LOOKS_A_SECOND, "crop", begin, end))
    return looks if len(looks) > 1 else np.repeat(looks, 2, 0)


def _told(reader: ActionReader, shown: Pictures, moments: Sequence[Span], most: int) -> list[list[Told]]:
    """What happened in each moment."""
    told: list[list[Told]] = []
    for first in range(0, len(moments), _AT_ONCE):
        part = np.array(moments[first : first + _AT_ONCE])
        told += reader.tell(shown[part[:, 0]], shown[part[:, 1]], most)
    return told


def _words(told: Sequence[Told]) -> list[dict[str, str | float]]:
    return [{"text": plainly(one.action), "confidence": round(one.confidence, 4)} for one in told]


def _note(told: Sequence[Sequence[Told]]) -> str:
    """What there is to say where nothing is sure."""
    unsure = sum(each[0].confidence < _SURE for each in told)
    if not unsure:
        return ""
    where = "what happened" if len(told) == 1 else f"what happened in {unsure} of {len(told)} moments"
    return f"It is not sure {where}: more than one thing may have happened at a time."
