"""Queue: what is being made and what waits, across all projects."""

from __future__ import annotations

import gradio as gr

from ui.desk import Desk, fixed
from ui.markup import element
from ui.parts.queue_list import queue_list
from ui.place import Place
from ui.scene import Painting, Scene, Shown, Visit, html


def build_queue(desk: Desk) -> None:
    """Lay out the page."""
    with gr.Row(elem_classes=["page-head"]):
        fixed(element("h2", "Queue"))
        if not desk.public:
            _build_pause(desk)
    desk.html("jobs")
    desk.paint(paint_queue)


def _build_pause(desk: Desk) -> None:
    """The button that holds everybody's jobs: the host's own."""
    pause = desk.add("pause", gr.Button("Pause", elem_id="pause", size="sm", scale=0, min_width=100))
    desk.paint(lambda scene: {"pause": Shown({"value": "Go on" if scene.queue.paused else "Pause"})})
    desk.on(pause.click, pause_or_go_on)


def paint_queue(scene: Scene) -> Painting:
    """The list of jobs."""
    return {"jobs": html(queue_list(scene.queue))}


def pause_or_go_on(visit: Visit) -> Place:
    """Pause the queue, or let it go on."""
    if visit.studio.queue().paused:
        visit.studio.resume()
    else:
        visit.studio.pause()
    return visit.go()
