"""What is on its way: downloads and checks, each with how far it is, and what went wrong in words."""

from __future__ import annotations

from engine.seen import Errand, ShelfView
from ui import present
from ui.markup import Markup, doer, element, icon, join
from ui.parts.shelf_list import size

_SAID = {
    ("download", "waiting"): "waits for the one before it",
    ("check", "waiting"): "waits for the one before it",
    ("download", "asking"): "asking the hub what there is",
    ("check", "reading"): "reading every file again",
    ("download", "stopping"): "stopping",
    ("check", "stopping"): "stopping",
    ("download", "stopped"): "stopped; what came is kept",
    ("check", "stopped"): "stopped",
    ("download", "done"): "is here, and every file is the one that the hub has",
    ("check", "done"): "every file is the one that it should be",
}


def errand_list(shelf: ShelfView) -> Markup:
    """All errands, in the order in which they were asked for; empty when there are none."""
    titles = {one.row.name: one.row.title for one in shelf.models}
    lines = [element("li", *_line(one, titles.get(one.model, one.model))) for one in shelf.errands]
    return element("ol", *lines, class_="jobs errands", aria_label="On its way") if lines else Markup("")


def how_far(errand: Errand) -> str:
    """`1.2 of 6.5 GB, 45 MB a second, 2 min left`."""
    words = [f"{size(errand.done_bytes)} of {size(errand.in_all_bytes)}"]
    if errand.bytes_per_second:
        words.append(f"{size(errand.bytes_per_second)} a second")
    if errand.seconds_left is not None:
        words.append(f"{present.duration(errand.seconds_left)} left")
    return ", ".join(words)


def _line(errand: Errand, title: str) -> tuple[Markup, ...]:
    failed = errand.status == "failed"
    said = errand.problem if failed else _SAID.get((errand.what, errand.status)) or how_far(errand)
    tone = "bad" if failed else "good" if errand.status == "done" else "busy" if errand.under_way else "quiet"
    marked = {"bad": "failed", "good": "approved", "busy": "running", "quiet": "cancelled"}[tone]
    bar = None
    if errand.status in ("coming", "stopping") and errand.in_all_bytes:
        share = errand.done_bytes / errand.in_all_bytes
        bar = element("progress", value=f"{share:.3f}", max=1, aria_label=f"Download of {title}")
    words = element(
        "span",
        element("b", title),
        element("span", icon(marked), element("span", said), class_=f"mark tone-{tone}"),
        bar,
        class_="job-words",
        role="alert" if failed else None,
    )
    return words, _buttons(errand, title)


def _buttons(errand: Errand, title: str) -> Markup:
    if errand.under_way:
        stop = join((icon("stop"), "Stop"))
        idle = errand.status == "stopping"
        return doer(stop, "model-stop", model=errand.model, hint=f"Stop {title}", disabled=idle)
    again = {"stopped": "Resume", "failed": "Try again"}.get(errand.status)
    do = "model-download" if errand.what == "download" else "model-check"
    button = again and doer(again, do, class_="link button", model=errand.model, hint=f"{again}: {title}")
    close = doer(icon("close"), "model-dismiss", model=errand.model, hint=f"Put the line of {title} away")
    return element("span", button or None, close, class_="shelf-acts")
