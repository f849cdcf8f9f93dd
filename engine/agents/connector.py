"""Connector: what happens between two clips. It yields the frames between them alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from engine.agent import Draft, Input, Progress, Reporter
from engine.agents.carrying import carried
from engine.agents.choices import flag, one_of
from engine.agents.facts import video_facts
from engine.agents.filming import Plan, context_of, fitted, pictures, planned, shoot
from engine.agents.reporting import clip, text
from engine.agents.toning import blended, learnt
from engine.media.videos import Frames, encode_video
from engine.models.lease import Lease
from engine.models.script import Script
from engine.types import Kind, Settings, Value

GENERATED: Final = "generated"
METHODS: Final = (GENERATED, "cross-fade")
CONTEXT: Final = 4
"""Frames of each clip that the model sees, where neither the settings nor its row say otherwise."""


class Connector:
    """Leads from the end of one clip to the beginning of another."""

    name = "connector"
    needs = frozenset({"clip", "second_clip", "transition", "avoid"})
    takes = frozenset[str]()
    yields: Kind = "video"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """An MP4 of the transition, at the profile's size and rate: frames - 2 * context new frames.

        Settings: method (generated, cross-fade), frames (of the run; context of them are known at either end), context
        (1 up to less than half of the run; fewer where a clip has fewer), match_colour (true: the transition goes from
        the first clip's colours to the second's), profile, steps, guidance_scale. A cross-fade has as many frames and
        needs no model. Raises SettingError for a value outside its range, VideoError for a clip that cannot be read.
        """
        plan = planned(self._lease, settings)
        method = one_of(settings, "method", METHODS)
        wanted = context_of(plan, settings, CONTEXT, (plan.sampling.frames - 1) // 2)
        first = fitted(clip(inputs["clip"]), plan.size)[-wanted:]
        second = fitted(clip(inputs["second_clip"]), plan.size)[:wanted]
        chosen: dict[str, Value] = {"method": method, "context": wanted}
        if method != GENERATED:
            frames = cross_fade(first[-1], second[0], plan.sampling.frames - 2 * wanted)
            reporter.report(Progress("encoding"))
            return _faded(plan, frames, {**settings, **chosen})
        after = plan.sampling.frames - len(second)
        known = {**dict(enumerate(pictures(first))), **dict(enumerate(pictures(second), after))}
        script = Script(text(inputs["transition"]), text(inputs["avoid"]), known)
        shot = shoot(self._lease, plan, script, seed, reporter)
        new = shot.frames[len(first) : after]
        matched = flag(settings, "match_colour", True)
        if matched:
            tones = (learnt(shot.frames[: len(first)], first), learnt(shot.frames[after:], second))
            new = blended(new, *tones)
            for tone, beside, true in zip(tones, (len(first) - 1, after), (first[-1], second[0]), strict=True):
                new = carried(new, tone.on(shot.frames[beside : beside + 1])[0], true)
        return shot.video(new, {**chosen, "match_colour": matched})


def cross_fade(first: Frames, second: Frames, count: int) -> Frames:
    """`count` frames that go over evenly from one picture (H, W, 3) to another; neither is among them."""
    share = ((np.arange(count) + 1) / (count + 1))[:, None, None, None]
    faded: Frames = np.rint(first * (1 - share) + second * share).astype(np.uint8)
    return faded


def _faded(plan: Plan, frames: Frames, settings: Settings) -> Draft:
    return Draft(
        kind="video",
        data=encode_video(frames, plan.fps),
        suffix=".mp4",
        settings={**settings, "profile": plan.row.name, "frames": plan.sampling.frames},
        facts=video_facts(frames, plan.fps),
    )
