"""Who else may say how likely it is that an action led from one picture to the other: large models that see.

A vision-language model of this machine says it by the likelihood of the action's words among others; a server, whose
answers are words alone, by how often it names the action when the others stand in another order each time.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from engine.errors import LanguageModelAnswerError, LanguageModelError
from engine.media.images import encode_png
from engine.models import witnessing
from engine.models.chat import Chat
from engine.models.lease import Lease
from engine.models.profiles import INVERSE
from engine.pocket.worlds.actions import Action
from engine.pocket.worlds.sayings import plainly
from engine.types import Settings
from engine.worlds import INVERSE_MODEL, LANGUAGE_MODEL, WITNESS

if TYPE_CHECKING:
    from engine.pocket.worlds.imagining import Outlook, Picture

_OTHERS: Final = 4
"""Actions that the inverse model holds for likely, beside the one that was asked for and nothing."""
_ROUNDS: Final = 3
"""How often a server is asked."""
_LETTERS: Final = "ABCDEFGH"
Weighed = Mapping[Action, float]
"""Actions, and how likely each is of these alone."""
Seen = tuple["Outlook", str]
"""What was seen, and the revision of who saw it."""


class Witnesses:
    """Looks once more, with the model that a stage's settings name."""

    def __init__(self, lease: Lease, chat: Chat | None) -> None:
        """chat: the language model, where one is configured."""
        self._lease = lease
        self._chat = chat

    def judged(self, settings: Settings, before: Picture, action: Action, seen: Seen) -> Seen:
        """What the inverse model saw, with the named witness's likelihood and its likeliest action in the place of its
        own, and the revision of both. Unchanged where the setting names the inverse model, or nobody.

        Raises WeightsMissingError, ModelError, LanguageModelError.
        """
        outlook, revision = seen
        named = str(settings.get(WITNESS) or INVERSE_MODEL)
        if named == INVERSE_MODEL:
            return seen
        others = self._others(before, outlook.scene.picture, action)
        if named == LANGUAGE_MODEL:
            weighed, who = self._by_server(before, outlook.scene.picture, others)
        else:
            weighed, who = self._by_likelihood(named, before, outlook.scene.picture, others)
        best = max(weighed, key=lambda each: weighed[each])
        told = replace(outlook.told, action=best, confidence=weighed[best])
        return replace(outlook, likelihood=weighed[action], told=told), f"{revision} and {who}"

    def _others(self, before: Picture, after: Picture, action: Action) -> Sequence[Action]:
        """The action first, then what else may have happened, each in words of its own; nothing among it."""
        with self._lease.borrow(INVERSE) as loaded:
            told = loaded.pipeline.tell(before[None], after[None], _OTHERS)[0]
        found = {plainly(each): each for each in (*(one.action for one in told), Action("wait"))}
        found.pop(plainly(action), None)
        return action, *found.values()

    def _by_likelihood(
        self, repository: str, before: Picture, after: Picture, actions: Sequence[Action]
    ) -> tuple[Weighed, str]:
        with self._lease.borrow(witnessing.row(repository)) as loaded:
            chances = loaded.pipeline.likelihoods(before, after, [plainly(each) for each in actions])
            return dict(zip(actions, chances, strict=True)), f"{repository} {loaded.revision[:16]}"

    def _by_server(self, before: Picture, after: Picture, actions: Sequence[Action]) -> tuple[Weighed, str]:
        chat = self._chat
        if chat is None:
            what = "No language model is set up that could look at what came"
            raise LanguageModelError(what, f"Set one up in the settings, or choose the {INVERSE_MODEL}.")
        pictures = [encode_png(Image.fromarray(np.ascontiguousarray(each))) for each in (before, after)]
        count, named = len(actions), []
        for turn in range(_ROUNDS):
            order = [(place + turn) % count for place in range(count)]
            lines = [f"{_LETTERS[place]}: {plainly(actions[each])}" for place, each in enumerate(order)]
            letter = _letter(chat, "\n".join(lines), pictures, count)
            named += [] if letter is None else [actions[order[letter]]]
        return {each: named.count(each) / _ROUNDS for each in actions}, chat.server.model


def _letter(chat: Chat, listed: str, pictures: Sequence[bytes], count: int) -> int | None:
    """The place of the one letter that it names; None where it names none, or several."""
    question = f"The first picture was taken before, the second after. What happened?\n{listed}\nOne letter only."
    deadline = time.monotonic() + chat.server.timeout_seconds
    try:
        said = chat.look(question, pictures, deadline)
    except LanguageModelAnswerError:
        return None
    found = set(re.findall(rf"(?<![A-Za-z])[{_LETTERS[:count]}](?![A-Za-z])", said))
    return _LETTERS.index(found.pop()) if len(found) == 1 else None
