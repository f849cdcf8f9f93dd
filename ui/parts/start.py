"""The start of a video: one form for every recipe, built from what the recipe asks for and may be told."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr

from engine.errors import SettingError
from engine.studio import Studio
from engine.types import Recipe, Request, Settings, Stage, Task, Value
from ui import offered
from ui.desk import Desk, fixed
from ui.markup import element, join
from ui.parts import sources
from ui.parts.road_options import HIDDEN, PLAIN, build_fields
from ui.parts.samples import Sample, chips
from ui.parts.sources import Ask, build_sources
from ui.place import Place
from ui.scene import Painting, Scene, Shown, Visit

SEEDS = 100_000
"""Seeds that the page rolls are short enough to be read aloud."""
FITTERS = ("frame_fitter", "video_fitter")
"""Agents that bring what was uploaded to the model's size."""


@dataclass(frozen=True, slots=True)
class Form:
    """What one start page says, and asks for."""

    recipe: str
    """Name of the recipe."""
    promise: str
    """What will happen, in a sentence or two."""
    question: str
    """Label of the prompt; empty for a recipe that asks for no words."""
    example: str
    """What the empty prompt shows."""
    button: str
    """What the one button says."""
    samples: tuple[Sample, ...]
    """Sentences to begin with."""
    asks: tuple[Ask, ...] = ()
    """Files to bring."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in a start form."""

    prompt: str = ""
    automatic: bool = False
    count: float = 2
    frames: int | None = None
    seed: str | None = None
    fit: str | None = None
    options: Settings = field(default_factory=dict[str, Value])
    """Choices about the whole road."""


def build_start(desk: Desk, form: Form) -> None:
    """Lay the start page of a recipe out, and let its button begin a project."""
    recipe = desk.studio.recipes[form.recipe]
    fixed(element("p", form.promise, class_="promise"))
    build_sources(desk, form.recipe, form.asks)
    named: dict[str, Any] = {"prompt": _build_prompt(desk, form)} if form.question else {}
    named |= build_fields(form.recipe, dict(recipe.options), PLAIN)
    start = gr.Button(form.button, variant="primary", elem_id=f"{form.recipe}-start", elem_classes=["start"])
    if form.samples:
        samples = desk.html(f"{form.recipe}-samples")
        samples.value = join((
            element("p", "Or begin with one of these:", class_="hint"), chips(form.samples, form.recipe)
        ))  # fmt: skip
    named |= _build_more(desk, form, recipe)
    names = tuple(named)

    def begin(visit: Visit, *values: Any) -> Place:
        given = dict(zip(names, values, strict=True))
        options = {name: given.pop(name) for name in names if name in recipe.options}
        options |= sources.spans(visit.place, form.recipe, form.asks)
        return begin_project(visit, form, Asked(**given, options=options))

    desk.on(start.click, begin, *named.values())


def _build_prompt(desk: Desk, form: Form) -> Any:
    name = f"{form.recipe}-prompt"
    desk.paint(
        lambda scene: {
            name: Shown(
                {"value": scene.place.samples.get(form.recipe, "")}, typed=scene.place.samples.get(form.recipe, "")
            )
        }
    )
    field = gr.Textbox(
        label=form.question, placeholder=form.example, lines=2, max_lines=6, elem_id=name, elem_classes=["ask"]
    )
    return desk.add(name, field)


def _build_more(desk: Desk, form: Form, recipe: Recipe) -> dict[str, Any]:
    """The fields behind 'More', by their names in `Asked` or among the options."""
    road = desk.studio.task(_shape(form.recipe, recipe.asks))
    agents = [stage.agent for stage in road.stages]
    film = next((stage for stage in road.stages if stage.agent == "image_to_video"), None)
    fields: dict[str, Any] = {}
    with gr.Accordion("More", open=False, elem_classes=["more"]):
        fields["automatic"] = gr.Checkbox(label="Approve every stage without asking me")
        if form.asks:
            choices = [("Crop it", "crop"), ("Letterbox it", "letterbox")]
            fields["fit"] = gr.Radio(
                choices, value="crop", label="When its shape differs", elem_id=f"{form.recipe}-fit"
            )
        if film is not None:
            name = f"{form.recipe}-frames"
            shown = _lengths(desk.studio, road, film)
            fields["frames"] = desk.add(name, gr.Radio(**shown.props, label="Length of a clip", elem_id=name))
            desk.paint(lambda scene: {name: _lengths(scene.studio, road, film)})
        with gr.Row():
            if "text_to_image" in agents:
                fields["count"] = gr.Slider(1, 4, 2, step=1, label="Key frames to choose from", buttons=[])
            fields["seed"] = gr.Textbox(label="Seed (empty: a new one)", max_lines=1)
        fields |= build_fields(form.recipe, dict(recipe.options), HIDDEN)
    return fields


