"""What a person wants changed, in the words that the model which changes it was taught."""

from __future__ import annotations

import random
from typing import Final

from engine.agents.offline_reader import named, understand
from engine.agents.staging import stage
from engine.pocket.edits import Edit, complete, instruction, read

_LOST: Final = (
    "The pocket world has no word for this change: it can recolour, resize, add, remove and replace things, and change "
    "the scene or the style."
)


def order(prompt: str, seed: int) -> tuple[str, tuple[str, ...]]:
    """An instruction in the plain wording, and notes. What is not understood comes back as it was typed, with a note.

    The seed decides what an added thing looks like where that is left open.
    """
    understood = understand(prompt)
    taken = read(understood.text)
    if taken.edit is None:  # "no star" is something to remove here, not to avoid
        taken = read(prompt)
    unknown = (f"The pocket world does not know {named(taken.unknown)}.",) if taken.unknown else ()
    if taken.edit is None:
        text = understood.text if understood.replaced else prompt
        return text.strip(), (*understood.replaced, *unknown, *(taken.notes or (_LOST,)))
    return plain(complete(taken.edit, None, random.Random(seed))), (*understood.replaced, *taken.notes, *unknown)


def plain(edit: Edit) -> str:
    """The plain wording of an edit whose facts are complete: "make the ball green"."""
    anything = stage(understand("").found, 0).clip  # the plain wording does not look at the clip
    return instruction(edit, anything, random.Random(0), plain=True)


def style(world: str) -> str:
    """The instruction that draws everything in a style of the vocabulary."""
    return plain(Edit("style", style=world))
