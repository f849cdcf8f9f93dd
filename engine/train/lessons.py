"""From a batch of clips to what one training step asks: what to make, what is given, and in which words.

`make`: a clip, of which some frames may be known. `continue`: one that began before its first frame. `edit`: what was
there becomes something else, seen (told as an instruction) or hidden (told as a description of what should be there).
`end`: the last frame of a clip from its first, with the places hidden where its things pass: the masked end key frame.
`join`: from one clip to another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from engine.pocket.given import Given
from engine.train.conditions import JOINED_CONTEXT, Ways, changed, known
from engine.train.pool import Batch

_USUAL = Ways()
_FROM_A_PICTURE = Ways(first=0.6, first_and_last=0.15, before=0.15, after=0.05, around=0.05)
"""For clips before a backdrop that the words do not tell: something of them is always given."""
_LATE = Ways(first=0.15, first_and_last=0.1, before=0.55, after=0.1, around=0.1)
_AROUND = Ways(first=0, first_and_last=0, before=0, after=0, around=1, longest=JOINED_CONTEXT)
_SEEN = 0.6
"""Share of edits that see what was there."""


@dataclass(frozen=True)
class Lesson:
    """What one training step works on."""

    target: torch.Tensor
    """Latents to be made, (batch, channels, frames, h, w)."""
    given: Given
    """What the model is told beside the words."""
    tokens: torch.Tensor
    """The words, (batch, tokens); none at all for a share of the samples."""
    things: torch.Tensor
    """How much of each place is what matters, (batch, 1, frames, h, w), 0..1."""


def lesson(name: str, batch: Batch, drop_text: float) -> Lesson:
    """The lesson of that name. Raises KeyError for another than `make`, `continue`, `edit`, `end`, `join`."""
    lessons: dict[str, Callable[[Batch, torch.Tensor], Lesson]] = {
        "make": _make,
        "continue": _continue,
        "edit": _edit,
        "end": _end,
        "join": _join,
    }
    target = batch.tensors["latents"]
    worded = torch.rand((len(target), 1), device=target.device) >= drop_text
    return lessons[name](batch, worded)


def _make(batch: Batch, worded: torch.Tensor) -> Lesson:
    target, foreign = batch.tensors["latents"], batch.tensors["foreign"]
    usual, pictured = known(target, _USUAL), known(target, _FROM_A_PICTURE)
    odd = foreign.view(-1, 1, 1, 1, 1) > 0
    given = Given(torch.where(odd, pictured.latents, usual.latents), torch.where(odd, pictured.roles, usual.roles))
    return Lesson(target, given, batch.tokens["caption"] * worded, batch.tensors["things"])


def _continue(batch: Batch, worded: torch.Tensor) -> Lesson:
    target = batch.tensors["latents"]
    return Lesson(target, known(target, _LATE), batch.tokens["caption"] * worded, batch.tensors["things"])


def _edit(batch: Batch, worded: torch.Tensor) -> Lesson:
    """Without words, what is seen stays as it is: so guidance leads from unchanged to the instruction."""
    before, after = batch.tensors["before"], batch.tensors["latents"]
    shown = torch.rand((len(after), 1), device=after.device) < _SEEN
    target = torch.where((shown & ~worded).view(-1, 1, 1, 1, 1), before, after)
    given = changed(before, target, batch.tensors["region"], shown[:, 0])
    tokens = torch.where(shown, batch.tokens["instruction"], batch.tokens["caption"]) * worded
    return Lesson(target, given, tokens, batch.tensors["region"])


def _end(batch: Batch, worded: torch.Tensor) -> Lesson:
    latents, things = batch.tensors["latents"], batch.tensors["things"]
    passed = (things.amax(2, keepdim=True) > 0).float()
    hidden = torch.zeros(len(latents), dtype=torch.bool, device=latents.device)
    target = latents[:, :, -1:]
    given = changed(latents[:, :, :1], target, passed, hidden)
    return Lesson(target, given, batch.tokens["end"] * worded, things[:, :, -1:])


def _join(batch: Batch, worded: torch.Tensor) -> Lesson:
    target = batch.tensors["latents"]
    return Lesson(target, known(target, _AROUND), batch.tokens["caption"] * worded, batch.tensors["things"])
