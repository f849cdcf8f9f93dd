"""What was found in a picture: numbered boxes on it, and a switch for each thing.

What is switched stays on the page until it is approved; then it is a take of the person's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from engine.seen import ProjectView, StageView
from engine.types import Take
from ui import present
from ui.markup import Markup, doer, element, icon, join
from ui.parts.pictures import address
from ui.place import Place
from ui.scene import Scene, Visit
from ui.upstream import seen_below

NOTHING = (
    "Nothing of that was found in the picture. Paint the mask yourself, or go back to the prompt and name something "
    "that is there."
)
UNSEEN = "You can go on without finding things: paint what may change yourself."


def found(scene: Scene, view: ProjectView, stage: StageView, take: Take) -> Markup:
    """The picture with its boxes, and the list of things."""
    told = read(scene, view, take)
    things: Sequence[Mapping[str, Any]] = told["things"]
    chosen = scene.place.switched.get(take.id, told["chosen"])
    base = seen_below(view, stage)
    boxes = [_box(index, thing, index in chosen, told) for index, thing in enumerate(things)]
    style = f"aspect-ratio: {told['width']} / {told['height']}"
    figure = element("div", _still(view.id, base) if base else None, *boxes, class_="big boxes", style=style)
    if not things:
        return join((figure, painting(NOTHING)))
    rows = [element("li", _switch(index, thing, index in chosen)) for index, thing in enumerate(things)]
    missing = ", ".join(str(word) for word in told.get("missing", ()))
    lost = (
        element("p", f"Not found: {missing}. Paint it into the mask, if it is there.", class_="hint")
        if missing
        else None
    )
    return join((figure, element("ul", *rows, class_="things", aria_label="What was found"), lost))


def painting(why: str = UNSEEN) -> Markup:
    """The way on without things that were found."""
    paint = doer(join((icon("brush"), "Paint the mask instead")), "paint-instead", class_="link button")
    return element("div", element("p", why), paint, class_="nothing", role="status")


def read(scene: Scene, view: ProjectView, take: Take) -> Mapping[str, Any]:
    """The boxes of a take, as they are in its file."""
    told: Mapping[str, Any] = json.loads(scene.studio.read(view.id, take.artifact.sha256))
    return told


def _still(project: str, base: Take) -> Markup:
    if base.artifact.kind == "video":
        return element("video", src=f"{address(project, base.artifact)}#t=0.01", muted=True, preload="auto")
    return element("img", src=address(project, base.artifact), alt="The picture that was looked at")


def _box(index: int, thing: Mapping[str, Any], on: bool, told: Mapping[str, Any]) -> Markup:
    left, top, right, bottom = (float(side) for side in thing["box"])
    width, height = float(told["width"]), float(told["height"])
    style = (
        f"left: {100 * left / width:.2f}%; top: {100 * top / height:.2f}%; "
        f"width: {100 * (right - left) / width:.2f}%; height: {100 * (bottom - top) / height:.2f}%"
    )
    return element(
        "button",
        element("span", str(index + 1), class_="box-number"),
        type="button",
        class_="box",
        style=style,
        data_do="thing",
        data_index=index,
        aria_pressed="true" if on else "false",
        aria_label=f"{index + 1}: {thing['word']}",
    )


def _switch(index: int, thing: Mapping[str, Any], on: bool) -> Markup:
    return element(
        "button",
        element("span", class_="switch", aria_hidden="true"),
        element("b", f"{index + 1} {thing['word']}"),
        element("small", f"{round(100 * float(thing['score']))} % sure"),
        type="button",
        class_="thing",
        role="switch",
        aria_checked="true" if on else "false",
        data_do="thing",
        data_index=index,
    )


def switch(visit: Visit, data: Mapping[str, str]) -> Place:
    """Turn one thing on or off."""
    view = visit.studio.view(visit.screen.project)
    take = next(take for stage in view.stages for take in stage.takes if take.id == visit.screen.take)
    told = json.loads(visit.studio.read(view.id, take.artifact.sha256))["chosen"]
    after = set(visit.place.switched.get(take.id, tuple(told))) ^ {int(data["index"])}
    switched = {**visit.place.switched, take.id: tuple(sorted(after))}
    return visit.go(stage=visit.screen.stage, take=take.id, switched=switched)


def paint_instead(visit: Visit, data: Mapping[str, str]) -> Place:
    """Leave the boxes behind, empty or never looked for, and paint the mask that was to be made from them."""
    project, stage = visit.screen.project, visit.screen.stage
    if present.paints_instead(present.stage_named(visit.studio.view(project), stage)):
        view = visit.studio.edit(project, stage, [], approve=True)
    else:
        view = visit.studio.approve(project, stage, visit.screen.take, note="nothing was found; the mask is painted")
    mask = next(one for one in view.stages if any(need.source == stage for need in one.stage.needs))
    for asked in mask.pending:
        visit.studio.cancel(asked.take)
    return visit.go(stage=mask.stage.name, take="", mode="edit")
