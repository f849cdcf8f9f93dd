"""The tree of a world beside its card: every state under the one that it followed from, and acting on one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine import worlds
from engine.seen import ProjectView, StageView
from engine.types import Settings, Take
from engine.worlds import Node
from ui import present
from ui.markup import Markup, doer, element, icon
from ui.parts.pictures import thumbnail
from ui.place import Place
from ui.scene import Visit

_DEEPEST = 12
"""How far the tree is drawn to the right; deeper states stand below each other."""


def drawn(view: ProjectView, stage: StageView, shown: Take | None, coming: Sequence[Markup]) -> Markup:
    """Every state, indented by how many steps it is away, then those on their way."""
    rows = [_row(view.id, stage, node, shown) for node in _walked(worlds.tree(view))]
    if not rows and not coming:
        return element("p", "No states yet.", class_="hint")
    return element("ul", *rows, *(element("li", one) for one in coming), class_="strip world", aria_label="States")


def suggested(stage: StageView, take: Take | None) -> Markup:
    """What could be done in the state on screen, each a button that does it; nothing where none is known."""
    told = str(take.artifact.facts.get(worlds.NEXT) or "") if take and stage.stage.agent == worlds.STEPPER else ""
    if take is None or not told:
        return Markup("")
    buttons = [
        doer(present.sentence(action), "happen", action=action, take=take.id, class_="link button")
        for action in told.split("; ")
    ]
    return element("p", element("small", "What happens next? Perhaps:"), *buttons, class_="suggested")


def happen(visit: Visit, data: Mapping[str, str]) -> Place:
    """Do what was suggested, from the state that it was suggested for."""
    view = visit.studio.view(visit.screen.project)
    stage = present.stage_named(view, visit.screen.stage)
    take = next(take for take in stage.takes if take.id == data["take"])
    return act(visit, stage, take, (data["action"], *str(take.artifact.settings.get(worlds.PLAN) or "").splitlines()))


def act(visit: Visit, stage: StageView, take: Take | None, plan: Sequence[str]) -> Place:
    """Do the first action of a plan from a state, or from the beginning; the rest stays to be done after it."""
    first, *rest = plan
    onward = {worlds.ONWARD: take.artifact.sha256} if take else {}
    asked = {worlds.ACTION: first, **onward, **({worlds.PLAN: "\n".join(rest)} if rest else {})}
    count = int(stage.stage.settings.get("takes") or 1)
    after = visit.studio.retry(visit.screen.project, stage.stage.name, takes=count, settings=asked)
    coming = present.stage_named(after, stage.stage.name).pending
    return visit.go(stage=stage.stage.name, take=coming[-1].take if coming else "", other="", mode="look")


def going_on(stage: StageView, take: Take | None, settings: Settings) -> Settings:
    """The settings of new states: with words, from the state on screen; without, more that follow as it did."""
    if stage.stage.agent != worlds.STEPPER or take is None:
        return settings
    if settings.get(worlds.ACTION):
        return {**settings, worlds.ONWARD: take.artifact.sha256}
    own = take.artifact.settings
    return {**{name: own[name] for name in (worlds.ACTION, worlds.ONWARD) if own.get(name)}, **settings}


def _walked(nodes: Sequence[Node]) -> list[Node]:
    """Each state before those that followed from it, these in the order of their making."""
    children: dict[str, list[Node]] = {}
    states = {node.state for node in nodes}
    roots = [node for node in nodes if node.parent not in states or node.depth == 1]
    for node in nodes:
        if node.depth > 1:
            children.setdefault(node.parent, []).append(node)
    waiting, walked = list(reversed(roots)), []
    while waiting:
        node = waiting.pop()
        walked.append(node)
        waiting += reversed(children.pop(node.state, []))
    return walked


def _row(project: str, stage: StageView, node: Node, shown: Take | None) -> Markup:
    take = node.take
    chosen = stage.chosen is not None and take.id == stage.chosen.id
    likely = f"{node.likelihood:.0%} likely"
    said, likely = (node.action, likely) if node.action else ("by you", "")
    told = ", ".join([present.take_title(take), said, *([likely] if likely else []), *(["approved"] if chosen else [])])
    tile = element(
        "button",
        thumbnail(project, take.artifact),
        element("span", icon("approved"), class_="chosen") if chosen else None,
        element("span", said, class_="take-name"),
        element("small", likely) if likely else None,
        type="button",
        class_="tile",
        data_do="take",
        data_take=take.id,
        aria_pressed="true" if shown is not None and take.id == shown.id else "false",
        aria_label=told,
        title=told,
    )
    return element("li", tile, style=f"margin-inline-start: {min(node.depth - 1, _DEEPEST) * 16}px")
