"""What can be done to a state of the pocket world: kinds of actions and what each needs to be told. Tables only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from types import MappingProxyType
from typing import Final

from engine.pocket.vocabulary import NOUNS
from engine.pocket.world import HELD_OUT_ONE_IN

TRAVELS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
)
"""Kinds by which a thing goes somewhere -> which way, x to the right and y down."""
FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "wait": (),
        **dict.fromkeys(TRAVELS, ("noun",)),
        "drop": ("noun",),
        "break": ("noun",),
        "grow": ("noun",),
        "shrink": ("noun",),
        "recolour": ("noun", "colour"),
        "become": ("noun", "other"),
        "appear": ("noun", "colour", "position"),
        "scene": ("scene",),
    }
)
"""Kind -> what it needs to be told. `break`: the thing falls to the ground, goes to pieces and is gone."""
KINDS: Final = tuple(FIELDS)
"""Order matters: weights count along it, so a new kind goes to the end."""
_NOUNS_APART: Final = 8


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that happens; the fields that its kind does not speak of are None."""

    kind: str
    """One of KINDS."""
    noun: str | None = None
    """Which thing it is about: one of the state's; for `appear` what comes."""
    colour: str | None = None
    """recolour: the new colour; appear: the thing's."""
    other: str | None = None
    """become: what the thing turns into."""
    position: str | None = None
    """appear: where."""
    scene: str | None = None
    """scene: the new one."""


@cache
def is_action_held_out(action: Action) -> bool:
    """Whether training never sees this action, by what is done to which thing: about one in ten.

    Two nouns of each kind that is told a noun alone, one of them at least free to move; of the others a stable hash of
    noun and what becomes of it. Where a thing appears does not count; waiting and scenes, eight in all, are never held
    out.
    """
    if FIELDS[action.kind] == ("noun",):
        return NOUNS.index(action.noun or "") % _NOUNS_APART == KINDS.index(action.kind) % _NOUNS_APART
    if action.kind in ("wait", "scene"):
        return False
    told = f"{action.kind}/{action.noun}/{action.colour}/{action.other}"
    digest = blake2b(told.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % HELD_OUT_ONE_IN == 0
