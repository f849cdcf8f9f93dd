"""What a person brings to a start page: pictures and videos, dropped, chosen, or taken from their own projects.

A file lies in Gradio's upload folder until the project begins, and its place there never leaves the server: the page
names what was brought by `recipe.upload` alone. Whether it can be used, the Studio says when the project begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import gradio as gr

from engine.errors import UnknownProjectError
from engine.seen import ProjectSummary
from engine.studio import Studio
from engine.types import Value
from ui.desk import Desk
from ui.markup import Markup, doer, element, icon, join
from ui.place import Brought, Place
from ui.scene import Painting, Scene, Visit, html

VIDEOS = ("video", "second_video")
"""Names of the uploads that are videos; the others are pictures."""
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Ask:
    """One file that a start page asks for."""

    upload: str
    """Its name in the request: `image`, `last_image`, `video`, `second_video`."""
    label: str
    """What a person reads: `The video to go on from`."""
    needed: bool = True
    """Whether the project cannot begin without it."""


def build_sources(desk: Desk, recipe: str, asks: Sequence[Ask]) -> None:
    """Lay out a place for each file."""
    with gr.Row(elem_classes=["sources"]):
        for ask in asks:
            with gr.Column(min_width=240):
                _build_source(desk, recipe, ask)


def _build_source(desk: Desk, recipe: str, ask: Ask) -> None:
    key, name = f"{recipe}.{ask.upload}", f"{recipe}-{ask.upload}"
    desk.html(name)
    taken = gr.UploadButton(ask.label, elem_id=f"{name}-file", elem_classes=["hand"], type="filepath", visible="hidden")

    def paint(scene: Scene) -> Painting:
        if scene.view is not None or scene.place.tab != "create":
            return {}
        own = own_videos(scene.studio, scene.projects) if scene.place.picking == key else None
        return {name: html(source(key, ask, scene.place.brought.get(key), own))}

    desk.on(taken.upload, lambda visit, path: _bring(visit, key, uploaded(path)), taken)
    desk.paint(paint)


def build_acts(desk: Desk) -> None:
    """What the buttons inside do, once for all start pages."""
    desk.act("look-through", lambda visit, data: visit.go(picking=data["key"]))
    desk.act("leave-out", leave_out)
    desk.act("take-own", take_own)
    desk.act("trim", trim)
    desk.act("take-on", take_on)


def source(key: str, ask: Ask, brought: Brought | None, own: Sequence[ProjectSummary] | None) -> Markup:
    """One file's place: empty, filled, or with the person's own videos to choose from."""
    hand = f"{key.replace('.', '-')}-file"
    label = join((element("b", ask.label), None if ask.needed else element("small", "if you like")))
    film = ask.upload in VIDEOS
    choose = element("button", "Choose a file", type="button", class_="link button", data_hand=hand)
    look = doer("One of your own", "look-through", key=key, class_="link button") if film else None
    if brought is None:
        kinds = "any video file" if film else "PNG, JPEG or WebP"
        row = element("p", choose, look, class_="source-buttons")
        inside = join((element("p", label), element("p", f"Drop it here: {kinds}.", class_="hint"), row))
    else:
        again = element("button", "Another", type="button", class_="link", data_hand=hand)
        away = doer("Leave it out", "leave-out", key=key)
        name = element("span", brought.name, class_="source-name")
        row = element("p", name, again, look and _own(key), away, class_="source-buttons")
        inside = join((element("p", label), _shown(key, ask, brought), row))
    state = "empty" if brought is None else "full"
    busy = element("p", icon("running"), "Coming in …", class_="source-busy hint", role="status")
    return join((
        element("section", inside, busy, class_=f"source {state}", data_drop=hand, aria_label=ask.label),
        None if own is None else _choice(key, own),
    ))  # fmt: skip


def _own(key: str) -> Markup:
    return doer("One of your own", "look-through", key=key)


def _shown(key: str, ask: Ask, brought: Brought) -> Markup:
    if ask.upload in VIDEOS:
        return element("gl-trim", src=brought.address, data_key=key, label=ask.label)
    return element("img", src=brought.address, alt=ask.label, class_="source-picture")


def _choice(key: str, projects: Sequence[ProjectSummary]) -> Markup:
    """The newest clip of every project, to take one."""
    close = doer(icon("close"), "look-through", key="", hint="Close this list", class_="link")
    head = element("p", element("b", "Your own videos"), close, class_="own-head")
    if not projects:
        return element("div", head, element("p", "There are none yet.", class_="hint"), class_="own")
    tiles = [element("li", _tile(key, project)) for project in projects]
    return element("div", head, element("ul", *tiles, class_="strip"), class_="own")


def _tile(key: str, project: ProjectSummary) -> Markup:
    address = f"media/{project.id}/{project.cover}#t=0.01"
    still = element("video", src=address, muted=True, playsinline=True, preload="metadata")
    face = join((element("span", still, class_="thumb"), element("span", project.title, class_="take-name")))
    return doer(face, "take-own", class_="tile", key=key, project=project.id, hint=f"Take {project.title}")


def own_videos(studio: Studio, projects: Sequence[ProjectSummary]) -> tuple[ProjectSummary, ...]:
    """Those of the projects that have a clip to show."""
    filmed = (one for one in projects if one.cover)
    return tuple(one for one in filmed if studio.path(one.id, str(one.cover)).suffix == ".mp4")


def uploaded(path: str) -> Brought:
    """A file that has just come in; the browser sees it through Gradio's own route for uploads."""
    return Brought(Path(path).name[:LONGEST_NAME], f"gradio_api/file={quote(path)}", path=path)


