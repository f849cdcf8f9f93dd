"""World stepper: a state and an action in words become the state that may follow, with how likely that is.

The models that animate and edit pictures foresee what is seen: a motion is the last frame of a clip, anything else an
edit. The inverse model looks at it and says how likely it is that the action led there (Qiu et al., 2025: to tell what
happened is the easier task, so it checks the harder one). What is heard and said then, the forward model foresees;
where it is not, what is seen says who hit what, and that is made to sound.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from engine.agent import Draft, Input, Progress, Reporter
from engine.agents import planner
from engine.agents.beholding import beheld, outlined
from engine.agents.facts import noted
from engine.agents.filming import Shot, directed, planned, shoot
from engine.agents.remembering import forgetful, remembered
from engine.agents.reporting import mask, text
from engine.agents.retouching import Retouch, wish
from engine.agents.witnesses import Witnesses
from engine.errors import WeightsMissingError
from engine.media.images import fit
from engine.media.states import State, decode_state, encode_state
from engine.models.chat import Chat
from engine.models.lease import Lease
from engine.models.profiles import FORWARD, INVERSE, POCKET
from engine.models.script import Script
from engine.pocket.given import Source
from engine.pocket.grammar import plain_scene
from engine.pocket.world import NOWHERE, Thing
from engine.pocket.worlds.actions import KINDS, Action
from engine.pocket.worlds.asking import GUIDANCE, HALF, MOTIONS, QUICKLY, SLOWLY, STEPS, moment, motion, order, where
from engine.pocket.worlds.blows import in_words, sound_from
from engine.pocket.worlds.happening import ever
from engine.pocket.worlds.hearing import heard
from engine.pocket.worlds.keeping import Shown, standing
from engine.pocket.worlds.sayings import plainly
from engine.pocket.worlds.steps import possible
from engine.types import Kind, Settings, Value
from engine.worlds import ACTION, HEARD, NEXT, PLAN, REMEMBERS, Transition, unpacked

if TYPE_CHECKING:
    from engine.pocket.worlds.imagining import Episode, Outlook, Picture, Scene

_SIZE: Final = INVERSE.sizes[0]
_UNLIKELY: Final = 0.2
"""Below this likelihood the person is told that it does not look as if the action had happened."""
_MOST: Final = 64
"""Earlier transitions that are looked through, the latest."""
_SUGGESTIONS: Final = 4


class WorldStepper:
    """Foresees one next state; another seed foresees another one, and the inverse model says how likely each is."""

    name = "world_stepper"
    needs = frozenset({"image", "action"})
    takes = frozenset({"onward", "earlier"})
    yields: Kind = "image"

    def __init__(self, lease: Lease, chat: Chat | None = None) -> None:
        """chat: the language model, where one is configured."""
        self._lease = lease
        self._witnesses = Witnesses(lease, chat)

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A state (see engine.media.states) that may follow from `onward`, else from `image`, by the action.

        Settings: profile, action (in the place of the input's words), remembers (whether anything may come to mind),
        witness (who says how likely it is: see engine.agents.witnesses). `earlier`: the world's transitions so far, as
        engine.worlds packs them. Facts: likelihood (0..1), told (what the witness sees); words (what is seen and
        remembered then, or what the forward model says), heard, next (what could be done then) and what came to mind,
        as engine.worlds names them. A note says when the thing that is meant is not there, and when the action does
        not seem to have happened. Raises ImageError, LanguageModelError for a witness that does not answer,
        UnknownActionError for words that this world does not have, ImpossibleActionError for what never happens in it.
        """
        said, left = _next(text(inputs["action"]), settings)
        action = heard(said, NOWHERE)
        ever(action)
        given = inputs.get("onward", inputs["image"])
        scene = _scene(given)
        earlier = unpacked(inputs["earlier"])[-_MOST:] if "earlier" in inputs else []
        reporter.report(Progress("looking at what is there"))
        memory = forgetful(beheld(self._lease, scene.picture))
        if settings.get(REMEMBERS) is True:
            state = Shown(scene.picture, memory.things)
            memory = remembered(self._lease, state, decode_state(mask(given)).known, action, earlier)
        there = memory.things
        shot = self._foreseen(scene, action, there, seed, settings, reporter)
        picture = _fitted(Image.fromarray(shot.frames[-1]))
        ours = shot.plan.row.driver == POCKET.driver
        if ours and action.kind == "scene":
            picture = standing(scene.picture, picture, outlined(self._lease, scene.picture))
        reporter.report(Progress("looking at what came"))
        picture, now, recall = memory.settled(picture, action, beheld(self._lease, picture), ours)
        seen = self._looked_at(scene, picture, said, action, earlier)
        outlook, revision = self._witnesses.judged(settings, scene.picture, action, seen)
        words = outlook.scene.words or (plain_scene(now, None, None) if now else "")
        sound = sound_from(there, action, now) if outlook.scene.sound is None else outlook.scene.sound
        return Draft(
            kind="image",
            data=encode_state(State(Image.fromarray(picture), words, sound, memory.written(now))),
            suffix=".png",
            settings={**settings, **shot.plan.sampling.as_settings(), ACTION: said, **({PLAN: left} if left else {})},
            model=shot.plan.row.name,
            revision=f"{shot.revision} and {revision}",
            facts={
                **_facts(outlook, earlier, words),
                **recall,
                HEARD: in_words(action, sound),
                NEXT: "; ".join(_suggested(now, seed)),
                **noted(self._doubt(scene, action, there) or _note(outlook)),
            },
        )

    def _foreseen(
        self, scene: Scene, action: Action, there: Sequence[Thing], seed: int, settings: Settings, reporter: Reporter
    ) -> Shot:
        """What is seen then, as the last frame of a shot; the pocket world's own model needs half as long for what is
        quick."""
        own = self._lease.profile(settings).driver == POCKET.driver
        if action.kind not in MOTIONS:
            plan = planned(self._lease, settings, 1, "image_editor")
            may = where(action, there, plan.size[::-1]) if own else None
            shown = np.asarray(Image.fromarray(scene.picture).resize(plan.size))
            source = Source(shown[None], None if may is None else may[None])
            wanted = wish({"instruction": order(action, there)}, {})
            return Retouch(plan, wanted, source, {}).made(self._lease, seed, reporter)
        cheap = {"steps": STEPS, "guidance_scale": GUIDANCE, **settings} if own else settings
        plan = planned(self._lease, cheap, HALF if own else None, "image_to_video")
        prompt, _ = directed(plan, "", motion(action, there, QUICKLY if own else SLOWLY) or "")
        known = {0: Image.fromarray(scene.picture).resize(plan.size)}
        script = Script(prompt, "", known, alone=moment(action, there) if own else None)
        return shoot(self._lease, plan, script, seed, reporter)

    def _doubt(self, scene: Scene, action: Action, there: Sequence[Thing]) -> str:
        """What there is to say where the thing that is meant is not seen."""
        from engine.pocket.familiar import familiar

        if action.noun is None or action.kind == "appear" or any(thing.noun == action.noun for thing in there):
            return ""
        with self._lease.borrow(self._lease.profile({})) as loaded:
            ours = familiar(loaded.pipeline, scene.picture[None])
        if not ours:
            return "This does not look like a picture of the pocket world: its models make of it what they can."
        return f"No {action.noun} is seen in the picture, which shows {plain_scene(there, None, None)}."

    def _looked_at(
        self, scene: Scene, picture: Picture, said: str, action: Action, earlier: Sequence[Transition]
    ) -> tuple[Outlook, str]:
        """What the inverse model says to it, and the forward model what is heard and said, where there is one."""
        from engine.pocket.worlds.imagining import Outlook, Scene

        try:
            with self._lease.borrow(FORWARD) as loaded:
                return loaded.pipeline.beside(scene, picture, said, action, _episodes(earlier)), loaded.revision
        except WeightsMissingError:
            with self._lease.borrow(INVERSE) as loaded:
                pair = scene.picture[None], picture[None]
                likelihood = float(loaded.pipeline.likelihood(*pair, [action])[0])
                return Outlook(Scene(picture), likelihood, loaded.pipeline.tell(*pair, 1)[0][0], None), loaded.revision


