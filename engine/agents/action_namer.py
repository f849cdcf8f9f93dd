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
from engine.media.videos import read_video
from engine.models.lease import Lease
from engine.models.profiles import INVERSE
from engine.pocket.worlds.sayings import plainly
from engine.types import Kind, Settings

if TYPE_CHECKING:
    from engine.pocket.worlds.inverse import Told

_SURE: Final = 0.5
"""Below this confidence nothing is claimed."""
_SIZE: Final = INVERSE.sizes[0]
Pictures = NDArray[np.uint8]
"""(moments, height, width, 3)"""


class ActionNamer:
    """Looks at two states, or at a video every so many seconds, and names the likeliest actions between them."""

    name = "action_namer"
    needs: frozenset[str] = frozenset()
    takes = frozenset({"image", "last_image", "video"})
    yields: Kind = "state"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A JSON file: `moments`, each with `begins` and `ends` in seconds and `told`, the likeliest actions, each
        with `text` and `confidence`. Of two pictures (`image`, `last_image`) there is one moment, of a `video` a row.

        Settings: most (actions told for each moment, 1 to 10), every (seconds from one look at a video to the next,
        0.5 to 10). Raises ImageError and VideoError for files that cannot be used, or when a picture is missing;
        SettingError for other settings.
        """
        most = whole(settings, "most", int(INVERSE.defaults["most"] or 0), (1, 10))
        every = number(settings, "every", 2.0, (0.5, 10.0))
        shown, seconds = _of_video(inputs["video"], every) if "video" in inputs else _of_pictures(inputs)
        reporter.report(Progress("waiting for the model"))
        with self._lease.borrow(INVERSE) as loaded:
            reporter.report(Progress("looking"))
            told: list[list[Told]] = loaded.pipeline.tell(shown[:-1], shown[1:], most)
            revision = loaded.revision
        moments = [
            {"begins": begins, "ends": ends, "told": _words(each)}
            for begins, ends, each in zip(seconds, seconds[1:], told, strict=False)
        ]
        return Draft(
            kind="state",
            data=json.dumps({"moments": moments}, indent=1).encode(),
            suffix=".json",
            settings={**settings, "most": most, "every": every},
            model=INVERSE.name,
            revision=revision,
            facts={"moments": len(moments), **noted(_note(told))},
        )


def _of_pictures(inputs: Mapping[str, Input]) -> tuple[Pictures, list[float]]:
    """Two pictures in one size, and the moments 0 and 1."""
    if "image" not in inputs or "last_image" not in inputs:
        raise ImageError("Two pictures are needed, before and after", "Give the one that is missing, or a video.")
    both = [picture(inputs[name]).convert("RGB").resize(_SIZE) for name in ("image", "last_image")]
    return np.stack([np.asarray(one) for one in both]), [0.0, 1.0]


def _of_video(value: Input, every: float) -> tuple[Pictures, list[float]]:
    """Frames every so many seconds and the last one, with their seconds."""
    frames, fps = read_video(video(value))
    looks = list(range(0, len(frames), max(1, round(every * fps))))
    if looks[-1] != len(frames) - 1 or len(looks) == 1:
        looks.append(len(frames) - 1)
    return frames[looks], [round(look / fps, 3) for look in looks]


def _words(told: Sequence[Told]) -> list[dict[str, str | float]]:
    return [{"text": plainly(one.action), "confidence": round(one.confidence, 4)} for one in told]


def _note(told: Sequence[Sequence[Told]]) -> str:
    """What there is to say where nothing is sure."""
    unsure = sum(each[0].confidence < _SURE for each in told)
    if not unsure:
        return ""
    where = "what happened" if len(told) == 1 else f"what happened in {unsure} of {len(told)} moments"
    return f"It is not sure {where}: these may be no pictures of the pocket world, or more than one thing happened."
