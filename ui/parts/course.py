"""VideoVerse on the Evaluate page: how many prompts, which model makes their videos, who is asked about them."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from engine.measured import Course
from ui.desk import Desk, fixed
from ui.markup import Markup, element, join, text
from ui.place import Notice, Place
from ui.scene import Painting, Scene, Shown, Visit, html

HINT = (
    "Ten dimensions of world knowledge: of each video questions are asked, and in which order its events happen. "
    "The pocket edition has 300 prompts whose answers a simulator knows; the first are taken."
)
RESULTS = "Or a result file of VideoVerse (JSON): it is scored at once"
JOBS = {"text_to_image", "image_to_video"}
"""What a model has to be able to do."""
PROMPTS, FIRST = 300, 8
SEEDS = 4


def build_course(desk: Desk) -> None:
    """Lay out the form."""
    fixed(element("p", HINT, class_="hint"))
    with gr.Row():
        prompts = gr.Slider(1, PROMPTS, FIRST, step=1, label="Prompts", elem_id="course-prompts", min_width=240)
        seeds = gr.Slider(1, SEEDS, 1, step=1, label="Videos of each (seeds)", elem_id="course-seeds", min_width=240)
    with gr.Row():
        model = desk.add("course-model", gr.Dropdown([], label="Made by", elem_id="course-model", min_width=240))
        asked = desk.add("course-judge", gr.Dropdown([], label="Asked about by", elem_id="course-judge", min_width=240))
    desk.html("course-missing")
    button = gr.Button("Begin", variant="primary", elem_id="course-begin", scale=0, min_width=140)
    brought = gr.File(label=RESULTS, file_types=[".json"], type="filepath", elem_id="course-results", height=120)
    desk.paint(paint_course)
    desk.on(button.click, begin, prompts, seeds, model, asked)
    desk.on(brought.upload, score, brought)


def paint_course(scene: Scene) -> Painting:
    """Models and judges to choose from, while the page is on screen."""
    if scene.place.tab != "evaluate":
        return {}
    models = [(row.title, row.name) for row in scene.studio.profiles() if {*row.jobs} >= JOBS]
    questioners = scene.studio.measuring.questioners
    asked = [(one.title, one.name) for one in questioners.all]
    missing = questioners.missing
    return {
        "course-model": _choice(models),
        "course-judge": _choice(asked),
        "course-missing": html(_line(missing)),
    }


def begin(visit: Visit, prompts: float, seeds: float, model: str, asked: str) -> Place:
    """Begin to make the videos and to ask about them."""
    name = visit.studio.measuring.of_course(Course(int(prompts), int(seeds), model, asked or ""))
    told = Notice("The videos are being made and asked about. You may leave this page meanwhile.")
    return visit.go(notice=told, measurement=name, figure="")


def score(visit: Visit, path: str) -> Place:
    """Score an official result file."""
    return visit.go(measurement=visit.studio.measuring.of_results(Path(path)), figure="")


def _choice(choices: list[tuple[str, str]]) -> Shown:
    first = choices[0][1] if choices else None
    return Shown({"choices": choices, "value": first}, typed=" ".join(value for _, value in choices) or "none")


def _line(missing: str) -> Markup:
    """A sentence, with what stands between backticks as a command."""
    parts = missing.split("`")
    told = join(element("code", part) if place % 2 else text(part) for place, part in enumerate(parts))
    return element("p", told, class_="hint") if missing else Markup("")
