"""The top of the page: the name, the world with its words on hover, the light; and notices to the person."""

from __future__ import annotations

from engine.seen import World
from ui.markup import Markup, doer, element, icon, join
from ui.place import Notice
from ui.scene import Scene


def masthead(world: World) -> Markup:
    """Name, world badge and light switch."""
    light = element(
        "button",
        icon("light"),
        type="button",
        class_="link",
        id="light",
        aria_label="Switch between light and dark",
        title="Switch between light and dark",
    )
    name = element("h1", icon("greenlight"), "Greenlight")
    return element("header", name, badge(world), light, class_="masthead")


def badge(world: World) -> Markup:
    """Which world this is; its words appear on hover, on focus and on touch."""
    lists = (("Things", world.nouns), ("Colours", world.colours), ("Places", world.scenes), ("Motions", world.motions))
    rows = [join((element("dt", title), element("dd", ", ".join(words)))) for title, words in lists if words]
    card = element("div", element("p", world.sentence), element("dl", *rows), class_="badge-words", id="world-words")
    face = element(
        "button",
        icon("world"),
        world.title,
        element("span", f"· {world.device}", class_="badge-device"),
        type="button",
        class_="badge-face",
        aria_describedby="world-words",
    )
    return element("div", face, card, class_="badge")


def notice(said: Notice | None) -> Markup:
    """One message to the person, with the button that goes with it."""
    if said is None:
        return Markup("")
    button = doer(said.label, said.do, project=said.project, class_="link button") if said.do else None
    close = doer(icon("close"), "dismiss", hint="Close this message", class_="link")
    role = "alert" if said.bad else "status"
    line = element("p", icon("failed" if said.bad else "info"), element("span", said.text))
    return element("div", line, button, close, class_=f"notice {'bad' if said.bad else ''}", role=role)


def where(scene: Scene) -> Markup:
    """Where the person is and what waits for them, for the address bar, the tab's title and notifications."""
    view, stage = scene.view, scene.stage
    waits = [each.stage.title for each in view.stages if each.status == "waiting"] if view else []
    return element(
        "span",
        hidden=True,
        id="where-now",
        data_project=view.id if view else "",
        data_stage=stage.stage.name if stage and scene.place.stage else "",
        data_tab=scene.place.tab,
        data_task="" if view else scene.place.task,
        data_measurement=scene.place.measurement if scene.place.tab == "evaluate" else "",
        data_figure=scene.place.figure if scene.place.tab == "evaluate" else "",
        data_title=view.title if view else "",
        data_waits=f"{waits[0]} waits for you" if waits else "",
        data_queue=len(scene.queue.jobs),
        data_mode=scene.place.mode,
    )
