"""A mask as a translucent colour on what it masks: to look at and to paint (look/mask.js), frame by frame."""

from __future__ import annotations

from engine.seen import ProjectView, StageView
from engine.types import Take
from ui.markup import Markup, element
from ui.parts.pictures import address, clip
from ui.upstream import seen_below, things_below


def masked(view: ProjectView, stage: StageView, take: Take | None, editing: bool) -> Markup:
    """The mask of a take on its picture or clip; without a take, an empty one to paint."""
    base = seen_below(view, stage)
    if base is None:
        return Markup("")
    things = things_below(view, stage)
    frames = int(take.artifact.facts.get("frames") or 1) if take else 1
    return element(
        "gl-mask",
        **clip(view.id, base),
        mask=address(view.id, take.artifact) if take else None,
        count=frames,
        width=int(base.artifact.facts.get("width") or 0),
        height=int(base.artifact.facts.get("height") or 0),
        things=address(view.id, things.artifact) if things and frames == 1 else None,
        data_key=take.id if take else f"{view.id} {stage.stage.name}",
        editing=editing,
        label=stage.stage.title,
    )
