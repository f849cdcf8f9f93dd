"""English into the world's facts: which things, of what kind, doing what, where.

A reader walks the words once from left to right. Adjectives wait for their noun, verbs and adverbs look back to
their subject; a noun after "next to" is not the subject of a later finite verb. It is a small reader for short
descriptions, not a parser of English: what it cannot bind it leaves out, what it does not know it reports.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from engine.pocket.phrases import marked
from engine.pocket.vocabulary import lookup


@dataclass(frozen=True, slots=True)
class FoundThing:
    """One thing that the text names. None: the text does not say."""

    noun: str
    colour: str | None = None
    size: str | None = None
    motion: str | None = None
    speed: str | None = None
    position: str | None = None
    direction: str | None = None
    """left, right, up or down, where a motion has one: a roll's way."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a text says about a clip. None: the text does not say."""

    things: tuple[FoundThing, ...]
    """In the order in which they are first named; not limited to three."""
    scene: str | None
    camera: str | None
    unknown: tuple[str, ...]
    """Content words that this world does not know, in order, once each."""
    style: str | None = None


_STOP = frozenset(
    """a about across after again against ahead all along also always am among an and animation another any are
    around as at away background be because been before begins being between bit both bright but by can clip
    comes content could day design did do does doing done each end ends ever every everything everyone far few film find
    finds first flat flying for forth forward front from gets getting happens has have having he here her him his
    holds how i if illustration image imagine in into is it its itself just keeps landscape last like look looks lovely
    make makes making me motion motions my near next nice no not now of off on once one ones onto or other our out page
    pace part picture place plays please pretty put saw scene second seconds see seen sees seem set setting several
    she short show showing shown shows simple sky so some somewhere spot start starts still stops story straight
    suddenly surface tell than that the their them then there these they thing things this those three through time
    to together too toward towards two until upon us very video view was watch we were what when where which while
    who will with within would you your ground air floor action quite round create generate appears appear below
    above animate colored coloured color colour scenery book only called named both down up shape shapes object
    objects also rather really slightly bit over under whole entire happily merrily cute beautiful little-bit
    continues continue beginning later finally meanwhile same way side stage screen frame camera okay single""".split()
)
_ADVERBIAL = frozenset(("very", "quite", "really", "pretty", "nice", "lovely", "cute", "beautiful", "bright"))
_GROUP = frozenset(("both", "they", "all", "everything", "everyone"))
_BREAKS = frozenset(".;:!?")
_UPWARD = frozenset(("rocket", "balloon"))


@dataclass(slots=True)
class _Draft:
    """A thing while it is being read."""

    noun: str
    facts: dict[str, str] = field(default_factory=dict[str, str])

    def note(self, fact: str, value: str) -> None:
        """Keep the first value given for a fact."""
        self.facts.setdefault(fact, value)

    def move(self, motion: str) -> None:
        """Note a motion; a plain direction or `go` gives way to a telling one."""
        if self.facts.get("motion", "go") == "go" or (
            self.facts.get("motion") in ("up", "down") and motion not in ("up", "down", "go", "still")
        ):
            self.facts["motion"] = motion

    def head(self, way: str) -> None:
        """Note a direction of travel: it is the motion, unless that is told."""
        self.note("direction", way)
        if self.facts.get("motion", "go") == "go":
            self.facts["motion"] = way

    def done(self) -> FoundThing:
        """The thing, read to the end; going nowhere in particular is going right (up for what flies up)."""
        facts = dict(self.facts)
        if facts.get("motion") == "go":
            facts["motion"] = "up" if self.noun in _UPWARD else "right"
        if facts.get("motion") in ("left", "right", "up", "down"):
            facts["direction"] = facts["motion"]
        elif facts.get("motion") != "roll":
            facts.pop("direction", None)
        return FoundThing(self.noun, **facts)


@dataclass(frozen=True, slots=True)
class _Word:
    """One word or mark with its meaning; category `stop`, `break`, `comma`, `and` or `unknown` if it has none."""

    text: str
    category: str
    canonical: str


def _words(text: str) -> list[_Word]:
    """The marked text as words."""
    words: list[_Word] = []
    for token in re.findall(r"<[^>]*>|[a-z0-9']+|[.,;:!?]", marked(text)):
        meaning = lookup(token)
        if token.startswith("<"):
            category, _, canonical = token[1:-1].partition(":")
        elif token in _BREAKS or token in ("while", "as"):
            category, canonical = "break", token
        elif token in (",", "and"):
            category, canonical = "comma", token
        elif meaning:
            category, canonical = meaning
        else:
            category, canonical = ("stop" if token in _STOP or len(token) < 2 else "unknown"), token
        words.append(_Word(token.removesuffix("'s"), category, canonical))
    return words


