"""The prompt writer that needs no language model: it knows the pocket world, and says what that world lacks.

What the text says is kept; what it leaves open is filled in (engine.agents.staging) where all is yet to be made, and
stays open where a picture or a video is there already. Every field comes out in the wording that the pocket models were
trained on.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from engine.agents.crossings import crossing
from engine.agents.endings import ending
from engine.agents.motions import moving
from engine.agents.offline_reader import Understood, understand
from engine.agents.orders import order
from engine.agents.prompt_forms import SCENE, Form
from engine.agents.staging import Staged, stage
from engine.agents.story import Story
from engine.pocket.grammar import canonical_motion, canonical_scene
from engine.prompts import Prompt

Written = tuple[dict[str, str], tuple[str, ...]]
"""Fields by name, without `avoid`; and notes."""


def write(prompt: str, seed: int, form: Form = SCENE) -> Prompt:
    """A prompt of any kind -> the form's fields in the pocket world's plain wording. The same seed, the same answer."""
    if form.name == "instruction":
        text, remarks = order(prompt, seed)
        return Prompt(prompt, {"instruction": text, "avoid": ""}, remarks)
    if form.name == "join":
        text, remarks = crossing(prompt)
        return Prompt(prompt, {"transition": text, "avoid": ""}, remarks)
    if form.name == "moving":
        told = moving(prompt, seed)
        return Prompt(prompt, {"state": told.state, "motion": told.motion, "avoid": told.avoid}, told.notes)
    if form.name == "worldgpt":
        end = ending(prompt, seed)
        fields = {"keywords": end.keywords, "state": end.state, "end": end.end, "motion": end.motion}
        return Prompt(prompt, {**fields, "avoid": end.avoid}, end.notes)
    understood = understand(prompt)
    fields, notes = _FORMS[form.name](understood, stage(understood.found, seed), form)
    fields["avoid"] = ", ".join(understood.avoid)
    return Prompt(prompt, {name: fields[name] for name in form.fields}, (*understood.notes, *notes))


def _scene(understood: Understood, staged: Staged, form: Form) -> Written:
    """What stands where, and what moves."""
    return {"scene": canonical_scene(staged.clip), "motion": canonical_motion(staged.clip)}, staged.notes


def _shots(understood: Understood, staged: Staged, form: Form) -> Written:
    """What stands where at first, and what moves in each of the shots."""
    story = Story(staged.clip, random.Random(staged.clip.seed))
    shots = story.shots(understood.text, form.shots)
    motions = {name: canonical_motion(clip) for name, clip in zip(form.motions, shots, strict=True)}
    return {"scene": canonical_scene(staged.clip), **motions}, (*staged.notes, *story.notes)


_FORMS: Final[Mapping[str, Callable[[Understood, Staged, Form], Written]]] = MappingProxyType(
    {"scene": _scene, "shots": _shots}
)
