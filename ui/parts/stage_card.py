"""The card of one stage: what it made, large; the words or the picture to change; and the next sensible thing."""

from __future__ import annotations

import gradio as gr

from engine.seen import ProjectView, StageView
from ui import present
from ui.desk import Desk
from ui.markup import Markup, doer, element, icon, join
from ui.parts import decisions, pictures
from ui.parts.stage_settings import build_stage_settings
from ui.scene import Painting, Scene, Shown, html


def build_stage_card(desk: Desk) -> None:
    """Lay out the card."""
    desk.html("stage-head", live=True)
    desk.html("picture", live=True)
    desk.html("stage-progress", live=True)
    with desk.add("prompt-fields", gr.Column(visible=False, elem_id="prompt-fields")):
        desk.html("original")
        fields = [
            desk.add(name, gr.Textbox(label=label, elem_id=name, lines=2, max_lines=6))
            for name, label in (
                ("scene", "Scene: what the first picture shows"),
                ("motion", "Motion: what should move?"),
                ("avoid", "Avoid: what should not be there"),
            )
        ]
        desk.html("notes")
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
        painted = gr.UploadButton("Painted picture", elem_id="painted", type="filepath", visible="hidden")
    settings = build_stage_settings(desk)
    desk.paint(paint_stage_card)
    desk.on(buttons["primary"].click, decisions.primary, *fields, *settings)
    desk.on(buttons["again"].click, decisions.again, *fields, *settings)
    desk.on(buttons["keep"].click, decisions.keep)
    desk.on(buttons["stop"].click, decisions.stop)
    desk.on(buttons["withdraw"].click, decisions.withdraw)
    desk.on(buttons["edit"].click, decisions.edit)
    desk.on(upload.upload, decisions.upload, upload)
    desk.on(painted.upload, decisions.upload, painted)
    desk.act("close", decisions.close)
    desk.act("cancel", decisions.cancel)


def paint_stage_card(scene: Scene) -> Painting:
    """What the card shows for the stage and take on screen."""
    view, stage, take = scene.view, scene.stage, scene.take
    if view is None or stage is None:
        return {}
    job = present.job_of(stage, scene.queue.jobs)
    editing = scene.place.mode == "edit"
    shown, under_way = picture(scene, view, stage), pictures.progress(stage, job, scene.queue.worker)
    return {
        "stage-head": html(head(view, stage, scene)),
        "picture": html(shown, visible=bool(shown)),
        "stage-progress": html(under_way, visible=bool(under_way)),
        **_words(scene, view, stage),
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
    return join((line, element("p", told, class_="hint") if told else None, why))


def picture(scene: Scene, view: ProjectView, stage: StageView) -> Markup:
    """The take on screen, or two compared, or the preview of the one on its way."""
    take = scene.take
    other = next((each for each in stage.takes if each.id == scene.place.other), None)
    if scene.place.mode == "compare" and take and other:
        prompts = take.artifact.kind == "prompt"
        texts = {each.id: scene.studio.prompt(view.id, each.id).fields for each in (take, other)} if prompts else {}
        return pictures.compared(view.id, take, other, texts)
    if take is not None and scene.place.mode == "edit":
        return element("gl-editor", src=pictures.address(view.id, take.artifact))
    if take is not None:
        return pictures.large(view.id, take, f"{stage.stage.title}, {present.take_title(take)}: {view.request.prompt}")
    if stage.pending and stage.stage.yields != "prompt":
        before = present.picture_before(view, stage)
        start = pictures.address(view.id, before.artifact) if before else None
        return pictures.waiting(present.job_of(stage, scene.queue.jobs), start)
    return Markup("")


def _words(scene: Scene, view: ProjectView, stage: StageView) -> Painting:
    """The three fields of a prompt, what was typed beside them, and the writer's honest notes."""
    take = scene.take
    shown = stage.stage.yields == "prompt" and take is not None and scene.place.mode == "look"
    painting = {"prompt-fields": Shown({"visible": shown})}
    if not shown or take is None:
        return painting
    prompt = scene.studio.prompt(view.id, take.id)
    lines = [element("li", note) for note in prompt.notes]
    typed = join((element("b", "You wrote"), element("q", prompt.original)))
    said = {name: prompt.fields.get(name, "") for name in ("scene", "motion", "avoid")}
    fields = {name: Shown({"value": text}, typed=take.id) for name, text in said.items()}
    return {
        **painting,
        **fields,
        "original": html(element("p", typed, class_="original")),
        "notes": html(element("ul", *lines, class_="notes") if lines else Markup("")),
    }


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
