"""Projects as a wall of covers: open, rename, remove, export."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.seen import ProjectSummary
from ui import present
from ui.markup import Markup, doer, element, icon, join

SuffixOf = Callable[[str, str], str]


def covers(projects: Sequence[ProjectSummary], suffix_of: SuffixOf) -> Markup:
    """All projects, newest first; `suffix_of(project, digest)` tells a picture from a clip."""
    if not projects:
        return element("p", "No projects yet. What you make is kept here.", class_="hint")
    cards = [element("li", _card(project, suffix_of)) for project in projects]
    return element("ul", *cards, class_="covers")


def _card(project: ProjectSummary, suffix_of: SuffixOf) -> Markup:
    mark = present.Mark("finished", "approved", "good") if project.finished else present.MARKS[project.status]
    stage = project.open_stage.replace("_", " ")
    word = mark.word if project.finished else f"{stage}: {mark.word}"
    cover = element("span", _cover(project, suffix_of), class_="cover")
    opener = doer(cover, "open", class_="cover-open", project=project.id, hint=f"Open {project.title}")
    name = element(
        "input",
        class_="cover-name",
        value=project.title,
        data_do="rename-project",
        data_project=project.id,
        aria_label=f"Name of {project.title}",
    )
    row = element(
        "p",
        element("time", project.saved_at[:10], datetime=project.saved_at),
        element("a", "Export", href=f"export/{project.id}.zip", download=True, class_="link"),
        doer("Remove", "remove", project=project.id, title=project.title),
        class_="cover-tools",
    )
    return join((opener, name, element("span", icon(mark.icon), word, class_=f"mark tone-{mark.tone}"), row))


def _cover(project: ProjectSummary, suffix_of: SuffixOf) -> Markup:
    if project.cover is None:
        return icon("empty")
    source = f"media/{project.id}/{project.cover}"
    if suffix_of(project.id, project.cover) == ".mp4":
        return element("video", src=f"{source}#t=0.01", muted=True, playsinline=True, loop=True, preload="metadata")
    return element("img", src=source, alt="", loading="lazy")
