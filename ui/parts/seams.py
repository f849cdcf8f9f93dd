"""The seams of a film: played on their own, looked at frame by frame, and measured against what lies beside them."""

from __future__ import annotations

import json

from engine.seen import ProjectView, StageView
from engine.types import Take
from ui.markup import Markup, element
from ui.parts.pictures import clip
from ui.upstream import seams


def inspector(view: ProjectView, stage: StageView, film: Take) -> Markup:
    """One inspector for all seams of a film; nothing where there is none."""
    found = seams(view, stage, film)
    if not found:
        return Markup("")
    told = [{"frame": seam.frame, "before": seam.before, "after": seam.after} for seam in found]
    inside = element("gl-seams", **clip(view.id, film), seams=json.dumps(told), data_key=film.id)
    title = "Look at the seam" if len(found) == 1 else f"Look at the {len(found)} seams"
    return element("details", element("summary", title), inside, class_="made seams")
