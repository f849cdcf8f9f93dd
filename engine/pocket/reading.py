"""English into the world's facts: which things, of what kind, doing what, where.

A reader walks the words once from left to right. Adjectives wait for their noun, verbs and adverbs look back to
their subject; a noun after "next to" is not the subject of a later finite verb. It is a small reader for short
descriptions, not a parser of English: what it cannot bind it leaves out, what it does not know it reports.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.pocket.found import Draft, Found
from engine.pocket.phrases import Word, words

_ADVERBIAL = frozenset(("very", "quite", "really", "pretty", "nice", "lovely", "cute", "beautiful", "bright"))
_GROUP = frozenset(("both", "they", "all", "everything", "everyone"))


@dataclass(slots=True)
class _Reader:
    """Walks the words and keeps what they said so far."""

    words: list[Word]
    things: list[Draft] = field(default_factory=list[Draft])
    scene: str | None = None
    camera: str | None = None
    style: str | None = None
    waiting: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Facts that wait for their noun."""
    nearest: Draft | None = None
    """The thing named last."""
    subject: Draft | None = None
    """The thing that a finite verb is about."""
    mover: Draft | None = None
    """The thing that moved last in this clause: adverbs and directions are about it."""
    beside: bool = False
    """Whether the next noun only says what something is next to."""
    row: list[Draft] = field(default_factory=list[Draft])
    """The things listed so far in this clause: a verb in the plural is about all of them."""
    group: bool = False
    """Whether "both" or "they" came last."""
    both: bool = False
    """Whether the clause began with "both"."""

    def read(self) -> Found:
        """All facts of the text."""
        for index, word in enumerate(self.words):
            self._take(index, word)
        unknown = dict.fromkeys(word.text for word in self.words if word.category == "unknown")
        things = tuple(thing.done() for thing in self.things)
        return Found(things, self.scene, self.camera, tuple(unknown), self.style)

    def _take(self, index: int, word: Word) -> None:
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
                self.beside = self.nearest is not None or self._before(index).category == "unknown"
            case "break" | "comma":
                self._pause(word.category == "break")
            case _:
                self._other(word.text)

    def _before(self, index: int) -> Word:
        """The word before this one; a full stop before the first."""
        return self.words[index - 1] if index else Word(".", "break", ".")

    def _pause(self, full: bool) -> None:
        """A comma or `and` ends a list item; a full break ends the clause."""
        self.beside, self.mover = False, None
        if full:
            self.group, self.both = False, False
            self.row.clear()

    def _other(self, text: str) -> None:
        """A word without a meaning of its own."""
        self.group = self.group or text in _GROUP
        self.both = self.both or text == "both"
        if text in ("is", "has"):
            self.row.clear()
        if text in ("one", "ones") and self.waiting:
            self._one()

    def _noun(self, noun: str) -> None:
        colour = next((value for fact, value in self.waiting if fact == "colour"), None)
        known = [t for t in self.things if t.noun == noun]
        same = [t for t in known if colour is None or t.facts.get("colour", colour) == colour]
        thing = same[0] if same else Draft(noun)
        if not same:
            self.things.append(thing)
        self._settle(thing)

    def _one(self) -> None:
        """Resolve "the red one": the thing of this colour or size, else another of the noun named last."""
        for thing in self.things:
            if all(thing.facts.get(fact) == value for fact, value in self.waiting if fact in ("colour", "size")):
                self._settle(thing)
                return
        if self.nearest:
            self.things.append(Draft(self.nearest.noun))
            self._settle(self.things[-1])

    def _settle(self, thing: Draft) -> None:
        """Hand what waited to the thing, and look at it from now on."""
        for fact, value in self.waiting:
            self._give(thing, fact, value)
        self.waiting.clear()
        self.nearest, self.mover, self.group = thing, None, self.both
        if not self.beside:
            self.subject = thing
            self.row.append(thing)

    def _give(self, thing: Draft, fact: str, value: str) -> None:
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

    def _adjective(self, index: int, word: Word) -> None:
        aim = self._leads_to(index)
        told = self._before(index).text in ("is", "are")  # "a ball that is blue inside" speaks of no blue inside
        if aim == "noun":
            self.waiting.append((word.category, word.canonical))
        elif (told or not aim) and self.nearest:
            self.nearest.note(word.category, word.canonical)

    def _motion(self, index: int, word: Word) -> None:
        fact = "motion" if word.category == "go" else word.category
        before = self._before(index)
        ahead = self.words[index + 1] if index + 1 < len(self.words) else before
        opens = before.category in ("break", "comma", "colour", "size", "speed") or before.text in (
            "a", "an", "the", "of", "see", "watch", "show",
        )  # fmt: skip
        attributive = word.text.endswith("ing") or word.category == "speed"
        if before.category == "unknown" and word.category != "speed" and not before.text.endswith("ly"):
            return
        if not self.things or (attributive and opens and self._leads_to(index) == "noun"):
            self.waiting.append((fact, word.canonical))
            return
        verb = ahead if word.category == "speed" and ahead.category in ("motion", "go") else word
        for thing in self._doers(verb, before.text in ("are", "were")):
            self._give(thing, fact, word.canonical)
        if word.category != "speed":
            self.row.clear()

    def _doers(self, verb: Word, plural: bool) -> list[Draft]:
        """Which things a verb or adverb is about."""
        if self.group:
            return self.things
        if verb.category == "speed" and self.mover:
            return [self.mover]
        finite = not verb.text.endswith("ing") and verb.category in ("motion", "go")
        if plural or (finite and verb.text[-1] not in "sd>" and not self.mover):
            return list(self.row) or [self.subject or self.things[-1]]
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
    return _Reader(words(text)).read()
