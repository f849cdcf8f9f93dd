"""The pocket critic as a judge of VideoVerse: it is asked in the scripts' words, and answers in theirs.

It was taught bare questions, so the words around one are taken off before it is asked. Where neither wording is met it
says nothing, which counts as an answer that cannot be read.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import torch

from engine.evaluate.cases import Frames
from engine.evaluate.videoverse.benchmark import LETTERS
from engine.models.manifest import digest
from engine.pocket.critic import PocketCritic, Sight

_CHECK: Final = re.compile(r"In this video\.\n(.*)\nAnswer with (?:Yes or No|No or Yes)\.", re.DOTALL)
_LISTED: Final = re.compile(r"^([A-H]): (.*)$", re.MULTILINE)
_SURE: Final = 0.5
"""From which probability on it says yes."""


class PocketWitness:
    """See engine.evaluate.videoverse.asking.Witness."""

    def __init__(self, folder: Path, device: str) -> None:
        """folder: of a saved critic."""
        self._critic = PocketCritic.from_pretrained(folder).to(torch.device(device))
        self.name = f"pocket critic {digest(folder / 'model.safetensors')[:16]}"
        self._looked: tuple[Frames, Sight] | None = None

    def answer(self, frames: Frames, fps: float, question: str) -> str:
        """Yes, No, or letters in output marks; "" for what is neither question."""
        likely = self.yes(frames, question)
        if likely is not None:
            return "Yes" if likely >= _SURE else "No"
        listed = _LISTED.findall(question)
        if not listed or "".join(letter for letter, _ in listed) != LETTERS[: len(listed)]:
            return ""
        order = self._critic.order(self._seen(frames), [event for _, event in listed])
        return f"<output>{','.join(order)}</output>"

    def yes(self, frames: Frames, question: str) -> float | None:
        """See engine.evaluate.videoverse.asking.Sure."""
        asked = _CHECK.fullmatch(question)
        return self._critic.yes(self._seen(frames), [asked[1]])[0] if asked else None

    def _seen(self, frames: Frames) -> Sight:
        """The video, looked at once for all questions about it."""
        if self._looked is None or self._looked[0] is not frames:
            self._looked = frames, self._critic.look(frames)
        return self._looked[1]
