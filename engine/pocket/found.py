"""What a reader finds in a text, finished and while it is still being read."""

from __future__ import annotations

from dataclasses import dataclass, field

_UPWARD = frozenset(("rocket", "balloon"))
"""What goes up when nothing says where it goes."""


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


@dataclass(slots=True)
class Draft:
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
