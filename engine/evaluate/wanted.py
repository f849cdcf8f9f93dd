"""What a video was asked to show, whichever recipe made it; and how to say a part of it in the plainest words.

A clip is asked for by a prompt, or by a scene and a motion; a passage from one clip to another by its transition; an
edited video by an instruction, of which the outcome is what can be seen. A statement names the field of a prompt that
it belongs to, `motion` or `scene`, as engine.proposals reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from engine.agent import Input
from engine.agents.offline_reader import understand
from engine.pocket import edits, facts
from engine.pocket import wordings as w
from engine.pocket.changes import Edit
from engine.pocket.found import Found, FoundThing
from engine.pocket.grammar import plain_motion, plain_scene
from engine.pocket.happenings import Fact

MOTION, SCENE = "motion", "scene"
_TEXTS: Final = ("prompt", "scene", "motion")


def said(inputs: Mapping[str, Input]) -> str:
    """The words that a video was made from, as one text."""
    names = ("instruction",) if inputs.get("instruction") else ("transition",) if inputs.get("transition") else _TEXTS
    texts = [text for name in names if isinstance(text := inputs.get(name), str) and text]
    return ". ".join(text.rstrip(" .") for text in texts)


def wanted(inputs: Mapping[str, Input]) -> Found:
    """What the pocket world's reader understands that the video should show."""
    text = said(inputs)
    if inputs.get("instruction"):
        edit = edits.read(text).edit
        return Found((), None, None, ()) if edit is None else outcome(edit)
    found = understand(text).found
    return replace(found, scene=None) if inputs.get("transition") else found  # there are two places on the way


def outcome(edit: Edit) -> Found:
    """What is to be seen when an edit is done; of what was removed nothing."""
    things: Mapping[str, tuple[FoundThing, ...]] = {
        "recolour": (FoundThing(edit.noun or "", colour=edit.colour),),
        "resize": (FoundThing(edit.noun or "", size=edit.size),),
        "replace": (FoundThing(edit.other or "", colour=edit.colour),),
        "add": (FoundThing(edit.noun or "", edit.colour, edit.size, position=edit.position),),
    }
    there = tuple(thing for thing in things.get(edit.kind, ()) if thing.noun)
    return Found(there, edit.scene, None, (), edit.style)


def statement(fact: Fact, found: Found) -> str:
    """A fact that a text asks for, in the plainest words that the text has for it: `motion: the red ball bounces`."""
    name, *words = fact
    if name == "camera":
        return f"{MOTION}: {w.CAMERA_PHRASES[words[0]][0]}"
    if name == "place":
        return f"{SCENE}: {w.SCENE_PHRASES[words[0]][0]}"
    thing = next((one for one in found.things if one.noun in words or facts.KINDS.get(one.noun) in words), None)
    if thing is None:
        return ""
    if name == "material" and words[-1] == "rigid":
        return f"{MOTION}: the {thing.noun} stays as large as it is"
    return moving(thing) if name in ("moves", "material") else f"{SCENE}: {plain_scene((thing,), None, None)}"


def moving(thing: FoundThing) -> str:
    """What a thing does, as a statement."""
    return f"{MOTION}: {plain_motion((thing,), None)}"


def parts(found: Found) -> Iterator[tuple[str, str, Fact]]:
    """Everything that a text says and a judge can see: in words, as a statement, and what it is about.

    What it is about: ("place", scene), ("camera", camera), ("there" | "colour" | "motion", noun[, which]).
    """
    if found.scene is not None:
        yield f"The place: {found.scene}", statement(("place", found.scene), found), ("place", found.scene)
    if found.camera is not None:
        yield f"The camera: {found.camera}", statement(("camera", found.camera), found), ("camera", found.camera)
    for thing in found.things:
        there = f"{SCENE}: {plain_scene((thing,), None, None)}"
        yield f"A {thing.noun}", there, ("there", thing.noun)
        if thing.colour is not None:
            yield f"The {thing.noun} is {thing.colour}", there, ("colour", thing.noun, thing.colour)
        if thing.motion is not None:
            yield f"The {thing.noun}'s motion: {thing.motion}", moving(thing), ("motion", thing.noun, thing.motion)
