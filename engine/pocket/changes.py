"""What an edit asks for, and what a clip is after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from engine.errors import SettingError
from engine.pocket.vocabulary import POSITIONS
from engine.pocket.world import MOST_THINGS, Clip, Thing

KINDS: Final = ("recolour", "replace", "remove", "add", "scene", "style", "resize")
_DEPTHS: Final = (0.2, 0.5, 0.8)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to a clip; the fields that its kind does not speak of are None."""

    kind: str
    """One of KINDS."""
    noun: str | None = None
    """Which thing it is about: one of the clip's nouns; for `add` what is added."""
    colour: str | None = None
    """recolour: the new colour; add: the thing's."""
    other: str | None = None
    """replace: the noun that takes its place."""
    size: str | None = None
    """resize: the new size; add: the thing's."""
    position: str | None = None
    """add: where the thing is to be."""
    scene: str | None = None
    """scene: the new one."""
    style: str | None = None
    """style: the new one."""


def apply(edit: Edit, clip: Clip) -> Clip:
    """The clip after the edit: all else, motions and places too, is as it was. What is added stays still, in front.

    Raises SettingError where the edit does not fit the clip: a noun that is not there or would be there twice, a
    fourth thing, a field that its kind needs and that is None.
    """
    if edit.kind == "scene":
        return replace(clip, scene=_said(edit.scene, edit))
    if edit.kind == "style":
        return replace(clip, style=_said(edit.style, edit))
    nouns = [thing.noun for thing in clip.things]
    noun = _said(edit.noun, edit)
    newcomer = {"add": edit.noun, "replace": edit.other}.get(edit.kind)
    if newcomer in nouns:
        raise SettingError("A clip shows each kind of thing once", "Name another thing.", value=str(newcomer))
    if edit.kind == "add":
        return replace(clip, things=(*clip.things, _added(edit, clip)))
    if noun not in nouns:
        raise SettingError("The clip does not show this", "Name a thing that it shows.", value=noun)
    changed = {thing.noun: _changed(edit, thing) for thing in clip.things if thing.noun == noun}
    things = [changed.get(thing.noun, thing) for thing in clip.things]
    return replace(clip, things=tuple(thing for thing in things if thing is not None))


def _said(value: str | None, edit: Edit) -> str:
    """A field that the edit's kind needs."""
    if value is None:
        raise SettingError("This edit leaves open what it needs", "Complete it first.", value=edit.kind)
    return value


def _changed(edit: Edit, thing: Thing) -> Thing | None:
    """The thing after the edit; None when it is removed."""
    match edit.kind:
        case "recolour":
            return replace(thing, colour=_said(edit.colour, edit))
        case "replace":
            return replace(thing, noun=_said(edit.other, edit))
        case "resize":
            return replace(thing, size=_said(edit.size, edit))
        case "remove":
            return None
        case _:
            raise SettingError(
                "There is no such edit", "Use one of the kinds.", value=edit.kind, limit=", ".join(KINDS)
            )


def _added(edit: Edit, clip: Clip) -> Thing:
    if len(clip.things) >= MOST_THINGS:
        raise SettingError(
            "A clip shows at most three things", "Remove one first.", value=str(edit.noun), limit=str(MOST_THINGS)
        )
    x, y = POSITIONS[_said(edit.position, edit)]
    depth = next(depth for depth in _DEPTHS if all(depth != thing.depth for thing in clip.things))
    noun, colour, size = _said(edit.noun, edit), _said(edit.colour, edit), _said(edit.size, edit)
    return Thing(noun, colour, size, "still", "slow", x, y, depth)