def _shape(recipe: str, asks: Sequence[str]) -> Request:
    """A request of which only the road matters."""
    return Request(recipe, "", uploads=dict.fromkeys(asks, ""))


def _lengths(studio: Studio, road: Task, film: Stage) -> Shown:
    """The clip lengths of the model that a new project's video begins with."""
    begun = studio.shelf.begun_with(_shape(road.name, studio.recipes[road.name].asks), road)
    profile = offered.profile_of(studio.profiles(), film, begun.settings.get(film.name, {}))
    choices = offered.lengths(profile)
    first = profile.frame_counts[0] if profile and profile.frame_counts else None
    return Shown({"choices": choices, "value": first, "visible": bool(choices)}, typed=profile.name if profile else "")


def begin_project(visit: Visit, form: Form, asked: Asked) -> Place:
    """Create the project and open it. Raises what Studio.create does; what was brought stays on the page then."""
    brought = sources.files(visit, form.recipe, form.asks)
    shape = Request(form.recipe, asked.prompt, dict.fromkeys(brought, ""), asked.options)
    road = visit.studio.task(shape)
    return Place(project=visit.studio.create(request(road, shape, asked), brought), task=form.recipe)


def request(road: Task, shape: Request, asked: Asked) -> Request:
    """The typed request that a start form stands for; `shape` has its prompt, uploads and options."""
    settings: dict[str, dict[str, Value]] = {stage.name: {} for stage in road.stages}
    for stage in road.stages:
        own = settings[stage.name]
        if stage.agent == "text_to_image":
            own["takes"] = int(asked.count)
        if stage.agent == "image_to_video" and asked.frames is not None:
            own["frames"] = int(asked.frames)
        if stage.agent in FITTERS and asked.fit is not None:
            own["fit"] = asked.fit
    return Request(
        task=road.name,
        prompt=asked.prompt,
        options=shape.options,
        seed=_seed(asked.seed),
        settings={name: own for name, own in settings.items() if own},
        automatic=tuple(stage.name for stage in road.stages) if asked.automatic else (),
    )


def _seed(typed: str | None) -> int:
    """The seed that was typed, or a new one. A number field would not do: Gradio puts a zero into an empty one."""
    text = (typed or "").strip()
    if not text:
        return secrets.randbelow(SEEDS)
    if not text.isdecimal():
        raise SettingError("The seed is no whole number", "Type digits only, or leave it empty.", value=text[:40])
    return int(text)


def build_opener(desk: Desk) -> None:
    """The button (and, through look/studio.js, the whole page as a place to drop on) that opens a file made here."""
    opener = gr.UploadButton(
        "Open a video, recipe or project", elem_id="opener", type="filepath", size="sm", scale=0, min_width=240
    )
    desk.on(opener.upload, open_file, opener)
    desk.act("sample", fill)
    desk.paint(paint_start)
    sources.build_acts(desk)


def open_file(visit: Visit, path: str) -> Place:
    """Begin a project from a downloaded video or recipe; take in a project from its archive."""
    if path.lower().endswith(".zip"):
        return Place(project=visit.studio.import_project(Path(path)))
    recipe = visit.studio.read_recipe(Path(path).read_bytes())
    return Place(project=visit.studio.create_from_recipe(recipe))


def fill(visit: Visit, data: Mapping[str, str]) -> Place:
    """Put a sample prompt into the field of its page."""
    return visit.go(samples={**visit.place.samples, data["recipe"]: data["prompt"]})


def paint_start(scene: Scene) -> Painting:
    """The start pages, while no project is open."""
    return {"start": Shown({"visible": scene.view is None})}


def build_starts(desk: Desk, forms: Sequence[Form]) -> None:
    """One tab a recipe, in the order of the recipes; those without a form, and forms without a recipe, are left out."""
    known = {form.recipe: form for form in forms}
    here = [known[name] for name in desk.studio.recipes if name in known]
    with desk.add("tasks", gr.Tabs(elem_id="tasks")) as tabs:
        for form in here:
            with gr.Tab(desk.studio.recipes[form.recipe].title, id=form.recipe):
                build_start(desk, form)
    for tab in tabs.children:
        desk.on(tab.select, lambda visit, name=tab.id: turn_to(visit, name), shown="tasks")
    names = [form.recipe for form in here]

    def paint(scene: Scene) -> Painting:
        selected = scene.place.task if scene.place.task in names else names[0]
        return {"tasks": Shown({"selected": selected}, typed=selected)}

    desk.paint(paint)


def turn_to(visit: Visit, task: str) -> Place:
    """Open the start page of a recipe. Gradio also says so when the tabs come back into view: then nothing moves."""
    known = visit.place.task or next(iter(visit.studio.recipes))
    return visit.place if task == known else visit.go(task=task, picking="")
