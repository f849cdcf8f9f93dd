"""What the judges missed, as an edit of the prompt: shown before and after, and made only if the person says so."""

from __future__ import annotations

from collections.abc import Mapping

from engine.seen import Proposal
from ui import present
from ui.desk import Desk
from ui.markup import Markup, doer, element, icon, join
from ui.place import Place
from ui.scene import Painting, Scene, Visit, html


def build_proposal(desk: Desk) -> None:
    """Lay it out."""
    desk.html("prompt-proposal")
    desk.paint(paint_proposal)
    desk.act("proposal-accept", accept)
    desk.act("proposal-decline", decline)


def paint_proposal(scene: Scene) -> Painting:
    """The proposal of the take on screen."""
    view, take = scene.view, scene.take
    shown = Markup("")
    if view and take and take.artifact.kind == "video":
        found = scene.studio.proposal(view.id, take.id) if scene.place.mode == "look" else None
        shown = drawn(found, take.id) if found else shown
    return {"prompt-proposal": html(shown, visible=bool(shown))}


def drawn(found: Proposal, take: str) -> Markup:
    """The edit, and what can be done with it."""
    label = present.field_title(found.field)
    head = element("p", icon("info"), element("b", "Say it first in the prompt?"), element("span", found.why))
    rows = (
        join((element("dt", f"{label} now"), element("dd", element("del", found.before or "nothing")))),
        join((element("dt", "Proposed"), element("dd", element("ins", found.after)))),
    )
    buttons = (
        doer("Put it into the prompt", "proposal-accept", class_="link button", take=take),
        doer("Leave it as it is", "proposal-decline", take=take),
    )
    return element("section", head, element("dl", *rows), element("p", *buttons), class_="proposal")


def accept(visit: Visit, data: Mapping[str, str]) -> Place:
    """Edit the prompt so; what hangs below it becomes stale, and nothing is lost."""
    found = visit.studio.proposal(visit.screen.project, data["take"])
    if found is None:
        return visit.go()
    visit.studio.edit(visit.screen.project, found.stage, {found.field: found.after}, approve=True)
    ahead = visit.studio.view(visit.screen.project).open_stage.stage.name
    return visit.go(stage=ahead, take="", other="", mode="look")


def decline(visit: Visit, data: Mapping[str, str]) -> Place:
    """Leave the prompt as it is; that is written down, as every choice is."""
    visit.studio.decline(visit.screen.project, data["take"])
    return visit.go()
