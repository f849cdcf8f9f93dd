"""The model table as a person reads it: by job, with what each needs, permits and took here, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.seen import ModelView, ShelfView, State
from engine.types import ModelProfile
from ui import present
from ui.markup import Markup, doer, element, icon, join
from ui.present import Mark

JOBS: Mapping[str, str] = {
    "text_to_image": "Pictures from words",
    "image_editor": "Changing a picture",
    "inpainter": "Filling in a part of a picture",
    "image_to_video": "Videos from a picture",
    "extender": "Going on from a video",
    "connector": "From one video to another",
    "video_editor": "Changing a video",
    "detector": "Finding things in a picture",
}
"""Job -> what a person calls it, in the order of the page."""
MARKS: Mapping[State, Mark] = {
    "ships": Mark("with Greenlight", "approved", "good"),
    "yours": Mark("in a folder of yours", "approved", "good"),
    "here": Mark("here", "approved", "good"),
    "in part": Mark("partly here", "cancelled", "warn"),
    "not here": Mark("not here", "empty", "quiet"),
}
_BUSY = Mark("see above", "queued", "busy")
_GIB = 1024**3


def size(size_bytes: float) -> str:
    """Bytes as a person reads them, in powers of ten: `6.9 GB`."""
    for unit in ("B", "kB", "MB"):
        if size_bytes < 999.5:
            return f"{size_bytes:.0f} {unit}"
        size_bytes /= 1000
    return f"{size_bytes:.1f} GB" if size_bytes < 99.95 else f"{size_bytes:,.0f} GB"


def shelf_list(shelf: ShelfView, asking: tuple[str, str]) -> Markup:
    """All models, each once, under the first of its jobs. asking: what is asked about which one."""
    busy = {errand.model for errand in shelf.errands if errand.under_way}
    sections = []
    for job, title in JOBS.items():
        rows = [one for one in shelf.models if next(iter(one.row.jobs), "") == job]
        items = [element("li", *_item(one, shelf, asking, one.row.name in busy)) for one in rows]
        if items:
            sections.append(element("section", element("h3", title), element("ul", *items, class_="shelf")))
    where = f"{size(shelf.free_bytes)} are free in {shelf.folder}, where downloads go."
    return join((*sections, element("p", where, class_="hint shelf-folder")))


def _item(one: ModelView, shelf: ShelfView, asking: tuple[str, str], busy: bool) -> Iterator[Markup]:
    mark = _BUSY if busy else MARKS[one.state]
    head = (
        element("b", one.row.title),
        element("span", icon(mark.icon), mark.word, class_=f"mark tone-{mark.tone}"),
    )
    told = [element("p", line, class_="hint") for line in _told(one)]
    not_here = element("p", icon("info"), one.why_not, class_="mark tone-wait") if one.why_not else None
    yield element("div", element("p", *head, class_="shelf-title"), *told, not_here, class_="shelf-words")
    yield element("div", *(() if busy else _buttons(one, asking)), class_="shelf-acts")
    what, name = asking
    if name == one.row.name and not busy:
        yield _question(one, shelf, what)


def _told(one: ModelView) -> Iterator[str]:
    """What there is to know, a line each."""
    row = one.row
    others = [JOBS[job].lower() for job in row.jobs[1:] if job in JOBS]
    if others:
        yield f"Also: {', '.join(others)}"
    facts = " · ".join(part for part in (_disk(one), _memory(row), _speed(one)) if part)
    yield f"{facts[:1].upper()}{facts[1:]}"
    yield f"Licence: {row.licence}. {row.restrictions}".strip()


def _disk(one: ModelView) -> str:
    whole = one.row.disk_gib * _GIB
    if one.state == "in part" and whole:
        return f"{size(one.size_bytes)} of about {size(whole)} on disk"
    return f"{size(one.size_bytes)} on disk" if one.state != "not here" else f"about {size(whole)} on disk"


def _memory(row: ModelProfile) -> str:
    kind = "GPU memory" if row.gpu else "memory"
    least = min((row.memory_gib, *row.memory_by_mode.values()))
    parts = f", {least:g} GB held in parts" if least < row.memory_gib else ""
    return f"{row.memory_gib:g} GB of {kind}{parts}" if row.memory_gib else ""


def _speed(one: ModelView) -> str:
    """What was measured here, for the model's usual number of steps; nothing to say of what cannot run."""
    if not one.speeds:
        return "" if one.why_not else "speed not measured here yet"
    told = []
    for speed in one.speeds:
        steps = one.row.defaults.get("steps")
        usual = int(steps) if isinstance(steps, int | float) else 1
        seconds = present.duration(usual * speed.step_seconds + speed.after_seconds)
        told.append(f"{JOBS.get(speed.job, speed.job).lower()} in about {seconds} ({present.count(usual, 'step')})")
    return f"measured here: {', '.join(told)}"


def _buttons(one: ModelView, asking: tuple[str, str]) -> Iterator[Markup]:
    name, title = one.row.name, one.row.title
    if one.state in ("not here", "in part"):
        label = "Download" if one.state == "not here" else "Resume"
        yield _asker(label, "download", one, asking, "link button")
    if one.state in ("here", "ships"):
        yield doer("Check", "model-check", model=name, hint=f"Check the files of {title}")
    if one.state in ("here", "in part"):
        yield _asker("Remove", "remove", one, asking, "link")


def _asker(label: str, what: str, one: ModelView, asking: tuple[str, str], look: str) -> Markup:
    """A button that asks first; pressed again it takes the question back."""
    name, hint = one.row.name, f"{label}: {one.row.title}"
    pressed = "true" if asking == (what, name) else "false"
    return doer(label, "model-ask", class_=look, what=what, model=name, pressed=pressed, hint=hint)


def _question(one: ModelView, shelf: ShelfView, what: str) -> Markup:
    """What is said before anything comes or goes."""
    row = one.row
    lines, button = (_before_download if what == "download" else _before_removal)(one, shelf)
    no = doer("Not now" if what == "download" else "Keep it", "model-ask", what=what, model=row.name)
    told = [element("p", line) for line in lines]
    return element("div", *told, element("p", button, no), class_="shelf-ask", role="group", aria_label=f"{row.title}?")


def _before_download(one: ModelView, shelf: ShelfView) -> tuple[list[str], Markup]:
    row, left = one.row, max(0.0, one.row.disk_gib * _GIB - one.size_bytes)
    lent = ("/".join(address.split("/")[:2]) for address in row.borrowed.values())
    source = " and ".join(dict.fromkeys(name for name in (row.repository, row.refiner, *lent) if name))
    lines = [f"About {size(left)} come from {source}; {size(shelf.free_bytes)} are free."]
    if left > shelf.free_bytes:
        lines.append("The disk is too full for it: make room first.")
    lines.append(f"Licence: {row.licence}. {row.restrictions}".strip())
    lines += [one.why_not] if one.why_not else []
    label = f"Download {size(left)}" if row.disk_gib else "Download it"
    return lines, doer(label, "model-download", class_="link button shelf-yes", model=row.name)


def _before_removal(one: ModelView, shelf: ShelfView) -> tuple[list[str], Markup]:
    lines = [f"{size(one.size_bytes)} become free. It can be downloaded again."]
    here = {other.row.title for other in shelf.models if other.state in ("here", "in part")}
    shared = [title for title in one.shares if title in here]
    if shared:
        lines.append(f"{' and '.join(shared)} uses some of these files too, and loses them.")
    return lines, doer(f"Remove {one.row.title}", "model-remove", class_="link button", model=one.row.name)
