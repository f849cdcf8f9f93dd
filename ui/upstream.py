"""What a stage's take comes from: pure functions along the road, from a stage to those before it.

Which words move a clip, what picture lies under a mask, what a result is to be held beside, where a film was joined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.seen import ProjectView, StageView
from engine.types import Need, Take

_MOVES = ("motion", "transition")
"""Needs that say what moves."""


@dataclass(frozen=True, slots=True)
class Said:
    """The field of a prompt that says what moves in a clip."""

    stage: StageView
    """The prompt's stage."""
    field: str
    """`motion`, or `shot_2`."""


@dataclass(frozen=True, slots=True)
class Seam:
    """Where one clip of a film ends and the next begins."""

    frame: int
    """Number of the first frame after it, from 0."""
    before: str
    """What is played before it: `Source`."""
    after: str
    """What is played after it: `Segment 1`."""


def motion_said(view: ProjectView, stage: StageView) -> Said | None:
    """Where the motion of a clip is said; `None` for stages that take none."""
    need = next((need for need in stage.stage.needs if need.name in _MOVES), None)
    source = _stage(view, need)
    return Said(source, need.field or need.name) if need and source else None


def prompts_behind(view: ProjectView, stage: StageView, take: Take) -> Mapping[str, tuple[Take, str]]:
    """Need name -> the prompt among the take's parents that says it, and the field of it that does."""
    found: dict[str, tuple[Take, str]] = {}
    for need in stage.stage.needs:
        source = _stage(view, need)
        if source is None or source.stage.yields != "prompt" or need.field is None:
            continue
        parents = [each for each in source.takes if each.artifact.sha256 in take.artifact.parents]
        if parents:
            found[need.name] = parents[-1], need.field
    return found


def picture_before(view: ProjectView, stage: StageView) -> Take | None:
    """The approved picture that a stage starts from: the first one for a clip, else the one that it is given."""
    if stage.stage.yields == "video":
        return next((each.chosen for each in view.stages if each.stage.yields == "image" and each.chosen), None)
    given = next((need for need in stage.stage.needs if need.name == "image"), None)
    source = _stage(view, given)
    return source.chosen if source and source.stage.yields == "image" else None


def seen_below(view: ProjectView, stage: StageView) -> Take | None:
    """The picture or clip that boxes or a mask are about; `None` where nothing is approved yet."""
    for source in _sources(view, stage):
        if source.stage.yields in ("image", "video"):
            return source.chosen
    for source in _sources(view, stage):
        if source.stage.yields in ("boxes", "mask"):
            return seen_below(view, source)
    return None


def things_below(view: ProjectView, stage: StageView) -> Take | None:
    """The approved boxes that a mask was made of; `None` for a mask of anything else."""
    return next((source.chosen for source in _sources(view, stage) if source.stage.yields == "boxes"), None)


def beside(view: ProjectView, stage: StageView, take: Take) -> Take | None:
    """What a result is held beside: the clip that was changed, else the picture; `None` where nothing was changed."""
    if stage.stage.yields not in ("image", "video") or stage.stage.agent in ("extender", "connector", "film_cutter"):
        return None
    needs = sorted(
        (need for need in stage.stage.needs if need.name in ("video", "image")), key=lambda need: need.name != "video"
    )
    sources = [source for need in needs if (source := _stage(view, need)) and source.chosen]
    return next((source.chosen for source in sources if source.chosen != take), None)


def seams(view: ProjectView, stage: StageView, film: Take) -> tuple[Seam, ...]:
    """Where a film was joined, in order, as its facts say; none for anything else."""
    frames = [int(part) for part in str(film.artifact.facts.get("seams") or "").split(", ") if part]
    titles = [clip.stage.title for clip in _clips(view, stage)]
    return tuple(Seam(*seam) for seam in zip(frames, titles, titles[1:], strict=False))


def _clips(view: ProjectView, stage: StageView) -> Iterator[StageView]:
    for need in stage.stage.needs:
        source = _stage(view, need)
        if need.name.startswith("clip_") and source:
            yield source


def _sources(view: ProjectView, stage: StageView) -> list[StageView]:
    """The stages that a stage is made from, as far as they have an approved take."""
    found = [_stage(view, need) for need in stage.stage.needs]
    return [source for source in found if source and source.chosen]


def _stage(view: ProjectView, need: Need | None) -> StageView | None:
    return next((each for each in view.stages if need and each.stage.name == need.source), None)
