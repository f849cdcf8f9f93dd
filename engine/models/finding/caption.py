"""What a grounding detector is asked, in the one sentence that it reads: `red ball. car.`, and which tokens are whose.

Each phrase ends in a full stop, which keeps it apart from the others (Liu et al. 2023, Grounding DINO, section 3.4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

MOST_TOKENS: Final = 256
"""Tokens that the published weights read."""


@dataclass(frozen=True, slots=True)
class Caption:
    """Names as a sentence."""

    text: str
    tokens: tuple[tuple[int, ...], ...]
    """Name -> the positions of its tokens in the sentence; empty for one that fell off its end."""


def caption(tokenizer: Any, names: Sequence[str]) -> Caption:
    """The sentence for these names; `tokenizer` is BERT's, one that knows where in the text its tokens stand."""
    text, spans = "", []
    for name in names:
        phrase = re.sub(r"[.?]", " ", name.lower()).strip()
        begin = len(text) + bool(text)
        text = f"{text} {phrase}.".strip()
        spans.append((begin, begin + len(phrase)))
    offsets = tokenizer(text, return_offsets_mapping=True)["offset_mapping"][:MOST_TOKENS]
    return Caption(text, tuple(_within(offsets, *span) for span in spans))


def _within(offsets: Sequence[tuple[int, int]], begin: int, end: int) -> tuple[int, ...]:
    """The tokens that stand between two characters; special tokens have no width, and stand nowhere."""
    return tuple(index for index, (left, right) in enumerate(offsets) if begin <= left < right <= end)
