"""The frame around all pages: masthead, tabs, look, and how the page is served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from engine.errors import PortTakenError
from engine.studio import Studio
from ui.desk import Desk, fixed
from ui.frame import Frame
from ui.pages.connect import connect
from ui.pages.digital_worlds import digital_worlds
from ui.pages.edit import edit
from ui.pages.evaluate import build_evaluate
from ui.pages.extend import extend
from ui.pages.image_to_video import image_to_video
from ui.pages.models import build_models, build_proposal
from ui.pages.projects import build_projects
from ui.pages.queue import build_queue
from ui.pages.settings import build_settings
from ui.pages.text_to_video import text_to_video
from ui.pages.what_happened import what_happened
from ui.pages.world import world
from ui.pages.worldgpt import worldgpt
from ui.parts.masthead import masthead, notice, where
from ui.parts.start import build_opener, build_starts
from ui.parts.workbench import build_workbench
from ui.routes import middleware, routes
from ui.scene import Painting, Scene, Shown, html

ASSETS = Path(__file__).parent.parent / "assets"
HOUR = 3600
SCRIPTS = ("editor", "mask", "seams", "shots", "sources", "studio", "words")
HEAD = (
    '<link rel="stylesheet" href="look/studio.css">'
    + "".join(f'<script type="module" src="look/{name}.js"></script>' for name in SCRIPTS)
    + '<meta name="viewport" content="width=device-width, initial-scale=1">'
)
FORMS = (text_to_video, image_to_video, extend, edit, connect, digital_worlds, worldgpt, world, what_happened)
"""The start pages there are."""


def build(studio: Studio) -> gr.Blocks:
    """Lay out the whole page and connect it to the Studio; nothing runs yet."""
    with Frame(title="Greenlight", analytics_enabled=False, fill_width=True, delete_cache=(HOUR, 24 * HOUR)) as demo:
        desk = Desk(studio)
        fixed((ASSETS / "icons.svg").read_text(encoding="utf-8"), elem_id="icons")
        fixed(masthead(studio.world()), elem_id="masthead")
        desk.html("where")
        desk.html("notice")
        with desk.add("tabs", gr.Tabs(elem_id="tabs")) as tabs:
            with gr.Tab("Create", id="create"):
                _build_create(desk)
            with gr.Tab("Projects", id="projects"):
                build_projects(desk)
            with gr.Tab("Queue", id="queue"):
                build_queue(desk)
            if not desk.public:
                with gr.Tab("Evaluate", id="evaluate"):
                    build_evaluate(desk)
                with gr.Tab("Models", id="models"):
                    build_models(desk)
            with gr.Tab("Settings", id="settings"):
                build_settings(desk)
        desk.tabs = tuple(tab.id for tab in tabs.children)
        for tab in tabs.children:
            desk.on(tab.select, lambda visit, name=tab.id: visit.go(tab=name), shown="tabs")
        desk.act("dismiss", lambda visit, data: visit.go())
        desk.paint(_paint_frame)
        desk.wire(demo)
    return demo


def _build_create(desk: Desk) -> None:
    """The start pages, one a recipe, and the workbench that takes their place once a project is open."""
    with desk.add("start", gr.Column(elem_id="start")):
        if not desk.public:
            build_proposal(desk)
        build_starts(desk, [form() for form in FORMS])
    build_workbench(desk)
    build_opener(desk)


def _paint_frame(scene: Scene) -> Painting:
    return {
        "where": html(where(scene)),
        "notice": html(notice(scene.place.notice)),
        "tabs": Shown({"selected": scene.place.tab}, typed=scene.place.tab),
    }


def theme() -> Any:
    """Gradio's plainest theme in the system's own fonts; colours are in look/studio.css."""
    return gr.themes.Base(
        primary_hue="green",
        neutral_hue="gray",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )


def launch(demo: gr.Blocks, studio: Studio, host: str, port: int) -> None:
    """Serve the page until the process is stopped. Raises PortTakenError when another program has the port."""
    _open_door(demo, studio, host, port)
    print(f"Greenlight is at http://{host}:{demo.server_port}  (Ctrl-C ends it)", flush=True)
    demo.block_thread()


def _open_door(demo: gr.Blocks, studio: Studio, host: str, port: int) -> None:
    try:
        demo.launch(
            server_name=host,
            server_port=port,
            share=False,
            quiet=True,
            prevent_thread_lock=True,
            ssr_mode=False,
            run_history=False,
            enable_monitoring=False,
            footer_links=[],
            max_file_size=studio.configuration.limits.upload_bytes,
            favicon_path=ASSETS / "favicon.svg",
            theme=theme(),
            head=HEAD,
            app_kwargs={"routes": routes(studio), "middleware": middleware(host)},
        )
    except OSError as error:
        raise PortTakenError(
            "Another program listens on the port",
            "Close it, or choose another port with GREENLIGHT_PORT.",
            value=str(port),
        ) from error
