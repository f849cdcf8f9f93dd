"""Below a state of a world: what is heard and said there, and what was remembered when it was foreseen."""

from __future__ import annotations

from engine import worlds
from engine.seen import ProjectView, StageView
from engine.types import Take
from ui import present
from ui.markup import Markup, doer, element, join
from ui.parts.pictures import thumbnail


def known(view: ProjectView, stage: StageView, take: Take | None) -> Markup:
    """The state's words and sound, and what came to mind; nothing for what no world foresaw."""
    if take is None or stage.stage.agent != worlds.STEPPER or worlds.HEARD not in take.artifact.facts:
        return Markup("")
    return join((_words(take), _sound(view, take), _remembered(view, stage, take)))


def _words(take: Take) -> Markup | None:
    words = _fact(take, "words")
    return element("p", element("small", "There is "), words, class_="state-words") if words else None


def _sound(view: ProjectView, take: Take) -> Markup:
    heard = _fact(take, worlds.HEARD)
    if not heard:
        return element("p", element("small", "Nothing is heard."), class_="state-sound")
    source = f"sound/{view.id}/{take.artifact.sha256}"
    player = element("audio", controls=True, preload="metadata", src=source, aria_label=f"Sound: {heard}")
    return element("div", element("p", element("small", "You hear "), heard), player, class_="state-sound")


def _remembered(view: ProjectView, stage: StageView, take: Take) -> Markup | None:
    """The earlier transitions that came to mind, each a way to the state that it led to, and what was put right."""
    by_state = {one.artifact.sha256: one for one in reversed(stage.takes)}
    told = (_list(take, name) for name in (worlds.RECALLED, worlds.RECALLED_STATES, worlds.RECALLED_CHANGES))
    tiles = [
        element("li", _tile(view, by_state[state], action, changed))
        for action, state, changed in zip(*told, strict=False)
        if state in by_state
    ]
    fixed = [element("li", present.sentence(line)) for line in _list(take, worlds.CORRECTED)]
    if not tiles and not fixed:
        return None
    return element(
        "section",
        element("h4", "Remembered"),
        element("ul", *tiles, class_="recalled", aria_label="What came to mind") if tiles else None,
        element("ul", *fixed, class_="corrected", aria_label="As it was") if fixed else None,
        class_="remembered",
    )


def _tile(view: ProjectView, take: Take, action: str, changed: str) -> Markup:
    label = join(
        (
            thumbnail(view.id, take.artifact),
            element("span", action, class_="take-name"),
            element("small", f"changed: {changed}"),
        )
    )
    return doer(label, "take", take=take.id, class_="tile", hint=f"{action}; it changed: {changed}")


def _list(take: Take, name: str) -> list[str]:
    return [one for one in _fact(take, name).split("; ") if one]


def _fact(take: Take, name: str) -> str:
    return str(take.artifact.facts.get(name) or "")
