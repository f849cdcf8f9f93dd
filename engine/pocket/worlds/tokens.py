"""Words as the forward model takes them: token ids, their end, then padding; and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from engine.pocket.worlds.forward import WORDS

Ids = NDArray[np.int64]
"""Token ids, (texts, WORDS)."""
_END = 2
_NONE = (0, 1, _END)
"""Padding, unknown, end: no words."""


def ids_of(reader: Tokenizer, texts: Sequence[str]) -> Ids:
    """Texts as token ids; what is too long loses its end."""
    rows = np.zeros((len(texts), WORDS), np.int64)
    for row, encoded in zip(rows, reader.encode_batch(list(texts)), strict=True):
        ids = encoded.ids[: WORDS - 1]
        row[: len(ids) + 1] = [*ids, _END]
    return rows


def text_of(reader: Tokenizer, ids: Sequence[int]) -> str:
    """What the ids say, up to their end, punctuation at the word before it."""
    said = ""
    for one in ids:
        if one == _END:
            break
        word = "" if one in _NONE else reader.id_to_token(int(one))
        said += word if word in (",", ".", ";", ":") else f" {word}" if word else ""
    return said.strip()
