"""World stepper: a state and an action in words become the state that may follow, with how likely that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from engine.agent import Draft, Input, Progress, Reporter
from engine.agents.facts import noted
from engine.agents.reporting import mask, text
from engine.media.images import fit
from engine.media.states import State, decode_state, encode_state
from engine.models.lease import Lease
from engine.models.profiles import FORWARD
from engine.pocket.vocabulary import SCENES, STYLES
from engine.pocket.world import Clip
from engine.pocket.worlds.happening import ever
from engine.pocket.worlds.hearing import heard
from engine.pocket.worlds.sayings import plainly
from engine.types import Kind, Settings, Value
from engine.worlds import unpacked

if TYPE_CHECKING:
    from engine.pocket.worlds.imagining import Episode, Outlook, Scene

_SIZE: Final = FORWARD.sizes[0]
_UNLIKELY: Final = 0.2
"""Below this likelihood the person is told that it does not look as if the action had happened."""
_MOST: Final = 64
"""Earlier transitions that are looked through, the latest."""
_UNSEEN: Final = Clip((), SCENES[0], "still", STYLES[0], 0)
"""What is known of a state before anybody looked: the words have to name what they mean."""


class WorldStepper:
    """Foresees one next state; another seed foresees another one, and the inverse model says how likely each is."""

    name = "world_stepper"
    needs = frozenset({"image", "action"})
    takes = frozenset({"onward", "earlier"})
    yields: Kind = "image"

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def run(self, inputs: Mapping[str, Input], seed: int, settings: Settings, reporter: Reporter) -> Draft:
        """A state (see engine.media.states) that may follow from `onward`, else from `image`, by the action.

        Settings: action (in the place of the input's words). `earlier`: the world's transitions so far, as
        engine.worlds packs them. Facts: likelihood (0..1), told (what the inverse model sees), recalled (the action of
        the transition that came to mind). Raises ImageError; UnknownActionError for words that the world does not have,
        ImpossibleActionError for what never happens in it.
        """
        said = str(settings.get("action") or text(inputs["action"])).strip()
        action = heard(said, _UNSEEN)
        ever(action)
        scene = _scene(inputs.get("onward", inputs["image"]))
        earlier = _episodes(inputs["earlier"]) if "earlier" in inputs else []
        reporter.report(Progress("waiting for the model"))
        with self._lease.borrow(FORWARD) as loaded:
            reporter.report(Progress("foreseeing"))
            outlook: Outlook = loaded.pipeline.foresee(scene, said, action, seed, earlier)
            revision = loaded.revision
        after = outlook.scene
        return Draft(
            kind="image",
            data=encode_state(State(Image.fromarray(after.picture), after.words, after.sound)),
            suffix=".png",
            settings={**settings, "action": said},
            model=FORWARD.name,
            revision=revision,
            facts=_facts(outlook, earlier),
        )


def _episodes(value: Input) -> list[Episode]:
    """The world's latest transitions. Raises DecisionError for a file that holds none, ImageError."""
    from engine.pocket.worlds.imagining import Episode

    latest = unpacked(value)[-_MOST:]
    return [Episode(_scene(one.before), one.action, _scene(one.after)) for one in latest]


def _scene(value: Input) -> Scene:
    """A state at the size that the models know."""
    from engine.pocket.worlds.imagining import Scene

    state = decode_state(mask(value))
    return Scene(np.asarray(fit(state.picture, _SIZE, "crop")), state.words, state.sound)


def _facts(outlook: Outlook, earlier: Sequence[Episode]) -> dict[str, Value]:
    facts: dict[str, Value] = {
        "width": _SIZE[0],
        "height": _SIZE[1],
        "likelihood": round(outlook.likelihood, 4),
        "told": plainly(outlook.told.action),
        "words": outlook.scene.words,
    }
    if outlook.recalled is not None:
        facts["recalled"] = earlier[outlook.recalled].action
    return {**facts, **noted(_note(outlook))}


def _note(outlook: Outlook) -> str:
    """What there is to say where the action does not seem to have happened."""
    if outlook.likelihood >= _UNLIKELY:
        return ""
    return f"It looks rather as if {plainly(outlook.told.action)}. Is what you named in the picture?"