def _bring(visit: Visit, key: str, brought: Brought) -> Place:
    return visit.go(brought={**visit.place.brought, key: brought}, picking="")


def leave_out(visit: Visit, data: Mapping[str, str]) -> Place:
    """Take a file off the start page."""
    return visit.go(brought={key: one for key, one in visit.place.brought.items() if key != data["key"]})


def take_own(visit: Visit, data: Mapping[str, str]) -> Place:
    """Take the newest clip of a project. Raises UnknownProjectError when it has none."""
    own = own_videos(visit.studio, visit.studio.projects())
    project = next((one for one in own if one.id == data["project"]), None)
    if project is None or project.cover is None:
        raise UnknownProjectError("That project has no video", "Choose another.", value=data["project"][:40])
    address = f"media/{project.id}/{project.cover}"
    taken = Brought(project.title[:LONGEST_NAME], address, project=project.id, sha256=project.cover)
    return _bring(visit, data["key"], taken)


def take_on(visit: Visit, data: Mapping[str, str]) -> Place:
    """Open the start page of a recipe with a clip of this project on it."""
    view = visit.studio.view(visit.screen.project)
    take = next(take for stage in view.stages for take in stage.takes if take.id == data["take"])
    sha256 = take.artifact.sha256
    own = Brought(view.title[:LONGEST_NAME], f"media/{view.id}/{sha256}", project=view.id, sha256=sha256)
    return Place(task=data["recipe"], brought={f"{data['recipe']}.video": own})


def trim(visit: Visit, data: Mapping[str, str]) -> Place:
    """Keep the part of a video from one second to another; `value` is `start end`, empty where it is the whole."""
    brought = visit.place.brought.get(data["key"])
    if brought is None:
        return visit.place
    start, _, end = data.get("value", "").partition(" ")
    part = replace(brought, start=_seconds(start), end=_seconds(end))
    return visit.go(brought={**visit.place.brought, data["key"]: part})


def _seconds(text: str) -> float | None:
    try:
        return max(0.0, float(text))
    except ValueError:
        return None


def files(visit: Visit, recipe: str, asks: Sequence[Ask]) -> dict[str, bytes]:
    """Upload's name -> its bytes, for what was brought to a start page."""
    return {
        ask.upload: _read(visit.studio, brought)
        for ask in asks
        if (brought := visit.place.brought.get(f"{recipe}.{ask.upload}")) is not None
    }


def _read(studio: Studio, brought: Brought) -> bytes:
    return studio.read(brought.project, brought.sha256) if brought.project else Path(brought.path).read_bytes()


def spans(place: Place, recipe: str, asks: Sequence[Ask]) -> dict[str, Value]:
    """From where to where each video is wanted, as options of the road; nothing for those that are wanted whole."""
    cut: dict[str, Value] = {}
    for ask in asks:
        brought = place.brought.get(f"{recipe}.{ask.upload}")
        prefix = "second_" if ask.upload == "second_video" else ""
        marks = {"start_seconds": brought.start, "end_seconds": brought.end} if brought else {}
        cut |= {prefix + name: value for name, value in marks.items() if value is not None}
    return cut
