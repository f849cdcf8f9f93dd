"""What a prompt writer hands back, whichever writer it is, and how that becomes a file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


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
        """The prompt artifact: UTF-8 JSON with `original` as it was typed, scene, motion, avoid, notes."""
        return json.dumps({"original": original, **asdict(self)}, ensure_ascii=False, indent=1).encode()
