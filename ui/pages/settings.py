"""Settings: who writes the prompts, and whether the browser may call the person."""

from __future__ import annotations

import gradio as gr

from ui.desk import Desk, fixed
from ui.markup import element, join
from ui.parts.language_model import build_language_model

CALLING = "The tab's title says when something waits for you. The browser can also call you while you are away."


def build_settings(desk: Desk) -> None:
    """Lay out the page."""
    fixed(element("h2", "Settings"))
    if not desk.public:
        with gr.Column(elem_classes=["panel"]):
            build_language_model(desk)
    with gr.Column(elem_classes=["panel"]):
        ask = element("button", "Allow notifications", type="button", class_="link button", id="notify")
        fixed(join((element("h3", "Calling you"), element("p", CALLING, class_="hint"), ask)))
