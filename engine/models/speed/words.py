"""Words that were read already: a text encoder's answer is kept for the next take of the same prompt.

Retakes change the seed more often than the words, and a text encoder that is elsewhere must be brought first (umT5:
11 GB). Only what is asked in plain words is kept; pictures that an encoder reads along are not.
"""

from __future__ import annotations

import inspect
from collections import OrderedDict
from typing import Any, Final

import torch
from torch.utils._pytree import tree_map_only

from engine.models.speed.switches import KEPT_WORDS

_MOST: Final = 4
"""Prompts that are kept."""
_PLAIN: Final = (str, int, float, bool, type(None), torch.device, torch.dtype)


class KeptWords:
    """The rewrite of one pipeline's `encode_prompt`; off until it is switched on."""

    name = KEPT_WORDS

    def __init__(self, pipeline: Any) -> None:
        self._on = False
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._read = pipeline.encode_prompt
        self._signature = inspect.signature(self._read)
        pipeline.encode_prompt = self._answer

    def on(self) -> None:
        """From now on."""
        self._on = True

    def off(self) -> None:
        """As the library does it; forgets all."""
        self._on = False
        self.forget()

    def forget(self) -> None:
        """What was read no longer holds: the encoder has changed."""
        self._kept.clear()

    def _answer(self, *args: Any, **named: Any) -> Any:
        """`encode_prompt`'s result; a copy of the kept one, so that nobody changes it."""
        key = self._key(args, named) if self._on else None
        if key is None:
            return self._read(*args, **named)
        if key not in self._kept:
            self._kept[key] = self._read(*args, **named)
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return tree_map_only(torch.Tensor, torch.clone, self._kept[key])

    def _key(self, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """All arguments, where each of them is plain; else `None`."""
        bound = self._signature.bind(*args, **named).arguments
        found = {name: tuple(value) if isinstance(value, list) else value for name, value in bound.items()}
        parts = [part for value in found.values() for part in (value if isinstance(value, tuple) else (value,))]
        return tuple(sorted(found.items())) if all(isinstance(part, _PLAIN) for part in parts) else None
