"""Extender: a clip goes on, or begins earlier. It yields the new frames alone, so no frame is shown twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.agent import Draft, Input, Reporter
from engine.agents.carrying import carried
from engine.agents.choices import flag, one_of
from engine.agents.filming import context_of, directed, fitted, held, pictures, planned, shoot
from engine.agents.reporting import clip, text
from engine.agents.toning import anchored, learnt
from engine.models.lease import Lease
from engine.models.script import Script
from engine.types import Kind, Settings

FORWARDS: Final = "forwards"
DIRECTIONS: Final = (FORWARDS, "backwards")
CONTEXT: Final = 5
"""Frames of the clip that the model sees, where neither the settings nor its row say otherwise."""


class Extender:
    """Continues a clip from its last frames, or leads up to its first, as the motion says."""

    name = "extender"
    needs = frozenset({"clip", "scene", "motion", "avoid"})
    takes = frozenset({"anchor"})
    yields: Kind = "video"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """An MP4 of the new frames, at the profile's size and rate.

        Settings: direction (forwards, backwards), frames (of the run: `context` of them are the clip's own), context
        (1 up to all but one of the run; fewer where the clip has fewer), match_colour (true), heading and
        speed as in image to video, profile, steps, guidance_scale. `anchor` is the film's first segment, whose colours
        are kept; without it, the clip's.
        Raises SettingError for a value outside its range, VideoError for a clip that cannot be read.
        """
        plan = planned(self._lease, settings)
        forwards = one_of(settings, "direction", DIRECTIONS) == FORWARDS
        frames = fitted(clip(inputs["clip"]), plan.size)
        wanted = held(plan, context_of(plan, settings, CONTEXT, plan.sampling.frames - 1), len(frames))
        context = frames[-wanted:] if forwards else frames[:wanted]
        start = 0 if forwards else plan.sampling.frames - len(context)
        known = {start + index: picture for index, picture in enumerate(pictures(context))}
        prompt, note = directed(plan, text(inputs["scene"]), text(inputs["motion"]), placed=False)
        shot = shoot(self._lease, plan, Script(prompt, text(inputs["avoid"]), known), seed, reporter)
        new = shot.frames[len(context) :] if forwards else shot.frames[:start]
        matched = flag(settings, "match_colour", True)
        if matched:
            tone = learnt(shot.frames[start : start + len(context)], context)
            beside, seam = (start + len(context) - 1, -1) if forwards else (start, 0)
            new = carried(tone.on(new), tone.on(shot.frames[beside : beside + 1])[0], context[seam])
            new = anchored(new, fitted(clip(inputs["anchor"]), plan.size) if "anchor" in inputs else frames)
        direction = FORWARDS if forwards else DIRECTIONS[1]
        return shot.video(new, {"direction": direction, "context": len(context), "match_colour": matched}, note)
