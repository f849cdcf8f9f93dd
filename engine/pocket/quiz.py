"""Questions about a pocket clip whose answers are known: of each as many yeses as no's, the no's near to the truth.

So somebody who does not look is right half of the time: cameras are as often panned as still, what most clips have is
asked less.

What a critic is taught and tested with. A false fact is a true one with one word changed (another colour, another
motion, the things the other way round), or speaks of a thing that is not there; what nobody could tell by looking is
never asked. Events are listed in any order, some of them never happen, and the answer is the letters in their order.
A description says all at once, word by word: many facts a clip, where an answer is one bit.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType

from engine.pocket import facts, happenings
from engine.pocket.happenings import Fact, clearly_apart, nearest, touching
from engine.pocket.vocabulary import CAMERAS, COLOURS, MOTIONS, NOUNS, POSITIONS, SCENES, SIZES, SPEEDS, STYLES
from engine.pocket.world import Clip, sample_clip, stays_in_view

LETTERS = "ABCDEFGH"
"""What listed events are called."""
MOST_EVENTS = 4
"""That are listed."""
_GAP = 0.25
"""Seconds between two events: two frames."""
_ELSEWHERE = 0.15
"""Share of the no's that speak of a thing which is not there."""
_APART_ASKED = 0.6
"""Share of the clips in which nothing meets that are asked about meeting: about as many as those in which things do."""
_NEVER = 0.3
"""Share of the lists that hold an event which does not happen."""
_FADED = "film 1920s"
"""The style that has no colours."""
_STYLED = 0.15
"""Share of the clips in another style than flat."""
_THINGS = ((1, 2, 3), (0.15, 0.5, 0.35))
"""Things on stage, and how often so many."""
_CLIPS = 10**15
"""From one clip to the one that is taken where the camera would lose it."""
_TRIES = 20
_EVEN: Mapping[str, float] = MappingProxyType({})
"""All dimensions alike."""
_PLAIN = 0.33
"""Where two things come nearer than this share of their sizes' sum, it is plain to see which is in front."""
_RIGID = 0.1
"""Share of the questions about things which keep their size that are asked: ten of twelve motions do."""
_PRESENT, _ABSENT = 0.8, {"vehicle": 0.96, "animal": 0.96, "plant": 0.57, "building": 0.23}
"""Shares of the yeses and no's about a kind of thing that are asked: the rarer the kind, the fewer no's."""
_NOT_SO = 0.65
"""Share of the no's about a motion that are asked: a thing that only goes along has no yes."""
_OPPOSITES = {"left": "right", "right": "left", "upper": "lower", "lower": "upper"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A yes-or-no question."""

    dimension: str
    """One of VideoVerse's check types."""
    question: str
    yes: bool
    """What is so."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Events as they are listed, and what is so."""

    events: tuple[str, ...]
    """In words, A first."""
    order: str
    """Their letters in the order in which they happen, those that do not left out: `CA`."""


def clip_of(index: int, held_out: bool) -> tuple[Clip, random.Random]:
    """The clip of this index that is asked about, and the draws for its questions."""
    rng = random.Random(f"quiz/{index}/{held_out}")
    things, camera = rng.choices(*_THINGS)[0], rng.choice(CAMERAS)
    clips = (sample_clip(index + again * _CLIPS, held_out, things) for again in range(_TRIES))
    kept = (clip for clip in clips if all(stays_in_view(thing, camera) for thing in clip.things))
    clip = replace(next(kept), camera=camera)
    return (replace(clip, style=rng.choice(STYLES[1:])) if rng.random() < _STYLED else clip), rng


def about(clip: Clip, count: int, rng: random.Random, shares: Mapping[str, float] = _EVEN) -> tuple[Asked, ...]:
    """So many questions about a clip: a dimension is drawn, and whether the answer is yes, then a sort, then a fact.

    shares: how often a dimension is drawn beside the others, 1 where it is not named.
    """
    kept: dict[bool, dict[str, dict[str, list[Fact]]]] = {True: {}, False: {}}
    for holds, found in ((True, true_of(clip)), (False, false_of(clip, rng))):
        for fact in found:
            kept[holds].setdefault(facts.dimension(fact), {}).setdefault(fact[0], []).append(fact)
    dimensions = sorted({*kept[True], *kept[False]})
    weights = [shares.get(name, 1.0) for name in dimensions]
    asked: list[Asked] = []
    while len(asked) < count:
        dimension, yes = rng.choices(dimensions, weights)[0], rng.random() < 0.5
        if dimension in kept[yes]:
            sorts = kept[yes][dimension]
            fact = rng.choice(sorts[rng.choice(sorted(sorts))])
            if rng.random() < _share(fact, yes, clip):
                asked.append(Asked(dimension, facts.question(fact), yes))
    return tuple(asked)


def true_of(clip: Clip) -> list[Fact]:
    """What holds and can be seen: no colours where the style has none, none in front where little is covered."""
    return [fact for fact in facts.true_of(clip) if _seen(fact, clip)]


def false_of(clip: Clip, rng: random.Random) -> list[Fact]:
    """What does not hold, near to what does."""
    return [fact for fact in _false(clip, rng) if not facts.holds(fact, clip)]


def events(clip: Clip) -> list[Fact]:
    """What happens, in its order, at moments that can be told apart."""
    kept: list[tuple[Fact, float]] = []
    for fact, seconds in sorted(happenings.events(clip), key=lambda one: one[1]):
        if not kept or seconds - kept[-1][1] >= _GAP:
            kept.append((fact, seconds))
    return [fact for fact, _ in kept]


def order(clip: Clip, rng: random.Random) -> Ordered:
    """Some of a clip's events, listed in any order; now and then with one that does not happen."""
    happened = [fact for fact in events(clip) if _sudden(fact, clip)]
    happened = sorted(rng.sample(happened, min(len(happened), MOST_EVENTS)), key=happened.index)
    missing = [fact for fact in _elsewhere(clip, rng) if happenings.happens(fact, clip) is None]
    room = MOST_EVENTS - len(happened)
    absent = missing[:1] if room and (rng.random() < _NEVER or not happened) else []
    listed = [*happened, *absent]
    rng.shuffle(listed)
    letters = "".join(LETTERS[listed.index(fact)] for fact in happened)
    return Ordered(tuple(happenings.event(fact) for fact in listed), letters)


def description(clip: Clip) -> str:
    """What is to be seen, always in the same order: the whole, each thing by its name, which of them meet."""
    told = [clip.style, clip.scene, "camera", clip.camera]
    things = sorted(clip.things, key=lambda thing: thing.noun)
    for thing in things:
        colour = () if clip.style == _FADED else (thing.colour,)
        told += [thing.noun, *colour, thing.size, thing.motion, thing.speed, thing.position]
    for one, other in combinations(things, 2):
        if happenings.meeting(clip, one.noun, other.noun) is not None:
            told += ["meet", one.noun, other.noun, "front", min(one, other, key=lambda thing: thing.depth).noun]
    return " ".join(told)


def words() -> tuple[str, ...]:
    """Every word that a question, a list of events or a description can hold."""
    asked = [*facts.PLACES.values(), *facts.MECHANICS.values(), *facts.MATERIAL.values(), *facts.CAMERA.values()]
    shown = [facts.question((name, "ball", "star")) for name in ("meet", "left of", "nearer")]
    shown += [facts.question(("begins", "ball", side)) for side in _OPPOSITES]
    shown += [facts.question(("kind", kind)) for kind in (*facts.KINDS.values(), "it")]
    shown += [facts.question(("colour", "ball", word)) for word in (*COLOURS, *SIZES)]
    told = [*SCENES, *MOTIONS, *SPEEDS, *POSITIONS, *STYLES, "camera", "meet", "front"]
    texts = " ".join((*asked, *shown, *happenings.EVENTS.values(), *NOUNS, *told)).lower().replace("-", " ")
    return tuple(sorted({word.strip("?,.") for word in texts.split()} - {"", "{0}", "{1}"}))


def _share(fact: Fact, yes: bool, clip: Clip) -> float:
    """How many of such questions are asked, 0..1."""
    match fact[0]:
        case "material":
            return _RIGID if facts.holds(("material", fact[1], "rigid"), clip) else 1.0
        case "kind":
            return _PRESENT if yes else _ABSENT[fact[1]]
        case "moves":
            return 1.0 if yes else _NOT_SO
        case _:
            return 1.0


def _false(clip: Clip, rng: random.Random) -> Iterator[Fact]:
    """Facts of which most do not hold; who calls drops the others."""
    yield from (("camera", name) for name in facts.CAMERA)
    yield from (("place", name) for name in facts.PLACES)
    yield from (("kind", kind) for kind in dict.fromkeys(facts.KINDS.values()))
    for thing in clip.things:
        if clip.style != _FADED:
            yield from (("colour", thing.noun, colour) for colour in _near_colours(clip, rng))
        yield from (("size", thing.noun, size) for size in SIZES)
        yield from (("moves", thing.noun, motion) for motion in facts.MECHANICS)
        yield from (("material", thing.noun, change) for change in facts.MATERIAL)
    for fact in facts.true_of(clip):
        if fact[0] == "begins":
            yield (*fact[:2], _OPPOSITES[fact[2]])
        elif fact[0] in ("left of", "nearer") and _seen(fact, clip):
            yield (fact[0], fact[2], fact[1])
        if fact[0] in ("colour", "moves", "size", "begins") and rng.random() < _ELSEWHERE:
            yield (fact[0], _absent(clip, rng), fact[2])
    for one, other in combinations(clip.things, 2):
        if clearly_apart(clip, one.noun, other.noun) and rng.random() < _APART_ASKED:
            yield ("meet", one.noun, other.noun)


def _seen(fact: Fact, clip: Clip) -> bool:
    """Whether somebody who looks can tell that it holds."""
    if fact[0] == "nearer":
        return nearest(clip, *fact[1:]) < _PLAIN
    return fact[0] != "colour" or clip.style != _FADED


def _sudden(fact: Fact, clip: Clip) -> bool:
    """Whether an event has a moment: two things that come together slowly have met for some, for others not yet."""
    if fact[0] != "meets":
        return True
    begun, met = touching(clip, *fact[1:]), happenings.meeting(clip, *fact[1:])
    return met is not None and met - begun <= _GAP


def _near_colours(clip: Clip, rng: random.Random) -> Sequence[str]:
    """Two of any, and those of the other things."""
    return [*rng.sample(tuple(COLOURS), 2), *(thing.colour for thing in clip.things)]


def _elsewhere(clip: Clip, rng: random.Random) -> Iterator[Fact]:
    """Events that may not happen, in any order: of the things that are there, and of one that is not."""
    named = [*(thing.noun for thing in clip.things), _absent(clip, rng)]
    found = [(name, noun) for noun in named for name in ("lands", "tops", "turned")]
    almost = {("turned", thing.noun) for thing in clip.things if thing.motion == "orbit"}
    found = [fact for fact in found if fact not in almost]
    rng.shuffle(found)
    yield from found


def _absent(clip: Clip, rng: random.Random) -> str:
    """A noun that is not on stage."""
    return rng.choice([noun for noun in NOUNS if all(noun != thing.noun for thing in clip.things)])
