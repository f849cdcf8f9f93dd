"""Models: what there is for each job, what of it is here, what is on its way, and which new projects begin with."""

from __future__ import annotations

from collections.abc import Mapping

from ui.desk import Desk, fixed
from ui.markup import element, join
from ui.parts.errands import errand_list
from ui.parts.preset_choice import preset_choice, proposal
from ui.parts.shelf_list import shelf_list, size
from ui.place import Notice, Place
from ui.scene import Painting, Scene, Visit, html

HINT = (
    "Nothing is downloaded unless you ask for it. What is here can be chosen for a stage under More; kinds of work "
    "that no model could do before appear when Greenlight is started again."
)


def build_models(desk: Desk) -> None:
    """Lay out the page."""
    fixed(join((element("h2", "Models"), element("p", HINT, class_="hint"))))
    desk.html("errands")
    desk.html("presets")
    desk.html("models")
    desk.paint(paint_models)
    desk.act("model-ask", ask)
    desk.act("model-download", download)
    desk.act("model-remove", remove)
    desk.act("model-check", check)
    desk.act("model-stop", stop)
    desk.act("model-dismiss", dismiss)
    desk.act("preset", choose_preset)


def build_proposal(desk: Desk) -> None:
    """The line that proposes a preset above the start pages, until the person has chosen one."""
    desk.html("proposal")
    desk.paint(paint_proposal)


def paint_models(scene: Scene) -> Painting:
    """The models, while they are on screen."""
    if scene.shelf is None:
        return {}
    return {
        "errands": html(errand_list(scene.shelf)),
        "presets": html(preset_choice(scene.shelf)),
        "models": html(shelf_list(scene.shelf, scene.place.asking)),
    }


def paint_proposal(scene: Scene) -> Painting:
    """What this machine's size proposes, while the start page is on screen."""
    if scene.view is not None or scene.place.tab != "create":
        return {}
    return {"proposal": html(proposal(scene.studio.shelf.proposal()))}


def ask(visit: Visit, data: Mapping[str, str]) -> Place:
    """Ask before a download or a removal; the same button takes the question back."""
    asked = (data["what"], data["model"])
    return visit.go(asking=("", "") if visit.place.asking == asked else asked)


def download(visit: Visit, data: Mapping[str, str]) -> Place:
    """Bring a model, or the rest of it."""
    visit.studio.shelf.download(data["model"])
    return visit.go(asking=("", ""))


def remove(visit: Visit, data: Mapping[str, str]) -> Place:
    """Remove a model's files from the disk."""
    freed = visit.studio.shelf.remove(data["model"])
    return visit.go(asking=("", ""), notice=Notice(f"Removed: {size(freed)} are free again."))


def check(visit: Visit, data: Mapping[str, str]) -> Place:
    """Read all files of a model again."""
    visit.studio.shelf.check(data["model"])
    return visit.go(asking=("", ""))


def stop(visit: Visit, data: Mapping[str, str]) -> Place:
    """End what is under way for a model."""
    visit.studio.shelf.stop(data["model"])
    return visit.go()


def dismiss(visit: Visit, data: Mapping[str, str]) -> Place:
    """Put a line away that has ended."""
    visit.studio.shelf.dismiss(data["model"])
    return visit.go()


def choose_preset(visit: Visit, data: Mapping[str, str]) -> Place:
    """Begin new projects with the models of a preset."""
    visit.studio.shelf.choose_preset(data["preset"])
    titles = {one.name: one.title for one in visit.studio.shelf.presets()}
    return visit.go(notice=Notice(f"New projects begin with the models of the preset {titles[data['preset']]}."))