def _next(goal: str, settings: Settings) -> tuple[str, str]:
    """What is done now, and what is left of the plan, an action a line; the plan of the goal where nothing is said."""
    if settings.get(ACTION):
        return str(settings[ACTION]).strip(), str(settings.get(PLAN) or "")
    first, *rest = planner.of(goal) if goal.strip() else (goal,)
    return first, str(settings.get(PLAN) or "\n".join(rest))


def _episodes(earlier: Sequence[Transition]) -> list[Episode]:
    """The world's latest transitions as the forward model is given them. Raises ImageError."""
    from engine.pocket.worlds.imagining import Episode

    return [Episode(_scene(one.before), one.action, _scene(one.after)) for one in earlier]


def _scene(value: Input) -> Scene:
    """A state at the size that the models know."""
    from engine.pocket.worlds.imagining import Scene

    state = decode_state(mask(value))
    return Scene(_fitted(state.picture), state.words, state.sound)


def _fitted(picture: Image.Image) -> Picture:
    """At the size that the inverse model knows."""
    return np.asarray(fit(picture, _SIZE, "crop"))


def _suggested(there: Sequence[Thing], seed: int) -> list[str]:
    """What could be done next, in plain words; places are not known, so no other is proposed."""
    state = replace(NOWHERE, things=tuple(there))
    found = possible(state, random.Random(seed), len(KINDS))
    return [plainly(action) for action in found if action.kind not in ("wait", "scene")][:_SUGGESTIONS]


def _facts(outlook: Outlook, earlier: Sequence[Transition], words: str) -> dict[str, Value]:
    facts: dict[str, Value] = {
        "width": _SIZE[0],
        "height": _SIZE[1],
        "likelihood": round(outlook.likelihood, 4),
        "told": plainly(outlook.told.action),
        "words": words,
    }
    if outlook.recalled is not None:
        facts["recalled"] = earlier[outlook.recalled].action
    return facts


def _note(outlook: Outlook) -> str:
    """What there is to say where the action does not seem to have happened."""
    if outlook.likelihood >= _UNLIKELY:
        return ""
    return f"It looks rather as if {plainly(outlook.told.action)}. Is what you named in the picture?"
