"""Clips into words: free captions for training, one plain wording for the offline prompt writer.

A scene caption says what stands where; a motion caption says what happens. Both only say what is true, and may
leave things out. `parse` (engine.pocket.reading) reads English back; it is offered here as well.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from engine.pocket import order_wordings as orders
from engine.pocket import wordings as w
from engine.pocket.found import Found, FoundThing
from engine.pocket.moment import seen_at
from engine.pocket.reading import parse
from engine.pocket.vocabulary import NOUNS, plural, verb_forms
from engine.pocket.world import Clip, Thing

__all__ = [
    "Found", "FoundThing", "canonical_motion", "canonical_scene", "canonical_state", "end_caption", "join_caption",
    "keywords", "motion_caption", "parse", "plain_motion", "plain_scene", "scene_caption", "seen_motion_caption",
    "unplaced", "words",
]  # fmt: skip

_PLAIN = 0.7
"""Share of plain words where a synonym exists."""
_PLACES = re.compile(" (?:" + "|".join(sorted(sum(w.POSITION_PHRASES.values(), ()), key=len, reverse=True)) + r")\b")
"""Where things stand, longer phrases first."""


def scene_caption(clip: Clip, rng: random.Random, held_out: bool = False) -> str:
    """What stands where, in one of many wordings; held_out takes those that training never sees."""
    template = rng.choice(w.HELD_OUT_SCENE_TEMPLATES if held_out else w.SCENE_TEMPLATES)
    if clip.style != "flat":
        template = template.removesuffix(", flat design")
    terse = "{terse}" in template
    things = [_thing_phrase(thing, rng, terse) for thing in clip.things] or [w.NOTHING]
    listed = ", ".join(things) if terse else _join(things, ", ", rng.choice(w.LAST_JOINTS))
    place = rng.choice((clip.scene, *w.PLACE_WORDS[clip.scene]))
    phrase = rng.choice(w.SCENE_PHRASES[clip.scene])
    text = template.format(things=listed, terse=listed, scene=phrase, place=place)
    if clip.style != "flat":
        style = rng.choice(w.STYLE_PHRASES[clip.style])
        text = rng.choice(w.STYLE_JOINTS).format(body=text.rstrip(".!"), style=style)
    return articles(text)


def motion_caption(clip: Clip, rng: random.Random, held_out: bool = False) -> str:
    """What happens, in one of many wordings; a moving camera is always told."""
    template = rng.choice(w.HELD_OUT_MOTION_TEMPLATES if held_out else w.MOTION_TEMPLATES)
    doing = "{doing}" in template
    parts = [_clause(thing, rng, doing) for thing in clip.things] or [f"{w.NOTHING} {verb_forms('move')[1 + doing]}"]
    joint = rng.choice(w.DOING_JOINTS if doing else w.CLAUSE_JOINTS)
    listed = _join(parts, ", " if joint != ". " else ". ", joint)
    text = template.format(clauses=listed, doing=listed)
    if clip.camera != "still" or rng.random() < 0.2:
        camera = rng.choice(w.CAMERA_PHRASES[clip.camera])
        joints = w.DOING_CAMERA_JOINTS if doing else w.CAMERA_JOINTS
        text = rng.choice(joints).format(body=text.removesuffix("."), camera=camera)
    return text


def canonical_scene(clip: Clip) -> str:
    """The plain wording: "a small red ball on the left and a large blue car on the right in a meadow"."""
    return plain_scene(clip.things, clip.scene, clip.style)


def plain_scene(things: Sequence[Thing | FoundThing], scene: str | None, style: str | None) -> str:
    """The plain wording of what is known of some things and of the scene that they are in."""
    told = []
    for thing in things:
        place = w.POSITION_PHRASES[thing.position][0] if thing.position else None
        told.append(" ".join(filter(None, ("a", thing.size, thing.colour, thing.noun, place))))
    drawn = f", {w.STYLE_PHRASES[style][0]}" if style and style != "flat" else ""
    place = f" {w.SCENE_PHRASES[scene][0]}" if scene else ""
    return articles(f"{_join(told or [w.NOTHING], ', ', ' and ')}{place}{drawn}")


def unplaced(text: str) -> str:
    """A scene without where things stand in it: they have moved since."""
    return _PLACES.sub("", text)


def seen_motion_caption(clip: Clip, rng: random.Random) -> str:
    """What happens, told to one who has the picture: now and then `it` is enough for a thing that is alone."""
    text = motion_caption(clip, rng)
    if len(clip.things) != 1 or rng.random() < 0.6:
        return text
    thing = clip.things[0]
    coats, nouns = (thing.colour, *w.COLOUR_WORDS[thing.colour]), (thing.noun, *w.NOUN_WORDS[thing.noun])
    return re.sub(rf"\bthe (?:(?:{'|'.join(coats)}) )?(?:{'|'.join(nouns)})\b", "it", text)


def canonical_motion(clip: Clip) -> str:
    """The plain wording: "the red ball bounces quickly and the blue car stays still, the camera pans right"."""
    return plain_motion(clip.things, clip.camera)


def plain_motion(things: Sequence[Thing | FoundThing], camera: str | None) -> str:
    """The plain wording of what is known: of things that do something, and of the camera if it is told."""
    clauses: list[str] = []
    for thing in things:
        if thing.motion:
            colour = f"{thing.colour} " if thing.colour else ""
            speed = f" {w.SPEED_WORDS[thing.speed][0]}" if thing.speed and thing.motion != "still" else ""
            clauses.append(f"the {colour}{thing.noun} {_inflect(_plain_verb(thing), 1)}{speed}")
    told = _join(clauses or [f"{w.NOTHING} {verb_forms('move')[1]}"], ", ", " and ")
    return f"{told}, {w.CAMERA_PHRASES[camera][0]}" if camera else told


def canonical_state(clip: Clip, frame: int = 0) -> str:
    """The plain scene wording of one frame: what stands where, and how large, at that moment."""
    return canonical_scene(seen_at(clip, frame))


def end_caption(clip: Clip, frames: int, rng: random.Random, held_out: bool = False) -> str:
    """The scene of the last of `frames` frames, in one of many wordings."""
    return scene_caption(seen_at(clip, frames - 1), rng, held_out)


def join_caption(ends: tuple[Clip | None, Clip | None], way: str, rng: random.Random, plain: bool = False) -> str:
    """A transition between two clips: "a red ball in a meadow; then a blue car in a city, with a soft dissolve".

    ends: the clip before and the one after it; the first or both may be left out. way: one of WAYS. Plain: that
    wording; else one of many, in which a dissolve may go without saying.
    """
    first, second = ("" if clip is None else _brief(clip, rng, plain) for clip in ends)
    templates = w.JOIN_TEMPLATES if first else w.ARRIVAL_TEMPLATES if second else ("",)
    text = (templates[0] if plain else rng.choice(templates)).format(first=first, second=second)
    if plain or not text or way != "dissolve" or rng.random() < 0.5:
        told = w.WAY_PHRASES[way][0] if plain else rng.choice(w.WAY_PHRASES[way])
        text = f"{text}, {told}" if text else told
    return articles(text)


def keywords(clip: Clip) -> str:
    """What to look for in a picture of the clip: "red ball, blue car"; empty for an empty stage."""
    return ", ".join(f"{thing.colour} {thing.noun}" for thing in clip.things)


def words() -> tuple[str, ...]:
    """Every word that any caption or order can contain, sorted: what the tokenizer knows."""
    texts = [plural(noun) for name in NOUNS for noun in (name, *w.NOUN_WORDS[name])]
    for name, table in (*vars(w).items(), *vars(orders).items()):
        if name.isupper() and isinstance(table, str):
            texts.append(table)
        elif name.isupper() and isinstance(table, tuple):
            texts += table
        elif name.isupper():
            texts += [text for key, options in table.items() for text in (key, *options)]
    verbs = [*w.MOVE_VERBS]
    verbs += [verb for options in (*w.GO_VERBS.values(), *w.VERB_PHRASES.values()) for verb in options]
    texts += [form for verb in verbs for form in verb_forms(verb.split()[0])]
    slots = re.compile(r"\{\w+\}")
    return tuple(sorted({word for text in texts for word in re.findall(r"[a-z]+", slots.sub(" ", text))}))


def _thing_phrase(thing: Thing, rng: random.Random, terse: bool) -> str:
    """A thing with its article: "a small red ball on the left"; terse without article and place."""
    colour, noun = worded(thing.colour, w.COLOUR_WORDS, rng), worded(thing.noun, w.NOUN_WORDS, rng)
    if terse:
        size = rng.choice(("", worded(thing.size, w.SIZE_WORDS, rng)))
        return f"{size} {colour} {noun}".strip()
    position = rng.choice(w.POSITION_PHRASES[thing.position]) if rng.random() < 0.8 else ""
    size = worded(thing.size, w.SIZE_WORDS, rng)
    template = rng.choice(w.THING_TEMPLATES)
    return template.format(a="a", size=size, colour=colour, noun=noun, position=position).strip()


def _brief(clip: Clip, rng: random.Random, plain: bool) -> str:
    """A clip in a few words: its things with their colours, and the scene; in free wordings some of it is left out."""
    phrases = w.SCENE_PHRASES[clip.scene]
    if plain:
        things, place = [f"a {thing.colour} {thing.noun}" for thing in clip.things], phrases[0]
    else:
        colours = [worded(t.colour, w.COLOUR_WORDS, rng) if rng.random() < 0.9 else "" for t in clip.things]
        nouns = [worded(thing.noun, w.NOUN_WORDS, rng) for thing in clip.things]
        things = [" ".join(filter(None, ("a", *pair))) for pair in zip(colours, nouns, strict=True)]
        place = rng.choice(phrases) if rng.random() < 0.85 or not things else ""
    return f"{_join(things or [w.NOTHING], ', ', ' and ')} {place}".strip()


def _clause(thing: Thing, rng: random.Random, doing: bool) -> str:
    """What one thing does: "the red ball quickly rolls to the left"; doing: "the red ball rolling"."""
    noun = worded(thing.noun, w.NOUN_WORDS, rng)
    colour = f"{worded(thing.colour, w.COLOUR_WORDS, rng)} " if rng.random() < 0.7 else ""
    verb = _inflect(_free_verb(thing, rng), 2 if doing else 1)
    speed = "" if thing.motion == "still" or rng.random() < 0.25 else rng.choice(w.SPEED_WORDS[thing.speed])
    if not speed:
        return f"the {colour}{noun} {verb}"
    if speed.endswith("ly") and rng.random() < 0.4:
        return f"the {colour}{noun} {speed} {verb}"
    return f"the {colour}{noun} {verb} {speed}"


def _plain_verb(thing: Thing | FoundThing) -> str:
    """The plain verb phrase, base form, of a thing that does something."""
    motion = thing.motion or "still"
    if motion in w.DIRECTION_PHRASES:
        return f"move {w.DIRECTION_PHRASES[motion][0]}"
    direction = w.DIRECTION_PHRASES[thing.direction][0] if thing.direction else ""
    return w.VERB_PHRASES[motion][0].format(direction=direction).strip()


def _free_verb(thing: Thing, rng: random.Random) -> str:
    """Some verb phrase, base form."""
    direction = rng.choice(w.DIRECTION_PHRASES[thing.direction]) if thing.direction else ""
    options = [phrase.format(direction=direction) for phrase in w.VERB_PHRASES.get(thing.motion, ())]
    if thing.motion in w.DIRECTION_PHRASES:
        verbs = (*w.MOVE_VERBS, *2 * w.GO_VERBS.get(thing.noun, ()))
        options.append(f"{rng.choice(verbs)} {direction}")
        return options[-1] if rng.random() < 0.6 else rng.choice(options)
    return options[0] if rng.random() < 0.35 else rng.choice(options)


def _inflect(phrase: str, form: int) -> str:
    """The verb phrase with its first word inflected: form 1 adds -s, form 2 -ing."""
    verb, space, rest = phrase.partition(" ")
    return verb_forms(verb)[form] + space + rest


def worded(canonical: str, table: w.Phrases, rng: random.Random) -> str:
    """The plain word, or now and then another one for it."""
    others = table[canonical]
    return rng.choice(others) if others and rng.random() >= _PLAIN else canonical


def _join(parts: Sequence[str], comma: str, last: str) -> str:
    """The parts as a list: "a, b and c"."""
    return comma.join(parts[:-1]) + last + parts[-1] if len(parts) > 1 else parts[0]


def articles(text: str) -> str:
    """`a` becomes `an` before a vowel."""
    return re.sub(r"\ba (?=[aeio])", "an ", text)
