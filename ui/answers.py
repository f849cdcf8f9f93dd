"""What an answer brings to the page: pure functions from what is true now, and what the page shows, to what is new.

A click, and each tick of the timer, is answered with what changed since the answer before. Answers are numbered, and
the page tells with each question which one it got last: what was in a lost one comes with the next.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.errors import GreenlightError
from ui import present
from ui.place import Notice, Screen, Sent
from ui.scene import Painter, Scene, Shown

LOG = logging.getLogger("greenlight.page")
NONE = -1
"""No answer: what a page that has just been laid out has seen."""


def answer(painters: Sequence[Painter], scene: Scene, screen: Screen, seen: int) -> tuple[Screen, dict[str, Shown]]:
    """What the page shows then, and what it is sent: what changed, and the markup of answers after `seen`.

    What a person types in is sent only when it changed: a second time it could undo what they typed meanwhile.
    """
    number = screen.number + 1
    sent = {name: one for name, one in screen.sent.items() if not one.typed}
    news: dict[str, Shown] = {}
    for painter in painters:
        try:
            painting = painter(scene)
        except GreenlightError as error:
            LOG.warning("a part of the page cannot be shown: %s", error)
            scene, painting = _noticed(scene, error), {}
        for name, shown in painting.items():
            one, before = _sent(shown, number), screen.sent.get(name)
            sent[name] = before if before and before.digest == one.digest else one
            if sent[name] is one or (not one.typed and sent[name].number > seen):
                news[name] = shown
    return _screen(scene, number if news else screen.number, sent), news


def _sent(shown: Shown, number: int) -> Sent:
    typed = shown.typed if shown.props.get("visible", True) else None  # nobody types in what is hidden
    return Sent(hash((typed, repr(shown.props))), number, typed is not None)


def _screen(scene: Scene, number: int, sent: Mapping[str, Sent]) -> Screen:
    return Screen(
        project=scene.view.id if scene.view else "",
        stage=scene.stage.stage.name if scene.stage else "",
        take=scene.take.id if scene.take else "",
        intent=_intent(scene),
        pulse=scene.pulse,
        number=number,
        sent=sent,
    )


def _noticed(scene: Scene, error: GreenlightError) -> Scene:
    return replace(scene, place=replace(scene.place, notice=Notice(str(error), bad=True)))


def _intent(scene: Scene) -> str:
    if scene.view is None or scene.stage is None:
        return ""
    return present.choices(scene.view, scene.stage, scene.take).intent
