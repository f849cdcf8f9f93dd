"""Transitions drawn by index, as clips are: a data set is a range of integers, and some of it is never trained on."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from engine.errors import ImpossibleActionError
from engine.pocket.vocabulary import COLOURS, NOUNS, POSITIONS, SCENES
from engine.pocket.world import Clip, is_held_out, sample_clip
from engine.pocket.worlds.actions import FIELDS, KINDS, Action, is_action_held_out
from engine.pocket.worlds.happening import Happening, happen, state_of

_OTHERS: Final = 10**9
"""From one clip to another of the same index."""
_TRIES: Final = 12
"""Actions of a kind that are tried in one state, until another kind is."""


def sample_step(index: int, held_out: bool = False, styled: float = 0.0) -> Happening:
    """The transition of this index: the same index and side give the same one, always.

    All kinds are equally likely where they can happen. Training (not held_out) sees no held-out triple of noun, colour
    and scene, before or after, and no held-out action; the held-out side begins with held-out triples, and its actions
    are held out where the kind has such. styled: share in a style other than flat.
    """
    kind = KINDS[random.Random(f"kind/{index}").randrange(len(KINDS))]
    other = 0
    while True:
        clip = sample_clip(index + other * _OTHERS, held_out, styled=styled)
        rng = random.Random(f"step/{index}/{held_out}/{other}")
        for action in _tries(state := state_of(_steady(clip)), kind, rng):
            step = _tried(state, action)
            if step and _belongs(step, held_out):
                return step
        other += 1


def walk(state: Clip, steps: int, rng: random.Random, held_out: bool = False) -> list[Happening]:
    """So many actions in a row, each from what the one before left, of kinds drawn anew.

    held_out: whether held-out triples and actions may come; otherwise none does.
    """
    path: list[Happening] = []
    while len(path) < steps:
        for action in _tries(state, rng.choice(KINDS), rng):
            step = _tried(state, action)
            if step and (held_out or _belongs(step, False)):
                path.append(step)
                state = step.after
                break
    return path


def possible(state: Clip, rng: random.Random, most: int) -> list[Action]:
    """Actions that the state allows, of as many kinds as can be, in no order: what a page suggests."""
    found: list[Action] = []
    for kind in rng.sample(KINDS, len(KINDS)):
        fits = next((action for action in _tries(state, kind, rng) if _tried(state, action)), None)
        if fits:
            found.append(fits)
    return found[:most]


def _steady(clip: Clip) -> Clip:
    """Seen by a camera that stands still."""
    return replace(clip, camera="still")


def _tries(state: Clip, kind: str, rng: random.Random) -> Iterable[Action]:
    """Actions of one kind, that may or may not be possible."""
    for _ in range(_TRIES if FIELDS[kind] else 1):
        there = [thing.noun for thing in state.things]
        if kind not in ("appear", "scene", "wait") and not there:
            return
        values = {
            "noun": rng.choice(NOUNS if kind == "appear" else there or NOUNS),
            "colour": rng.choice(tuple(COLOURS)),
            "other": rng.choice(NOUNS),
            "position": rng.choice(tuple(POSITIONS)),
            "scene": rng.choice(SCENES),
        }
        yield Action(kind, **{field: values[field] for field in FIELDS[kind]})


def _tried(state: Clip, action: Action) -> Happening | None:
    try:
        return happen(state, action)
    except ImpossibleActionError:
        return None


def _belongs(step: Happening, held_out: bool) -> bool:
    """Whether the step may be drawn on this side; what is before it is of this side already."""
    if held_out:
        return is_action_held_out(step.action) or step.action.kind in ("wait", "scene")
    triples = [(clip.scene, thing) for clip in (step.before, step.after) for thing in clip.things]
    return not is_action_held_out(step.action) and not any(
        is_held_out(thing.noun, thing.colour, scene) for scene, thing in triples
    )
