"""What a world remembers when somebody acts in it: the way to the state, what was there, and which of it comes to mind.

The tree is the memory: a state's file carries what is known of its things, so nothing is kept beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import numpy as np

from engine.agents.beholding import beheld
from engine.errors import UnknownActionError
from engine.media.images import fit
from engine.media.states import decode_state
from engine.models.profiles import INVERSE
from engine.pocket.world import NOWHERE, Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.hearing import heard
from engine.pocket.worlds.keeping import Picture, Shown, kept, revealed
from engine.pocket.worlds.recollection import (
    WAITING,
    Earlier,
    Things,
    filled,
    read,
    recalled,
    reconciled,
    renewed,
    written,
)
from engine.types import Value
from engine.worlds import CORRECTED, RECALLED, RECALLED_CHANGES, RECALLED_STATES, Transition

if TYPE_CHECKING:
    from engine.models.lease import Lease

_BETWEEN: Final = "; "


@dataclass(frozen=True, eq=False)
class Memory:
    """What is known of the state that somebody acts in, and what lies behind it."""

    things: Things
    """Of the state."""
    facts: Mapping[str, Value]
    """What came to mind, as engine.worlds names it."""
    shown: tuple[Shown, ...]
    """The pictures on the way since the scene last changed, the state's own last; none where nobody remembers."""

    def settled(
        self, made: Picture, action: Action, seen: Sequence[Thing], ours: bool
    ) -> tuple[Picture, Things, dict[str, Value]]:
        """A made picture with what nothing was done to as it was; what is known of it; and both as facts.

        ours: whether a model of this world made it; what another one made of a picture stays as that one made it.
        """
        if not self.shown:
            return made, tuple(seen), {}
        picture = made
        if ours:
            picture = kept(self.shown[-1].picture, made, self.things, action, seen)
            picture = revealed(picture, self.things, action, seen, self.shown)
        known = reconciled(self.things, action, seen)
        told = _BETWEEN.join(one.told() for one in known.corrections)
        return picture, known.things, {**self.facts, **({CORRECTED: told} if told else {})}

    def written(self, things: Things) -> str:
        """What a state's file says of its things; nothing where nobody remembers."""
        return written(things) if self.shown else ""


def forgetful(seen: Sequence[Thing]) -> Memory:
    """A memory of nothing: what is seen is all that is known."""
    return Memory(tuple(seen), {}, ())


def remembered(lease: Lease, state: Shown, known: str, action: Action, earlier: Sequence[Transition]) -> Memory:
    """What comes to mind before the action.

    state: its picture, and what is seen in it; known: what its file says; earlier: the way to it. Raises ImageError.
    """
    way, pictures, digests = _way(lease, earlier)
    things = reconciled(read(known), WAITING, state.things).things
    reminders = recalled(way, things, action)
    things = filled(things, way, reminders)
    since = max((place for place, one in enumerate(way) if renewed(one)), default=-1) + 1
    behind = pictures[since:-1]
    facts: dict[str, Value] = {}
    if reminders:
        places = [one.place for one in reminders]
        facts = {
            RECALLED: _BETWEEN.join(earlier[place - len(way)].action for place in places),
            RECALLED_STATES: _BETWEEN.join(digests[place] for place in places),
            RECALLED_CHANGES: _BETWEEN.join(way[place].told() for place in places),
        }
    return Memory(things, facts, (*behind, Shown(state.picture, things)))


def _way(lease: Lease, earlier: Sequence[Transition]) -> tuple[list[Earlier], list[Shown], list[str]]:
    """The latest transitions that hang together, every state on that way, and the digests of those that followed.

    What a person painted in between, or an action that this world has no word for, is where memory begins anew.
    """
    way: list[Earlier] = []
    states: list[Shown] = []
    digests: list[str] = []
    before = b""
    for one in earlier:
        try:
            action = heard(one.action, NOWHERE)
        except UnknownActionError:
            way, states, digests, before = [], [], [], b""
            continue
        if one.before != before:
            way, states, digests = [], [_known(lease, one.before)], []
        states.append(_known(lease, one.after))
        way.append(Earlier(states[-2].things, action, states[-1].things))
        digests.append(sha256(one.after).hexdigest())
        before = one.after
    return way, states, digests


def _known(lease: Lease, data: bytes) -> Shown:
    """A state's picture, and what its file says is there; where it says nothing, what is seen."""
    state = decode_state(data)
    picture = np.asarray(fit(state.picture, INVERSE.sizes[0], "crop"))
    return Shown(picture, read(state.known) if state.known else beheld(lease, picture))
