"""Lessons for the forward model that nobody labelled: the inverse model says what happened in pairs of frames.

After Qiu et al. (2025): to tell what happened is far easier than to tell what will, so the one model labels for the
other. Only what it is surest of is kept, in turn of each kind, so that no kind that is easy to tell crowds others out.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from engine.pocket.render import layout
from engine.pocket.world import Clip
from engine.pocket.worlds.forward import WORDS
from engine.pocket.worlds.inverse import ActionReader, Told
from engine.pocket.worlds.sayings import say
from engine.pocket.worlds.spectra import BANDS, MOMENTS
from engine.train.forward import ForwardTrainer
from engine.train.futures import ids_of
from engine.train.ring import Rows
from engine.train.unlabelled import moments

_AT_ONCE = 64


@dataclass(frozen=True)
class Named:
    """A pair of frames and what the inverse model says happened between them."""

    before: Clip
    after: Clip
    told: Told


def named(trainer: ForwardTrainer, reader: ActionReader, films: Iterable[Sequence[Clip]]) -> list[Named]:
    """The pairs of the films, given frame by frame, with the likeliest action of each."""
    found: list[Named] = []
    for states in films:
        found += _told(trainer, reader, moments([states], [trainer.renderer.render(layout(states, 1))[:, 0]]))
    return found


def _told(trainer: ForwardTrainer, reader: ActionReader, chosen: Sequence[tuple[Clip, Clip]]) -> Iterator[Named]:
    if not chosen:
        return
    sides = [
        trainer.renderer.render(layout(side, 1))[:, 0].movedim(1, -1).cpu().numpy()
        for side in zip(*chosen, strict=True)
    ]
    for (before, after), told in zip(chosen, reader.tell(sides[0], sides[1], 1), strict=True):
        yield Named(before, after, told[0])


def in_rounds(found: Sequence[Named], count: int) -> list[Named]:
    """At most so many of them: each round takes of each kind of action the likeliest that is left."""
    classes: dict[str, list[Named]] = {}
    for one in sorted(found, key=lambda one: -one.told.confidence):
        classes.setdefault(one.told.action.kind, []).append(one)
    longest = max(map(len, classes.values()), default=0)
    turns = [kind[place] for place in range(longest) for kind in classes.values() if place < len(kind)]
    return turns[:count]


def rows(trainer: ForwardTrainer, chosen: Sequence[Named]) -> Rows:
    """Named pairs as rows beside labelled ones (`ForwardTrainer.rows`): unheard, and without words but the action's."""
    count, device = len(chosen), trainer.device
    sides = [
        torch.cat([trainer.latents(layout(part, 1)) for part in _parts(side)]).half()
        for side in ([one.before for one in chosen], [one.after for one in chosen])
    ]
    words = ids_of([_words(one, number) for number, one in enumerate(chosen)])
    nothing = torch.zeros((count, WORDS), dtype=torch.int16, device=device)
    return {
        "earlier": sides[0], "before": sides[0], "after": sides[1],
        "sounds": torch.zeros((count, 2, BANDS, MOMENTS), dtype=torch.float16, device=device),
        "action": torch.from_numpy(words.astype(np.int16)).to(device),
        **dict.fromkeys(("state", "following", "deed"), nothing),
    }  # fmt: skip


def _words(one: Named, number: int) -> str:
    """The action in one of many wordings, by what is seen of it alone."""
    unknown = Clip((), one.before.scene, "still", one.before.style, 0)
    return say(one.told.action, unknown, random.Random(f"named/{number}"))


def _parts(clips: Sequence[Clip]) -> Iterator[Sequence[Clip]]:
    return (clips[first : first + _AT_ONCE] for first in range(0, len(clips), _AT_ONCE))
