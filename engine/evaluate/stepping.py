"""The World tab's own way, many states at a time: the models that animate and edit make what is seen after an action.

The sentences, the lengths and the guidance are those of engine.agents.world_stepper; only that one run makes many
states is different, so that hundreds of them can be measured or dreamt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image

from engine.agents.beholding import SURE, Found, silhouette, things_of
from engine.evaluate.candidates import Pictures
from engine.models.profiles import POCKET
from engine.pocket.detector import PocketDetector
from engine.pocket.finding import pieces
from engine.pocket.given import Source
from engine.pocket.naming import spoken
from engine.pocket.pipeline import PocketPipeline
from engine.pocket.vocabulary import NOUNS
from engine.pocket.world import Thing
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.asking import GUIDANCE, HALF, MOTIONS, QUICKLY, STEPS, moment, motion, order, where
from engine.pocket.worlds.happening import Happening
from engine.pocket.worlds.keeping import Shown, kept, revealed, standing
from engine.pocket.worlds.recollection import Earlier, reconciled, renewed

There = Sequence[tuple[Thing, ...]]
"""What is seen in each of some pictures."""
Choose = Callable[[int, Pictures, Sequence[Action], There], Pictures]
"""The number of the step, the states, an action for each, and what is known to be there, to what is seen then."""
_SEEDS_APART = 100_003


@dataclass(frozen=True)
class Stepper:
    """The generator that animates and edits, and the detector that says what stands still meanwhile."""

    pipeline: PocketPipeline
    detector: PocketDetector
    at_once: int = 64
    """States that are made together."""

    def beheld(self, pictures: Pictures) -> There:
        """What is seen in each picture, as engine.agents.beholding has it."""
        return [things_of(found, picture) for found, picture in zip(self._found(pictures), pictures, strict=True)]

    def _found(self, pictures: Pictures) -> Iterator[Found]:
        told = [spoken(noun) for noun in NOUNS]
        for first in range(0, len(pictures), self.at_once):
            for sure in self.detector.look(pictures[first : first + self.at_once], told):
                yield {noun: pieces(each, SURE) for noun, each in zip(NOUNS, sure, strict=True)}

    def follow(self, pictures: Pictures, actions: Sequence[Action], seed: int, there: There | None = None) -> Pictures:
        """What may be seen after each action; another seed, another future. there: what is seen before, where that is
        known already."""
        made = np.empty_like(pictures)
        moving = [place for place, action in enumerate(actions) if action.kind in MOTIONS]
        changing = [place for place, action in enumerate(actions) if action.kind not in MOTIONS]
        seen = there or self.beheld(pictures)
        for places, make in ((moving, self._moved), (changing, self._changed)):
            for first in range(0, len(places), self.at_once):
                some = places[first : first + self.at_once]
                noise = [torch.Generator("cpu").manual_seed(seed * _SEEDS_APART + place) for place in some]
                made[some] = make(
                    pictures[some], [actions[each] for each in some], [seen[each] for each in some], noise
                )
        return made

    def _moved(
        self, pictures: Pictures, actions: Sequence[Action], there: There, noise: Sequence[torch.Generator]
    ) -> Pictures:
        """A frame of a clip each: that in which the thing has come as far as it goes."""
        told = [motion(action, seen, QUICKLY) or "" for action, seen in zip(actions, there, strict=True)]
        known = {0: [Image.fromarray(picture) for picture in pictures]}
        options = {**_options("image_to_video"), "num_inference_steps": STEPS, "guidance_scale": GUIDANCE}
        arrived = [moment(action, things) for action, things in zip(actions, there, strict=True)]
        made = self.pipeline(told, known=known, num_frames=HALF, generator=noise, alone=arrived, **options)
        frames: Pictures = made.frames[:, -1]
        return frames

    def _changed(
        self, pictures: Pictures, actions: Sequence[Action], there: There, noise: Sequence[torch.Generator]
    ) -> Pictures:
        """An edit each."""
        told = [order(action, things) for action, things in zip(actions, there, strict=True)]
        size = pictures.shape[1:3]
        places = [where(action, things, size) for action, things in zip(actions, there, strict=True)]
        sources = [
            Source(picture[None], None if place is None else place[None])
            for picture, place in zip(pictures, places, strict=True)
        ]
        made = self.pipeline(told, source=sources, num_frames=1, generator=noise, **_options("image_editor"))
        frames: Pictures = made.frames[:, 0]
        elsewhere = [place for place, action in enumerate(actions) if action.kind == "scene"]
        for place, found in zip(elsewhere, self._found(pictures[elsewhere]), strict=True):
            picture = pictures[place]
            frames[place] = standing(picture, frames[place], silhouette(found, picture.shape[:2]))
        return frames


def _options(job: str) -> dict[str, Any]:
    """The model's settings for a job."""
    defaults = POCKET.defaults_for(job)
    return {"num_inference_steps": defaults["steps"], "guidance_scale": defaults["guidance_scale"]}


def untouched(states: Pictures, made: Pictures, before: There, actions: Sequence[Action], seen: There) -> Pictures:
    """What was made where the actions have something to do, the states' own pixels elsewhere."""
    each = zip(states, made, before, actions, seen, strict=True)
    return np.stack([kept(*one) for one in each])


def walked(
    stepper: Stepper, choose: Choose, start: Pictures, ways: Sequence[Sequence[Happening]], remembers: bool
) -> list[Pictures]:
    """The states after each of the ways' actions, done one after the other from `start`; all ways are equally long.

    remembers: what is known of the things is carried along, and pixels that nothing was done to stay, as
    engine.pocket.worlds.{recollection,keeping} have it; otherwise each state is all that is known.
    """
    states, known = start, list(stepper.beheld(start))
    shown = [[Shown(state, things)] for state, things in zip(states, known, strict=True)]
    path: list[Pictures] = []
    for number in range(len(ways[0])):
        actions = [way[number].action for way in ways]
        made = choose(number, states, actions, known)
        seen = stepper.beheld(made)
        if remembers:
            states = untouched(states, made, known, actions, seen)
            each = zip(states, known, actions, seen, shown, strict=True)
            states = np.stack([revealed(*one) for one in each])
            was, known = known, [reconciled(*one).things for one in zip(known, actions, seen, strict=True)]
            for place, one in enumerate(zip(was, actions, known, strict=True)):
                past = [] if renewed(Earlier(*one)) else shown[place]
                shown[place] = [*past, Shown(states[place], known[place])]
        else:
            states, known = made, list(seen)
        path.append(states)
    return path
