"""Choices about a whole road, as fields of a start page: built from what a recipe says that it knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from engine.types import Value

Build = Callable[[Value, str], Any]
"""Default and element id -> the field."""


def _slider(label: str, least: float, most: float, step: float, info: str = "") -> Build:
    return lambda default, name: gr.Slider(
        least, most, default, step=step, label=label, info=info or None, elem_id=name, buttons=[]
    )


def _radio(label: str, *choices: tuple[str, str]) -> Build:
    return lambda default, name: gr.Radio(list(choices), value=default, label=label, elem_id=name)


def _switch(label: str) -> Build:
    return lambda default, name: gr.Checkbox(bool(default), label=label, elem_id=name)


PLAIN: dict[str, Build] = {
    "direction": _radio("Where to", ("What comes after it", "forwards"), ("What came before it", "backwards")),
    "seconds": _slider("How much longer, in seconds", 0.5, 30, 0.5),
    "world": _radio(
        "Which world",
        ("Voxels", "voxel"),
        ("Low poly", "low-poly"),
        ("Neon", "neon"),
        ("Pixel art", "pixel art"),
    ),
    "strength": _slider("How strongly", 0, 1, 0.05, "0 leaves it as it is, 1 changes all that it can."),
}
"""Option -> its field, in the order of the page."""
HIDDEN: dict[str, Build] = {
    "segments": _slider("How many shots", 1, 20, 1, "Each goes on where the one before ends. You approve each."),
    "enhancer": _switch("Let a writer improve the words"),
    "mask": _switch("Change only the masked part"),
    "end_frame": _switch("Make the last picture first"),
}
"""Options that lie behind 'More': long films, and switches that are there to measure what each part is worth."""


def build_fields(recipe: str, options: dict[str, Value], table: dict[str, Build]) -> dict[str, Any]:
    """The fields of the options that both the recipe and the table know: name -> field."""
    return {name: build(options[name], f"{recipe}-{name}") for name, build in table.items() if name in options}