@dataclass(slots=True)
class _Reader:
    """Walks the words and keeps what they said so far."""

    words: list[_Word]
    things: list[_Draft] = field(default_factory=list[_Draft])
    scene: str | None = None
    camera: str | None = None
    style: str | None = None
    waiting: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Facts that wait for their noun."""
    nearest: _Draft | None = None
    """The thing named last."""
    subject: _Draft | None = None
    """The thing that a finite verb is about."""
    mover: _Draft | None = None
    """The thing that moved last in this clause: adverbs and directions are about it."""
    beside: bool = False
    """Whether the next noun only says what something is next to."""
    group: bool = False
    """Whether "both" or "they" came last."""

    def read(self) -> Found:
        """All facts of the text."""
        for index, word in enumerate(self.words):
            self._take(index, word)
        unknown = dict.fromkeys(word.text for word in self.words if word.category == "unknown")
        things = tuple(thing.done() for thing in self.things)
        return Found(things, self.scene, self.camera, tuple(unknown), self.style)

    def _take(self, index: int, word: _Word) -> None:
        match word.category:
            case "noun":
                self._noun(word.canonical)
            case "colour" | "size":
                self._adjective(index, word)
            case "motion" | "go" | "speed":
                self._motion(index, word)
            case "way":
                self._way(word.canonical)
            case "position":
                self._position(index, word.canonical)
            case "scene":
                self.scene = self.scene or word.canonical
            case "camera":
                self.camera = self.camera or word.canonical
            case "style":
                self.style = self.style or word.canonical
            case "near":
                self.beside = self.nearest is not None
            case "break" | "comma":
                self.beside, self.mover = False, None
                self.group = self.group and word.canonical == "and"
            case _:
                self.group = self.group or word.text in _GROUP
                if word.text in ("one", "ones") and self.waiting:
                    self._one()

    def _noun(self, noun: str) -> None:
        colour = next((value for fact, value in self.waiting if fact == "colour"), None)
        known = [t for t in self.things if t.noun == noun]
        same = [t for t in known if colour is None or t.facts.get("colour", colour) == colour]
        thing = same[0] if same else _Draft(noun)
        if not same:
            self.things.append(thing)
        self._settle(thing)

    def _one(self) -> None:
        """"The red one": the thing already named that has this colour or size."""
        for thing in self.things:
            if all(thing.facts.get(fact) == value for fact, value in self.waiting if fact in ("colour", "size")):
                self._settle(thing)
                return

    def _settle(self, thing: _Draft) -> None:
        """Hand what waited to the thing, and look at it from now on."""
        for fact, value in self.waiting:
            self._give(thing, fact, value)
        self.waiting.clear()
        self.nearest, self.mover, self.group = thing, None, False
        if not self.beside:
            self.subject = thing

    def _give(self, thing: _Draft, fact: str, value: str) -> None:
        if fact in ("motion", "go"):
            thing.move(value)
            self.mover = thing
        else:
            thing.note(fact, value)

    def _leads_to(self, index: int) -> str:
        """What the words after this one describe: `noun`, `scene`, or nothing."""
        for word in self.words[index + 1 :]:
            if word.category in ("noun", "scene") or word.text in ("one", "ones"):
                return "scene" if word.category == "scene" else "noun"
            joins = word.category == "comma" or word.text in _ADVERBIAL
            ing = word.category in ("motion", "go") and word.text.endswith("ing")
            if not (joins or ing or word.category in ("colour", "size", "speed", "unknown")):
                return ""
            if word.text == "and" and self.nearest and not self.waiting and "colour" not in self.nearest.facts:
                return ""
        return ""

    def _adjective(self, index: int, word: _Word) -> None:
        aim = self._leads_to(index)
        if aim == "noun" or not self.nearest:
            self.waiting.append((word.category, word.canonical))
        elif not aim:
            self.nearest.note(word.category, word.canonical)

    def _motion(self, index: int, word: _Word) -> None:
        fact = "motion" if word.category == "go" else word.category
        before = self.words[index - 1] if index else _Word(".", "break", ".")
        ahead = self.words[index + 1] if index + 1 < len(self.words) else before
        opens = before.category in ("break", "comma", "colour", "size", "speed") or before.text in (
            "a", "an", "the", "of", "see", "watch", "show",
        )  # fmt: skip
        attributive = word.text.endswith("ing") or word.category == "speed"
        if not self.nearest or (attributive and opens and self._leads_to(index) == "noun"):
            self.waiting.append((fact, word.canonical))
            return
        verb = ahead if word.category == "speed" and ahead.category in ("motion", "go") else word
        for thing in self._doers(verb):
            self._give(thing, fact, word.canonical)

    def _doers(self, verb: _Word) -> list[_Draft]:
        """Which things a verb or adverb is about."""
        if self.group:
            return self.things
        if verb.category == "speed" and self.mover:
            return [self.mover]
        finite = not verb.text.endswith("ing") and verb.category in ("motion", "go")
        thing = self.subject if finite and self.mover is None else self.mover or self.nearest
        return [thing] if thing else []

    def _way(self, way: str) -> None:
        if self.group:
            for thing in self.things:
                thing.head(way)
        elif self.mover:
            self.mover.head(way)
        elif ("motion", "go") in self.waiting:
            self.waiting.append(("direction", way))
        elif self.nearest and way in ("up", "down"):
            self.nearest.head(way)
        elif self.nearest:
            self.nearest.note("position", way)

    def _position(self, index: int, position: str) -> None:
        """A place belongs to the thing before it; at the start of a sentence or list item, to the next one."""
        before = self.words[index - 1].category if index else "break"
        opens = before in ("break", "comma") and (not self.nearest or "position" in self.nearest.facts)
        if not self.nearest or opens:
            self.waiting.append(("position", position))
        else:
            self.nearest.note("position", position)


def parse(text: str) -> Found:
    """Read a text of any length: its things with their facts, the scene, the camera, and the unknown words."""
    return _Reader(_words(text)).read()
