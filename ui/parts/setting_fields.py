"""The fields of a stage's settings, in the open and behind 'More'; engine.settings says what each may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

Build = Callable[[str], Any]
"""Element id -> the field."""
OPEN: dict[str, Build] = {
    "action": lambda name: gr.Textbox(
        label="What happens next, to the state on screen? (empty: more states that follow as this one did)",
        elem_id=name,
        max_lines=2,
        min_width=420,
    ),
    "plan": lambda name: gr.Textbox(
        label="Or a goal, or a plan: an action a line",
        placeholder="the car drives left and turns green, then night falls",
        elem_id=name,
        lines=2,
        max_lines=8,
        min_width=420,
    ),
    "heading": lambda name: gr.Radio(
        [("As the words say", "none"), ("Left", "left"), ("Right", "right"), ("Up", "up"), ("Down", "down")],
        label="Which way",
        elem_id=name,
    ),
    "speed": lambda name: gr.Radio(
        [("As the words say", "none"), ("Slow", "slow"), ("Quick", "quick")], label="How fast", elem_id=name
    ),
    "room": lambda name: gr.Radio(
        [
            ("As the words say", "as said"),
            ("None", "none"),
            ("Left", "left"),
            ("Right", "right"),
            ("Up", "up"),
            ("Down", "down"),
        ],
        label="Room to move",
        elem_id=name,
        min_width=420,
    ),
    "method": lambda name: gr.Radio(
        [("Made anew", "generated"), ("A plain cross-fade, to compare", "cross-fade")],
        label="Between the two",
        elem_id=name,
    ),
    "grow": lambda name: gr.Slider(-32, 32, 0, step=1, label="Grow (pixels)", elem_id=name, buttons=[]),
    "feather": lambda name: gr.Slider(0, 32, 0, step=1, label="Feather (pixels)", elem_id=name, buttons=[]),
    "invert": lambda name: gr.Checkbox(label="Everything but this", elem_id=name),
    "strength": lambda name: gr.Slider(0, 1, 1, step=0.05, label="How strongly", elem_id=name, buttons=[]),
}
"""Settings that stand in the open."""
HIDDEN: dict[str, Build] = {
    "profile": lambda name: gr.Dropdown(
        [], label="Model", info="Steps and length that you leave alone become another model's own.", elem_id=name
    ),
    "steps": lambda name: gr.Number(label="Denoising steps", precision=0, minimum=1, elem_id=name),
    "guidance_scale": lambda name: gr.Number(label="How closely to follow the words", elem_id=name),
    "motion_bucket": lambda name: gr.Number(label="How much moves (1 to 255)", precision=0, minimum=1, elem_id=name),
    "noise_augmentation": lambda name: gr.Number(
        label="Noise on the picture (0 to 1)", info="More moves more, and keeps less of it.", minimum=0, elem_id=name
    ),
    "decode_chunk": lambda name: gr.Number(
        label="Frames decoded at once", info="More is smoother, and needs more memory.", precision=0, elem_id=name
    ),
    "loras": lambda name: gr.Textbox(label="LoRAs", max_lines=1, elem_id=name),
    "sooner": lambda name: gr.Dropdown(SOONER, label="What makes it quicker", elem_id=name),
    "frames": lambda name: gr.Radio([], label="Length", elem_id=name),
    "match_colour": lambda name: gr.Checkbox(label="Keep the colours of what was there", elem_id=name),
    "critic": lambda name: gr.Checkbox(
        label="Let the critic look at each video",
        info="It says how far a video is what was asked for, and proposes the best.",
        elem_id=name,
    ),
    "questions": lambda name: gr.Textbox(
        label="What the critic asks",
        info="A line each: Mechanics: Does the ball bounce? Or 1. The ball lands. Empty: written from the prompt.",
        lines=3,
        max_lines=12,
        elem_id=name,
    ),
    "writer": lambda name: gr.Radio(["offline", "language model"], label="Who writes", elem_id=name),
    "remembers": lambda name: gr.Checkbox(label="Let what happened before come to mind", elem_id=name),
    "witness": lambda name: gr.Dropdown(
        ["inverse model", "language model"],
        label="Who says how likely a state is",
        info="Or a model of this machine that sees, fetched before: owner/name.",
        allow_custom_value=True,
        elem_id=name,
    ),
    "fit": lambda name: gr.Radio([("Crop", "crop"), ("Letterbox", "letterbox")], label="Fit it by", elem_id=name),
}
"""Settings behind 'More'."""
SOONER: list[tuple[str, str | int | float]] = [
    ("The same pixels sooner; compiled once that has paid", "automatic"),
    ("Nothing: as the library does it", "stock"),
    ("The same pixels sooner, never compiled", "exact"),
    ("The same pixels sooner, compiled now", "compiled"),
    ("Approximate: skip steps that change little", "first-block cache"),
    ("Approximate: foretell attention between steps", "taylor cache"),
    ("Approximate: attention in eight bits", "eight-bit attention"),
]
"""What a person reads, and the setting."""
NAMES = (*OPEN, *HIDDEN)
