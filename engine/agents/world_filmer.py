"""World filmer: the way to a state as a film, each state a second, with the sound of what led to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.agent import Draft, Input, Progress, Reporter
from engine.agents.facts import video_facts
from engine.agents.reporting import mask
from engine.media.images import fit
from engine.media.sounding import with_sound
from engine.media.states import State, decode_state
from engine.media.videos import Frames, encode_video
from engine.pocket.worlds.sounds import RATE, SAMPLES
from engine.pocket.worlds.spectra import sounded
from engine.types import Kind, Settings
from engine.worlds import unpacked

_FPS: Final = 8
_TURN: Final = 4
"""Frames in which one state becomes the next."""
_SILENT: Final = np.zeros(SAMPLES, np.float32)


class WorldFilmer:
    """Shows the states between the beginning and the one that counts, one becoming the next. Needs no model."""

    name = "world_filmer"
    needs = frozenset({"image", "state"})
    takes = frozenset({"earlier"})
    yields: Kind = "video"

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """An MP4 of `image`, of every state on the way (`earlier`, as engine.worlds packs it) and of `state`, at 8
        frames a second; what is heard on the way to each is heard while it comes.

        Raises ImageError for a picture that cannot be read, DecisionError for a way that cannot.
        """
        reporter.report(Progress("encoding"))
        way = [decode_state(mask(inputs["image"]))]
        way += [decode_state(one.after) for one in unpacked(inputs["earlier"])] if "earlier" in inputs else []
        if "earlier" not in inputs:
            way.append(decode_state(mask(inputs["state"])))
        frames = _frames(way)
        heard = np.concatenate([_SILENT, *(_sound(state) for state in way[1:])])
        silent = encode_video(frames, _FPS)
        data = with_sound(silent, heard, RATE) if heard.any() else silent
        facts = {**video_facts(frames, _FPS), "states": len(way)}
        return Draft("video", data, ".mp4", {**settings}, facts=facts)


def _frames(way: Sequence[State]) -> Frames:
    """Each state for a second, which begins with a few frames in which the one before fades."""
    pictures = [np.asarray(fit(state.picture, way[0].picture.size, "crop"), np.float32) for state in way]
    shown: list[NDArray[np.float32]] = [pictures[0]] * _FPS
    for before, after in pairwise(pictures):
        shares = [(step + 1) / (_TURN + 1) for step in range(_TURN)]
        shown += [before + (after - before) * np.float32(share) for share in shares]
        shown += [after] * (_FPS - _TURN)
    return np.stack(shown).round().astype(np.uint8)


def _sound(state: State) -> NDArray[np.float32]:
    return _SILENT if state.sound is None else sounded(state.sound)
