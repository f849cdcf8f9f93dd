"""A story into shots: what each thing does in the first segment of a film, in the second, and so on.

The text is cut where it says "then", or ends a sentence. What happens in a part happens in its shot, and whatever that
part does not name stands still. Shots that the story leaves open go on from where things are by then, in view.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from engine.agents.staging import habits
from engine.pocket.grammar import FoundThing, parse
from engine.pocket.motion import trajectory
from engine.pocket.world import CLIP_SECONDS, Clip, Thing, stays_in_view

_CUTS: Final = re.compile(
    r"[.;!?\n]+|,?\s*\b(?:(?:and|but) )?(?:then|after that|afterwards|next(?! to)|later|finally|at last)\b,?",
    re.IGNORECASE,
)
_IT: Final = re.compile(r"\b(?:it|he|she)\b", re.IGNORECASE)
_THEY: Final = re.compile(r"\b(?:they both|both of them|they all|all of them|they|both)\b", re.IGNORECASE)
_ONCE: Final = frozenset(("fall", "grow", "shrink"))
"""Motions that have an end: nothing falls twice."""
_CALM: Final = ("bounce", "spin", "still")
"""What suits any thing where it is."""
_RATE: Final = 8
_MARGIN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the story says."""

    acts: Mapping[str, FoundThing]
    """Noun -> what it does; only things of the cast."""
    camera: str | None
    scene: str | None = None
    """Where it says that it happens."""

    def joined(self, later: Part) -> Part:
        """Both at once; where they differ, the earlier holds."""
        return Part({**later.acts, **self.acts}, self.camera or later.camera, self.scene or later.scene)


@dataclass(slots=True)
class Story:
    """A cast on its way through the shots."""

    clip: Clip
    """The cast, the scene, and where everything starts."""
    rng: random.Random
    notes: list[str] = field(default_factory=list[str])

    def shots(self, text: str, count: int) -> list[Clip]:
        """`count` clips, each beginning where the one before ended; `notes` says what was merged or filled in."""
        everything = parts(text, [thing.noun for thing in self.clip.things])
        for scene in dict.fromkeys(part.scene for part in everything if part.scene not in (None, self.clip.scene)):
            self.notes.append(f"A film stays in one scene; it leaves out the {scene}.")
        told = self._fewer([part for part in everything if part.acts or part.camera], count)
        if 0 < len(told) < count:
            shots = "shot" if len(told) == 1 else "shots"
            self.notes.append(
                f"The story fills {len(told)} {shots} of {count}; the others go on from there, "
                "and another try chooses otherwise."
            )
        made: list[Clip] = []
        things = self.clip.things
        for number in range(count):
            part = told[number] if number < len(told) else None
            things = tuple(self._act(thing, part, number) for thing in things)
            camera = (part.camera if part else None if told else self.clip.camera) or "still"
            made.append(replace(self.clip, things=things, camera=camera))
            things = tuple(after(thing) for thing in things)
        return made

    def _fewer(self, told: Sequence[Part], count: int) -> list[Part]:
        """The parts, those that share a shot joined."""
        if len(told) <= count:
            return list(told)
        self.notes.append(f"The story has {len(told)} parts for {count} shots, so some of them happen at once.")
        shots: list[Part] = []
        for number in range(count):
            first, *others = told[number * len(told) // count : (number + 1) * len(told) // count]
            for other in others:
                first = first.joined(other)
            shots.append(first)
        return shots

    def _act(self, thing: Thing, part: Part | None, number: int) -> Thing:
        """The thing with what it does in this shot."""
        if part is None:
            return self._going_on(thing, fresh=number == 0)
        told = part.acts.get(thing.noun)
        if told is None or told.motion is None:
            return replace(thing, motion="still", speed="slow")
        speed = "slow" if told.motion == "still" else told.speed or self.rng.choice(("slow", "quick"))
        acting = replace(thing, motion=told.motion, speed=speed)
        if told.motion == "roll" and told.direction not in (None, acting.direction):
            acting = replace(acting, motion=told.direction or "right")  # from here, rolling goes the other way
        if not stays_in_view(acting, "still"):
            self.notes.append(f"In shot {number + 1} the {thing.noun} may leave the picture.")
        return acting

    def _going_on(self, thing: Thing, fresh: bool) -> Thing:
        """What it does when the story says nothing: the same again where that can be seen, else what suits."""
        if fresh or (thing.motion not in _ONCE and stays_in_view(thing, "still")):
            return thing
        options = [replace(thing, motion=motion) for motion in dict.fromkeys((*habits(thing.noun), *_CALM))]
        options = [option for option in options if option.motion != thing.motion and stays_in_view(option, "still")]
        chosen = self.rng.choice(options) if options else replace(thing, motion="still")
        return replace(chosen, speed="slow") if chosen.motion == "still" else chosen


def parts(text: str, cast: Sequence[str]) -> list[Part]:
    """The parts of a story that tell what happens or where; `it` and `they` are put in their places."""
    named: list[str] = []
    told: list[Part] = []
    for piece in _CUTS.split(text):
        if named:
            piece = _IT.sub(f"the {named[-1]}", piece)
        piece = _THEY.sub(" and ".join(f"both the {noun}" for noun in cast).replace(" and both", " and"), piece)
        found = parse(piece)
        named += [thing.noun for thing in found.things if thing.noun in cast]
        acts = {thing.noun: thing for thing in found.things if thing.motion and thing.noun in cast}
        if not acts and not found.scene and named:
            acts = {thing.noun: thing for thing in parse(f"the {named[-1]} {piece}").things if thing.motion}
        if acts or found.camera or found.scene:
            told.append(Part(acts, found.camera, found.scene))
    return told


def after(thing: Thing) -> Thing:
    """The thing where its motion leaves it at the end of a clip: another place, another size."""
    frames = round(CLIP_SECONDS * _RATE) + 1
    x, y, *_ = (float(value) for value in trajectory(thing, frames, _RATE)[-1])
    size = {"grow": "large", "shrink": "small"}.get(thing.motion, thing.size)
    inside = (min(max(value, _MARGIN), 1 - _MARGIN) for value in (x, y))
    return replace(thing, x=next(inside), y=next(inside), size=size)
