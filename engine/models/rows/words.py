"""What several rows say alike: what a model reads, and what a licence asks."""

from __future__ import annotations

from typing import Final

from engine.types import Honour

WORDS: Final[tuple[Honour, ...]] = ("prompt", "negative_prompt", "guidance")
"""A model that reads words, and is not told where to arrive."""
RAIL: Final = "Free, also commercially; not for the uses that the licence lists as harmful."
