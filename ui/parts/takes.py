"""The strip of takes of one stage, the files to download, and the panel that says what made a take."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from engine import worlds
from engine.seen import Job, ProjectView, StageView
from engine.types import Need, Take
from ui import present
from ui.markup import Markup, doer, element, icon, join, text
from ui.parts.pictures import preview, thumbnail

HIDDEN = ("profile", "takes", worlds.ONWARD)
"""Settings that say nothing beside the model's name and the strip."""

ONWARD = (
    ("Extend it", "extend", "Extend: go on from this clip"),
    ("Edit it", "edit", "Edit: change this clip"),
    ("Connect it", "connect", "Connect: lead from this clip to another"),
    ("What happened?", "what-happened", "What happened?: name the actions in this clip"),
)
"""What a clip can be taken on to: label, recipe, hint."""


def strip(project: str, stage: StageView, shown: Take | None, other: str, jobs: Sequence[Job]) -> Markup:
    """Every take of the stage, oldest first, then those on their way."""
    tiles = [_tile(project, stage, take, shown, other) for take in stage.takes]
    tiles += coming(stage, jobs)
    if not tiles:
        return element("p", "No takes yet.", class_="hint")
    return element("ul", *(element("li", tile) for tile in tiles), class_="strip", aria_label="Takes")


def coming(stage: StageView, jobs: Sequence[Job]) -> list[Markup]:
    """Those takes of the stage that are on their way."""
    return [_coming(request.take, request.seed, jobs) for request in stage.pending]


def _tile(project: str, stage: StageView, take: Take, shown: Take | None, other: str) -> Markup:
    chosen = stage.chosen is not None and take.id == stage.chosen.id
    here = shown is not None and take.id == shown.id
    seed = f"seed {take.artifact.seed}" if take.artifact.seed is not None else "by you"
    if take.artifact.agent != "person" and take.artifact.seed is None:
        seed = present.duration(take.seconds)
    score = present.critics_score(take)
    judged = None if score is None else f"critic {score:.0%}"
    letter = "A" if here and other else "B" if take.id == other else None
    told = [present.take_title(take), seed, *([judged] if judged else [])]
    told += ["approved"] if chosen else []
    told += ["proposed by the critic"] if take == present.proposed(stage) and not chosen else []
    told += [] if present.fits(stage, take) or stage.inputs is None else ["made from something older"]
    return element(
        "button",
        thumbnail(project, take.artifact),
        element("span", letter, class_="letter") if letter else None,
        element("span", icon("approved"), class_="chosen") if chosen else None,
        element("span", present.take_title(take), class_="take-name"),
        element("small", seed),
        element("small", judged, class_="score") if judged else None,
        type="button",
        class_="tile" if present.fits(stage, take) or stage.inputs is None else "tile older",
        data_do="take",
        data_take=take.id,
        aria_pressed="true" if here else "false",
        aria_label=", ".join(told),
        title=", ".join(told),
    )


def _coming(take: str, seed: int, jobs: Sequence[Job]) -> Markup:
    job = next((job for job in jobs if job.take == take), None)
    line = present.left(job) if job else "about to start"
    stop = doer(icon("stop"), "cancel", class_="tile-stop", take=take, hint="Stop this take")
    still = element("span", preview(take, job), class_="thumb busy")
    return element("div", still, stop, element("small", line), class_="tile coming")


