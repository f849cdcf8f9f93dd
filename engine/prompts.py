"""The prompt artifact in and out: a small JSON file with what was typed and what was made of it.

`{"original": …, "scene": …, "motion": …, "avoid": …, "notes": […]}`, UTF-8. Its fields are needed one by one, so each
has a fingerprint of its own: changing the motion leaves alone what was made from the scene.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import JournalDamagedError
from engine.types import Settings

FIELDS = ("scene", "motion", "avoid")
"""What a person may edit."""
_FACT = "{}_sha256"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as the later stages read it."""

    original: str
    """As typed; never changed."""
    scene: str
    """What the key frame shows."""
    motion: str
    """What moves in the video."""
    avoid: str
    """What should not be seen."""
    notes: tuple[str, ...] = ()
    """The writer's honest sentences."""

    def field(self, name: str) -> str:
        """One of `original`, `scene`, `motion`, `avoid`. Raises KeyError for another name."""
        texts = {"original": self.original, "scene": self.scene, "motion": self.motion, "avoid": self.avoid}
        return texts[name]

    def encode(self) -> bytes:
        """The artifact's bytes; the same prompt gives the same bytes."""
        fields = {"original": self.original, **{name: self.field(name) for name in FIELDS}, "notes": self.notes}
        return json.dumps(fields, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")


def decode(data: bytes) -> Prompt:
    """The prompt in an artifact's bytes. Raises JournalDamagedError when there is none."""
    try:
        fields = json.loads(data)
        texts = {name: fields[name] for name in ("original", *FIELDS)}
        notes = tuple(fields.get("notes", ()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged() from error
    if not all(isinstance(text, str) for text in (*texts.values(), *notes)):
        raise _damaged()
    return Prompt(**texts, notes=notes)


def fingerprint(text: str) -> str:
    """Hex sha256 of a text: what a stage that was made from it remembers."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def facts(prompt: Prompt) -> Settings:
    """The fingerprint of each field, to be kept in the artifact's facts."""
    return {_FACT.format(name): fingerprint(prompt.field(name)) for name in ("original", *FIELDS)}


def field_fingerprint(artifact_facts: Mapping[str, object], name: str) -> str | None:
    """The fingerprint of a field, from an artifact's facts; `None` when it has no such field."""
    value = artifact_facts.get(_FACT.format(name))
    return value if isinstance(value, str) else None


def _damaged() -> JournalDamagedError:
    return JournalDamagedError("The prompt's file does not hold a prompt", "Make another take of the prompt stage.")
