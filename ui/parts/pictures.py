"""Pictures, clips and live previews as markup: large on the card, small in strips."""

from __future__ import annotations

from collections.abc import Mapping

from engine.seen import Job, StageView
from engine.types import Artifact, Take
from ui import present
from ui.markup import Markup, element, icon, join

NOT_ALIVE = {
    "starting": "the models are being loaded",
    "restarting": "the worker is coming back",
    "lost": "the GPU answers no more",
}
"""How a worker that takes no jobs is said to be."""


def address(project: str, artifact: Artifact) -> str:
    """Where the browser fetches a file: through the one checked route (ui/routes.py)."""
    return f"media/{project}/{artifact.sha256}"


def thumbnail(project: str, artifact: Artifact | None) -> Markup:
    """A small still of a picture or clip; a drawing for words and for nothing."""
    if artifact is None:
        return element("span", icon("empty"), class_="thumb")
    if artifact.kind in ("image", "mask"):
        shown = element("img", src=address(project, artifact), alt="", loading="lazy")
    elif artifact.kind == "boxes":
        shown = icon("boxes")
    elif artifact.kind == "video":
        shown = element(
            "video", src=f"{address(project, artifact)}#t=0.01", muted=True, playsinline=True, preload="metadata"
        )
    else:
        shown = icon("words")
    return element("span", shown, class_="thumb")


def large(project: str, take: Take, describes: str) -> Markup:
    """The take as the brightest thing on the page: a picture, or a clip in its player."""
    artifact = take.artifact
    if artifact.kind == "image":
        return element("img", class_="big", src=address(project, artifact), alt=describes, **_ratio(artifact))
    if artifact.kind == "video":
        return element("gl-player", **clip(project, take), label=describes)
    return Markup("")


def clip(project: str, take: Take) -> dict[str, str | float]:
    """What a player needs to know of a take, as attributes."""
    facts = take.artifact.facts
    return {
        "src": address(project, take.artifact),
        "kind": take.artifact.kind,
        "fps": float(facts.get("fps") or 8),
        "frames": int(facts.get("frames") or 1),
        "ratio": f"{facts.get('width') or 1} / {facts.get('height') or 1}",
    }


def _ratio(artifact: Artifact) -> dict[str, str | None]:
    width, height = artifact.facts.get("width"), artifact.facts.get("height")
    return {"style": f"aspect-ratio: {width} / {height}" if width and height else None}


def compared(
    project: str,
    first: Take,
    second: Take,
    texts: Mapping[str, Mapping[str, object]],
    labels: tuple[str, str] | None = None,
) -> Markup:
    """Two takes side by side: pictures and clips in step with each other, words in two columns.

    With `labels` they are a source and its result, and one can be wiped over the other.
    """
    if first.artifact.kind == "prompt":
        columns = [
            element("div", element("h4", present.take_title(take)), words(texts.get(take.id, {})))
            for take in (first, second)
        ]
        return element("div", *columns, class_="columns")
    one, two = clip(project, first), clip(project, second)
    titles = labels or (present.take_title(first), present.take_title(second))
    return element(
        "gl-compare",
        **{f"{key}-a": value for key, value in one.items()},
        **{f"{key}-b": value for key, value in two.items()},
        label_a=titles[0],
        label_b=titles[1],
    )


def words(prompt: Mapping[str, object]) -> Markup:
    """The fields of a prompt, to read."""
    rows = [
        join((element("dt", present.field_title(name)), element("dd", str(said or "nothing"))))
        for name, said in prompt.items()
    ]
    return element("dl", *rows, class_="facts")


def preview(take: str, job: Job | None) -> Markup:
    """The latents as they are now; the address changes with the step, so the browser looks again."""
    if job is None or job.progress is None or not job.progress.preview:
        return element("span", class_="ghost")
    return element("img", class_="latent", src=f"preview/{take}?step={job.progress.step}", alt="")


def waiting(job: Job | None, start: str | None) -> Markup:
    """What is shown large while a take is being made: its preview; until there is one, the picture it starts from."""
    begun = job is not None and job.progress is not None and job.progress.preview
    if start and not begun:
        return element("div", element("img", class_="big dim", src=start, alt=""), class_="making")
    return element("div", preview(job.take if job else "", job), class_="making")


def progress(stage: StageView, job: Job | None, worker: str) -> Markup:
    """One line and a bar on what is under way at a stage; nothing when nothing is."""
    if not stage.pending:
        return Markup("")
    if worker != "alive" and (job is None or job.status == "queued"):
        line = NOT_ALIVE.get(worker, "no worker is running")
    else:
        line = present.left(job) if job else "about to start"
    share = present.fraction(job) if job else None
    bar = element("progress", value=share, max=1, aria_label=f"{stage.stage.title}: {line}")
    more = f", then {len(stage.pending) - 1} more" if len(stage.pending) > 1 else ""
    return element("div", bar, element("span", line + more), class_="progress")
