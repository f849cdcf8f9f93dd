"""One model a job for machines of each size: which one is proposed here, which one was chosen, and what it picks."""

from __future__ import annotations

from engine.seen import PresetView, ShelfView
from ui.markup import Markup, doer, element, icon
from ui.parts.shelf_list import JOBS, MARKS

NOT_YET = "A project begins with them once all that its stages need are here; until then, with the pocket world."


def preset_choice(shelf: ShelfView) -> Markup:
    """The presets as buttons, and the models of the one that is chosen or proposed."""
    shown = next((one for one in shelf.presets if one.choice), shelf.presets[0])
    buttons = [_button(one) for one in shelf.presets]
    use = None
    if shown.choice == "proposed" and shown != shelf.presets[0]:
        use = doer("Use it", "preset", class_="link button", preset=shown.name, hint=f"Use the preset {shown.title}")
    return element(
        "section",
        element("h3", "What new projects begin with", id="presets-head"),
        element("p", _said(shelf, shown), " ", use),
        element("div", *buttons, class_="shelf-presets", role="group", aria_labelledby="presets-head"),
        element("dl", *_models(shelf, shown), class_="facts"),
        element("p", NOT_YET, class_="hint") if shown.name != shelf.presets[0].name else None,
        class_="shelf-preset",
    )


def proposal(preset: PresetView | None) -> Markup:
    """The line above the start pages; empty when there is nothing to propose."""
    if preset is None:
        return Markup("")
    said = f"This machine's GPU has room for larger models: the preset {preset.title} has one for each job. Use it?"
    return element(
        "div",
        element("p", icon("info"), element("span", said)),
        doer("Use it", "preset", class_="link button", preset=preset.name),
        doer("Stay with the pocket world", "preset", preset="pocket"),
        class_="notice",
        role="status",
    )


def _said(shelf: ShelfView, shown: PresetView) -> str:
    gpu = "no NVIDIA GPU" if shelf.gpu_gib is None else f"a GPU with {shelf.gpu_gib:.0f} GB"
    if shown.choice == "chosen":
        return f"This machine has {gpu}. You chose the preset {shown.title}."
    return f"This machine has {gpu}: the preset {shown.title} fits it."


def _button(preset: PresetView) -> Markup:
    here = {"proposed": " · this machine", "chosen": ""}.get(preset.choice, "")
    chosen = "true" if preset.choice == "chosen" else "false"
    return doer(f"{preset.title}{here}", "preset", class_="link button", preset=preset.name, pressed=chosen)


def _models(shelf: ShelfView, shown: PresetView) -> list[Markup]:
    """Each job and its model."""
    rows = {one.row.name: one for one in shelf.models}
    lines: list[Markup] = []
    for job in JOBS:
        found = rows.get(shown.models.get(job, ""))
        if found is not None:
            mark = MARKS[found.state]
            state = element("span", icon(mark.icon), mark.word, class_=f"mark tone-{mark.tone}")
            lines += [element("dt", JOBS[job]), element("dd", found.row.title, " ", state)]
    return lines
