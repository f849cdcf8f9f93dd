"""The model table: which model does which job, what it needs, and what it starts from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import SettingError
from engine.models import places
from engine.models.rows import detectors
from engine.models.rows.table import ROWS
from engine.models.sources import sources_of
from engine.types import ModelProfile

POCKET = ModelProfile(
    name="pocket",
    title="Pocket world",
    repository="assets/pocket",
    revision=None,
    licence="Apache-2.0",
    jobs=("text_to_image", "image_to_video", "extender", "connector", "inpainter", "image_editor", "video_editor"),
    memory_gib=1.5,
    defaults={"steps": 6, "guidance_scale": 3.0},
    defaults_by_job={job: {"guidance_scale": 1.0} for job in ("image_editor", "video_editor")},  # more goes too far
    sizes=((192, 192),),
    frame_counts=(17, 9, 25),
    fps=8,
)
PROFILES: tuple[ModelProfile, ...] = (POCKET, *ROWS)

DETECTOR = ModelProfile(
    name="pocket-detector",
    title="Pocket world's detector",
    repository="assets/detector",
    revision=None,
    licence="Apache-2.0",
    jobs=("detector",),
    memory_gib=0.5,
    defaults={"threshold": 0.7},
    sizes=((192, 192),),
    frame_counts=(),
    fps=None,
)
"""Finds what is named; no row of the table, since it makes nothing: whichever model draws, this one looks."""
INVERSE = ModelProfile(
    name="pocket-inverse",
    title="Pocket world's inverse model",
    repository="assets/inverse",
    revision=None,
    licence="Apache-2.0",
    jobs=("action_namer", "world_stepper"),
    memory_gib=0.5,
    defaults={"most": 3},
    sizes=((192, 192),),
    frame_counts=(),
    fps=None,
)
"""Tells what happened between two states; no row of the table either."""
FORWARD = replace(
    INVERSE,
    name="pocket-forward",
    title="Pocket world's forward model",
    repository="assets/forward",
    jobs=("world_model",),
    memory_gib=1.0,
    defaults={},
)
"""Foresees what is heard and said in the next state, and a picture; the inverse model comes along."""
DETECTORS: tuple[ModelProfile, ...] = (DETECTOR, *detectors.DETECTORS)
"""Whatever looks."""
CRITIC = ModelProfile(
    name="pocket-critic",
    title="Pocket world's critic",
    repository="assets/critic",
    revision=None,
    licence="Apache-2.0",
    jobs=("critic",),
    memory_gib=0.5,
    defaults={},
    sizes=((128, 128),),
    frame_counts=(),
    fps=None,
)
"""Says whether a video is what was asked for; no row of the table, since it makes nothing."""


def here(root: Path, rows: Sequence[ModelProfile] | None = None) -> tuple[ModelProfile, ...]:
    """Those rows whose weights are on this machine, below `root` or elsewhere; detectors among them."""
    rows = PROFILES if rows is None else rows
    return tuple(row for row in (*rows, *DETECTORS, INVERSE) if _has_weights(row, root))


def held_by(
    rows: Sequence[ModelProfile], gpu_gib: Callable[[], float | None], *, whole: bool = False
) -> tuple[ModelProfile, ...]:
    """Those rows that the machine can hold; `gpu_gib` is asked for its GPU's memory when a row needs one. whole: where
    a model cannot be held in parts."""
    if not any(row.gpu for row in rows):
        return tuple(rows)
    room = gpu_gib()
    needs = {row.name: row.memory_gib if whole else _least_gib(row) for row in rows}
    return tuple(row for row in rows if not row.gpu or (room is not None and needs[row.name] <= room))


def _least_gib(row: ModelProfile) -> float:
    """What it needs when it is held in the thriftiest way that its row has a figure for."""
    return min(row.memory_by_mode.values(), default=row.memory_gib)


def choosable(rows: Sequence[ModelProfile]) -> tuple[ModelProfile, ...]:
    """What a person can choose among these: the pocket world, its detector and its inverse model go by one name."""
    along = [row for row in rows if row in (DETECTOR, INVERSE)]
    jobs = tuple(job for row in along for job in row.jobs)
    named = (row for row in rows if row not in along)
    return tuple(replace(row, jobs=(*row.jobs, *jobs)) if row.name == POCKET.name else row for row in named)


def detector(name: str, rows: Sequence[ModelProfile] | None = None) -> ModelProfile:
    """The detector of this name, of the table or one's own; the pocket world's by the pocket world's name.

    Raises SettingError for one that is not there.
    """
    if name == POCKET.name:
        return DETECTOR
    own = [row for row in rows or () if "detector" in row.jobs]
    return profile(name, (*DETECTORS, *own))


def profile(name: str, rows: Sequence[ModelProfile] | None = None) -> ModelProfile:
    """The row of this name, of the table where no rows are given. Raises SettingError for a name that is not there."""
    rows = PROFILES if rows is None else rows
    for row in rows:
        if row.name == name:
            return row
    known = ", ".join(row.name for row in rows)
    raise SettingError("No model has this name", f"Choose one of: {known}.", value=name)


def _has_weights(row: ModelProfile, root: Path) -> bool:
    """Whether every file of the row seems to be there, in all of its repositories; the loader looks closer."""
    return all(places.has(source.repository, source.revision, root) for source in sources_of(row))
