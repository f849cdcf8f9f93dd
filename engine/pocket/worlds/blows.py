"""Which thing hits what, told by what is seen: things before, the action, things after; and how that sounds.

The rules say what is in the way. Where they do not allow what was seen to happen, because a place was measured a little
off, what fell hit the ground. What was asked for and did not happen makes no noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import dist
from typing import Final

from engine.errors import ImpossibleActionError
from engine.pocket.world import NOWHERE, Thing
from engine.pocket.worlds.actions import TRAVELS, Action
from engine.pocket.worlds.happening import GROUND_NAME, Happening, Impact, happen
from engine.pocket.worlds.sounds import sound_of
from engine.pocket.worlds.spectra import FAINTEST, Spectrogram, heard_impact, spectrogram

_FALLS: Final = ("drop", "break")
_STIRRED: Final = 0.05
"""Who came no farther than this did not move."""


def heard_from(before: Sequence[Thing], action: Action, after: Sequence[Thing]) -> Impact | None:
    """The first blow; None where nothing is hit, or the action is not seen to have happened.

    before, after: what is known or seen of the two states.
    """
    falls = action.kind in _FALLS
    if not (falls or action.kind in TRAVELS) or not _happened(before, action, after):
        return None
    try:
        return happen(replace(NOWHERE, things=tuple(before)), action).impact
    except ImpossibleActionError:
        return Impact(action.noun or "", GROUND_NAME) if falls else None


def sound_from(before: Sequence[Thing], action: Action, after: Sequence[Thing]) -> Spectrogram | None:
    """The second in which it happens, as its spectrogram; None where nothing is heard."""
    if not _happened(before, action, after):
        return None
    sound = sound_of(Happening(NOWHERE, action, NOWHERE, heard_from(before, action, after)))
    return spectrogram(sound) if sound.any() else None


def in_words(action: Action, sound: Spectrogram | None) -> str:
    """What is heard, as the judge of sound hears it; empty for silence."""
    if sound is None or float(sound.mean()) < FAINTEST:
        return ""
    blow = heard_impact(sound)
    if blow is not None:
        return f"the {blow.striker} hits the {blow.struck}"
    return "an engine" if action.kind in TRAVELS else "a chime" if action.kind == "appear" else "a sound"


def _happened(before: Sequence[Thing], action: Action, after: Sequence[Thing]) -> bool:
    """Whether the thing is seen to be elsewhere, or gone where it was to be gone, or there where it was to come."""
    was, now = (next((one for one in things if one.noun == action.noun), None) for things in (before, after))
    if action.kind == "appear":
        return now is not None
    if was is None:
        return False
    if action.kind == "break":
        return now is None
    return now is None or dist((was.x, was.y), (now.x, now.y)) > _STIRRED
