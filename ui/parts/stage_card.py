"""The card of one stage: what it made, large; the words or the picture to change; and the next sensible thing."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr

from engine.seen import ProjectView, StageView
from engine.types import Take
from ui import present
from ui.desk import Desk
from ui.markup import Markup, doer, element, icon, join
from ui.parts import decisions, pictures, recalled, things, world_tree
from ui.parts.masks import masked
from ui.parts.moments import timeline
from ui.parts.proposal import build_proposal
from ui.parts.seams import inspector
from ui.parts.stage_settings import build_stage_settings
from ui.parts.things import found
from ui.parts.words import build_words
from ui.place import Place
from ui.scene import Painting, Scene, Shown, Visit, html
from ui.upstream import picture_before

NOTES = ("how", "note", "judges")
"""Facts of a take that are sentences for the person."""


def build_stage_card(desk: Desk) -> None:
    """Lay out the card."""
    desk.html("stage-head")
    desk.html("picture")
    desk.html("recalled")
    desk.html("suggested")
    desk.html("stage-progress")
    build_proposal(desk)
    fields = build_words(desk)
    with gr.Row(elem_id="actions"):
        buttons = {
            name: desk.add(name, gr.Button(label, elem_id=name, variant=look, min_width=width, scale=0))
            for name, label, look, width in (
                ("primary", "Approve", "primary", 140),
                ("keep", "Keep it", "secondary", 90),
                ("again", "Make another", "secondary", 120),
                ("edit", "Edit", "secondary", 70),
                ("stop", "Stop", "secondary", 70),
                ("withdraw", "Take approval back", "secondary", 140),
            )
        }
        with desk.add("upload", gr.Column(min_width=90, scale=0)):  # Gradio is slow to show or hide an upload button
            upload = gr.UploadButton("Upload", elem_id="upload", type="filepath")
        corrected = gr.Textbox(label="Frames that were corrected", elem_id="corrected", elem_classes=["hand"])
        painted = gr.UploadButton("Painted picture", elem_id="painted", type="filepath", visible="hidden")
    fields |= build_stage_settings(desk)
    desk.html("seams")
    desk.paint(paint_stage_card)
    for name, decide in (("primary", decisions.primary), ("again", decisions.again)):
        desk.on(buttons[name].click, _with_typed(decide, tuple(fields)), *fields.values())
    desk.on(buttons["keep"].click, decisions.keep)
    desk.on(buttons["stop"].click, decisions.stop)
    desk.on(buttons["withdraw"].click, decisions.withdraw)
    desk.on(buttons["edit"].click, decisions.edit)
    desk.on(upload.upload, decisions.upload, upload)
    desk.on(painted.upload, decisions.painted, painted, corrected)
    desk.act("close", decisions.close)
    desk.act("cancel", decisions.cancel)
    desk.act("happen", world_tree.happen)
    desk.act("thing", things.switch)
    desk.act("paint-instead", things.paint_instead)


def _with_typed(decide: Callable[[Visit, decisions.Typed], Place], names: tuple[str, ...]) -> Callable[..., Place]:
    return lambda visit, *values: decide(visit, decisions.Typed(dict(zip(names, values, strict=True))))


def paint_stage_card(scene: Scene) -> Painting:
    """What the card shows for the stage and take on screen."""
    view, stage, take = scene.view, scene.stage, scene.take
    if view is None or stage is None:
        return {}
    job = present.job_of(stage, scene.queue.jobs)
    editing = scene.place.mode == "edit"
    seams = inspector(view, stage, take) if take and not editing else Markup("")
    next_up = Markup("") if editing else world_tree.suggested(stage, take)
    aware = Markup("") if editing else recalled.known(view, stage, take)
    shown, under_way = picture(scene, view, stage), pictures.progress(stage, job, scene.queue.worker)
    return {
        "stage-head": html(head(view, stage, scene)),
        "picture": html(shown, visible=bool(shown)),
        "seams": html(seams, visible=bool(seams)),
        "recalled": html(aware, visible=bool(aware)),
        "suggested": html(next_up, visible=bool(next_up)),
        "stage-progress": html(under_way, visible=bool(under_way)),
        **_buttons(present.choices(view, stage, take), editing),
    }


def head(view: ProjectView, stage: StageView, scene: Scene) -> Markup:
    """Title, status in words, and what is to be known before deciding."""
    mark = present.mark(stage, scene.queue.jobs)
    on = stage.stage.name in view.automatic
    rest = [name for name in view.automatic if name != stage.stage.name]
    toggle = doer(
        join((icon("approved" if on else "empty"), "Approve without asking")),
        "automatic",
        project=view.id,
        stages=" ".join(rest if on else [*rest, stage.stage.name]),
        pressed="true" if on else "false",
        class_="link toggle",
    )
    line = element(
        "div",
        element("h2", stage.stage.title),
        element("span", icon(mark.icon), mark.word, class_=f"mark tone-{mark.tone}"),
        toggle,
        class_="stage-line",
    )
    told = present.told(view, stage)
    failure = stage.failure
    why = (
        element("div", element("p", failure.message), element("p", failure.remedy), class_="failure", role="alert")
        if failure
        else None
    )
    said = (
        [str(scene.take.artifact.facts[name]) for name in NOTES if scene.take.artifact.facts.get(name)]
        if scene.take
        else []
    )
    notes = [element("p", icon("info"), element("span", note), class_="hint note") for note in said]
    paint = things.painting() if present.paints_instead(stage) else None
    return join((line, element("p", told, class_="hint") if told else None, why, paint, *notes))


def picture(scene: Scene, view: ProjectView, stage: StageView) -> Markup:
    """The take on screen in the way of its kind, or beside another, or the preview of the one on its way."""
    take, kind = scene.take, stage.stage.yields
    other = _other(view, scene.place.other)
    if scene.place.mode == "compare" and take and other:
        return _beside(scene, view, take, other)
    editing = scene.place.mode == "edit"
    if kind == "mask" and (take or editing):
        return masked(view, stage, take, editing)
    if take is not None and editing:
        return element("gl-editor", src=pictures.address(view.id, take.artifact))
    if take is not None and kind == "boxes":
        return found(scene, view, stage, take)
    if take is not None and kind == "state":
        return timeline(view, scene.studio.read(view.id, take.artifact.sha256))
    if take is not None:
        describes = f"{stage.stage.title}, {present.take_title(take)}: {view.request.prompt}"
        return pictures.large(view.id, take, describes)
    if stage.pending and kind != "prompt":
        before = picture_before(view, stage)
        start = pictures.address(view.id, before.artifact) if before else None
        return pictures.waiting(present.job_of(stage, scene.queue.jobs), start)
    return Markup("")


def _other(view: ProjectView, wanted: str) -> Take | None:
    """The take that another is held beside: of whichever stage."""
    takes = (take for stage in view.stages for take in stage.takes)
    return next((take for take in takes if take.id == wanted), None)


def _beside(scene: Scene, view: ProjectView, take: Take, other: Take) -> Markup:
    prompts = take.artifact.kind == "prompt"
    texts = {each.id: scene.studio.prompt(view.id, each.id).fields for each in (take, other)} if prompts else {}
    if take.stage == other.stage:
        return pictures.compared(view.id, take, other, texts)
    return pictures.compared(view.id, other, take, texts, labels=("as it was", "as it is now"))


def _buttons(choices: present.Choices, editing: bool) -> Painting:
    calm = not editing
    return {
        "primary": Shown(
            {
                "value": choices.label,
                "interactive": bool(choices.intent),
                "visible": calm,
            }
        ),
        "again": Shown({"value": choices.again or "Make another", "visible": calm and bool(choices.again)}),
        "keep": Shown({"visible": calm and choices.keep}),
        "edit": Shown({"visible": calm and choices.edit}),
        "upload": Shown({"visible": calm and choices.upload}),
        "stop": Shown({"visible": calm and choices.stop}),
        "withdraw": Shown({"visible": calm and choices.withdraw}),
    }