def files(view: ProjectView, take: Take | None, recipes: Collection[str]) -> Markup:
    """Links that download the take: a clip with its recipe inside, and the recipe beside it.

    A clip can also be taken on to those of ONWARD that are among the `recipes` offered here.
    """
    if take is None:
        return Markup("")
    base = f"download/{view.id}/{take.id}"
    labels = {
        "video": ("Video (MP4)", ".mp4"),
        "image": ("Picture (PNG)", ".png"),
        "mask": ("Mask (PNG)", ".png"),
        "prompt": ("Prompt", ".json"),
        "state": ("Timeline (JSON)", ".json"),
    }
    label, suffix = labels.get(take.artifact.kind, ("File", take.artifact.suffix))
    links = [element("a", icon("download"), label, href=base + suffix, download=True, class_="link", id="download")]
    if worlds.ACTION in take.artifact.settings:
        links.append(
            element("a", "All transitions (WorldNet)", href=f"{base}.transitions.json", download=True, class_="link")
        )
    if take.artifact.kind == "video":
        links.append(element("a", "Recipe (JSON)", href=f"{base}.recipe.json", download=True, class_="link"))
        links += [
            doer(word, "take-on", recipe=recipe, take=take.id, hint=hint)
            for word, recipe, hint in ONWARD
            if recipe in recipes
        ]
    return element("p", *links, class_="files")


def made_from(view: ProjectView, stage: StageView, take: Take | None, texts: Mapping[str, str]) -> Markup:
    """What made it: each input and setting, with a link to the stage where it can be changed.

    `texts` maps a need's name to the words that it stood for when the take was made.
    """
    if take is None:
        return Markup("")
    rows = [_need(view, need, take, texts) for need in stage.stage.needs if need.name not in take.artifact.settings]
    rows = [row for row in rows if row]
    artifact = take.artifact
    own = {"model": artifact.model, "seed": artifact.seed, **artifact.settings}
    rows += [
        _row(_label(key), str(value), stage) for key, value in own.items() if value is not None and key not in HIDDEN
    ]
    facts = artifact.facts
    size = f"{facts['width']} × {facts['height']}" if facts.get("width") and facts.get("height") else None
    more = [
        ("size", size),
        ("frames", None if "frames" in own else facts.get("frames")),
        ("frames a second", facts.get("fps")),
        ("held in memory by", facts.get("memory")),
        ("made sooner by", facts.get("sooner")),
        ("compiling", facts.get("compiling")),
        ("likely", f"{float(str(facts['likelihood'])):.0%}" if "likelihood" in facts else None),
        ("it looks as if", facts.get("told")),
        ("it says", facts.get("words")),
        ("came to mind", facts.get("recalled")),
    ]
    rows += [_row(key, str(value), None) for key, value in more if value]
    rows += [_row(key, value, None) for key, value in judged(take)]
    maker = "you" if artifact.agent == "person" else artifact.agent.replace("_", " ")
    rows.append(_row("made by", f"{maker}, in {present.duration(take.seconds)}", None))
    if artifact.revision:
        rows.append(_row("weights", artifact.revision[:12], None))
    return element("dl", *rows, class_="facts")


def judged(take: Take) -> list[tuple[str, str]]:
    """What judges said of it: scores by dimension, and what the critic asked."""
    facts = take.artifact.facts
    scores = [
        (key.replace("_", " "), f"{value:.0%}")
        for key, value in facts.items()
        if key.startswith(("critic", "pocket judge")) and isinstance(value, float | int)
    ]
    return scores + [("critic asked", line) for line in str(facts.get("critic asked") or "").splitlines()]


def _label(key: str) -> str:
    return key.replace("_", " ")


def _need(view: ProjectView, need: Need, take: Take, texts: Mapping[str, str]) -> Markup:
    source = next((stage for stage in view.stages if stage.stage.name == need.source), None)
    if need.name in texts:
        return _row(_label(need.name), texts[need.name] or "nothing", source)
    parent = next(
        (each for each in (source.takes if source else ()) if each.artifact.sha256 in take.artifact.parents), None
    )
    if need.source == "request":
        return _row(_label(need.name), "your video" if "video" in (need.field or "") else "your picture", None)
    return _row(_label(need.name), present.take_title(parent), source) if parent else Markup("")


def _row(label: str, value: str, stage: StageView | None) -> Markup:
    shown = text(value)
    if stage is not None:
        hint = f"{label}: {value}. Change it at {stage.stage.title}"
        shown = doer(value, "stage", stage=stage.stage.name, hint=hint)
    return join((element("dt", label), element("dd", shown)))
