"""The prompt artifact in and out: a small JSON file with what was typed and what was made of it.

`{"original": …, "fields": {"scene": …, "motion": …, "avoid": …}, "notes": […]}`, UTF-8. Which fields there are is the
stage's to say (`Stage.fields`). They are needed one by one, so each has a fingerprint of its own: changing the motion
leaves alone what was made from the scene.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import JournalDamagedError
from engine.types import Settings

_FACT = "{}_sha256"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as the later stages read it."""

    original: str
    """As typed; never changed."""
    fields: Mapping[str, str]
    """What a person may edit, in order: `scene`, `motion`, `avoid`; or what else the stage asks for."""
    notes: tuple[str, ...] = ()
    """The writer's honest sentences."""

    def encode(self) -> bytes:
        """The artifact's bytes; the same prompt gives the same bytes."""
        whole = {"original": self.original, "fields": dict(self.fields), "notes": self.notes}
        return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")


def decode(data: bytes) -> Prompt:
    """The prompt in an artifact's bytes. Raises JournalDamagedError when there is none."""
    try:
        whole = json.loads(data)
        original, fields, notes = whole["original"], dict(whole["fields"]), tuple(whole.get("notes", ()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged() from error
    if not fields or not all(isinstance(text, str) for text in (original, *fields.values(), *notes)):
        raise _damaged()
    return Prompt(original, fields, notes)


def fingerprint(text: str) -> str:
    """Hex sha256 of a text: what a stage that was made from it remembers."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def facts(prompt: Prompt) -> Settings:
    """The fingerprint of each field, to be kept in the artifact's facts."""
    return {_FACT.format(name): fingerprint(text) for name, text in prompt.fields.items()}


def field_fingerprint(artifact_facts: Mapping[str, object], name: str) -> str | None:
    """The fingerprint of a field, from an artifact's facts; `None` when it has no such field."""
    value = artifact_facts.get(_FACT.format(name))
    return value if isinstance(value, str) else None


def _damaged() -> JournalDamagedError:
    return JournalDamagedError("The prompt's file does not hold a prompt", "Make another take of the prompt stage.")
