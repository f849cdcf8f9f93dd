"""What a prompt writer hands back, whichever writer it is, and how that becomes a file."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PromptFields:
    """A prompt in the three parts that the models read, and what the writer has to say about it."""

    scene: str
    """What stands where: for the key frame and the video."""
    motion: str
    """What happens: for the video."""
    avoid: str = ""
    """What must not be seen; may be empty."""
    notes: tuple[str, ...] = ()
    """Plain sentences for the person: what was left out, replaced, filled in."""

    def encode(self, original: str) -> bytes:
        """The prompt artifact: UTF-8 JSON with `original` as it was typed, the fields, and the notes."""
        fields = {"scene": self.scene, "motion": self.motion, "avoid": self.avoid}
        whole = {"original": original, "fields": fields, "notes": self.notes}
        return json.dumps(whole, ensure_ascii=False, indent=1).encode()
