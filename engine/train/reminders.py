"""Transitions as the forward model learns from them, and what comes to its mind meanwhile: never what it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from engine.pocket.worlds.forward import ForwardModel, Senses
from engine.pocket.worlds.reflector import Triple

REMINDERS = 4
"""Ways to be reminded: twice of nothing, of the transition that led to the state, of the most alike of the others."""
_LAST, _ALIKE = 2, 3


@dataclass(frozen=True)
class Lesson:
    """Some transitions, each with the one that led to its state."""

    before: Senses
    action: torch.Tensor
    """Token ids (b, WORDS)."""
    after: Senses
    earlier: Triple
    """The transitions that led to the states before."""

    @classmethod
    def of(cls, rows: Mapping[str, torch.Tensor]) -> Lesson:
        """From a ring's rows."""
        sounds, before, after = rows["sounds"].float(), rows["before"].float(), rows["after"].float()
        words = {name: rows[name].long() for name in ("state", "action", "following", "deed")}
        return cls(
            Senses(before, sounds[:, 0], words["state"]), words["action"],
            Senses(after, sounds[:, 1], words["following"]), Triple(rows["earlier"].float(), words["deed"], before),
        )  # fmt: skip

    def recalled(self, model: ForwardModel, reminded: int) -> Triple | None:
        """What comes to mind, 0 <= reminded < REMINDERS."""
        if self.after.picture is None or self.before.picture is None or reminded < _LAST:
            return None
        if reminded < _ALIKE:
            return self.earlier
        other = others_alike(model.embed(Senses(self.before.picture), self.action), self.action)
        return Triple(self.before.picture[other], self.action[other], self.after.picture[other])


def others_alike(embeddings: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    """For each row the place of the one most like it, (b,); never its own, nor that of a copy of it.

    embeddings (b, width) at one length; a copy has the same embedding and the same words (b, WORDS). Where all are
    copies of one, another's place is named all the same.
    """
    likeness = embeddings @ embeddings.T
    copies = (likeness > 0.99999 * likeness.diagonal()[:, None]) & (actions[:, None] == actions[None]).all(-1)
    likeness = likeness.masked_fill(copies, -2.0)
    likeness.fill_diagonal_(-3.0)
    return likeness.argmax(1)
