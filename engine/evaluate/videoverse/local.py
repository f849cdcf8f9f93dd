"""A vision-language model of this machine as a judge: any that transformers knows and that takes videos.

Greedy, at most 128 tokens, as VideoVerse's scripts; how it is loaded: see engine.models.witnessing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from engine.evaluate.cases import Frames
from engine.models import places, trust, witnessing
from engine.models.manifest import revision_of

_TOKENS = 128


class Local:
    """Asks a model in this process; see engine.evaluate.videoverse.asking.Witness."""

    def __init__(self, repository: str, root: Path, device: str) -> None:
        """repository: one that was fetched, or a folder.

        Raises WeightsMissingError, WeightsRefusedError, ModelError for a model that takes no videos.
        """
        place = places.locate(repository, None, root)
        if place.commit is None:
            trust.check_files(place.folder)
        self.name = f"{Path(repository).name} {revision_of(place)[:16]}"
        self._witness = witnessing.load(place.folder, torch.device(device))
        self.processor: Any = self._witness.processor
        self.model: Any = self._witness.model

    @torch.inference_mode()
    def answer(self, frames: Frames, fps: float, question: str) -> str:
        """What it says."""
        read = self._witness.given(frames, fps, self._witness.asked(question))
        given = {name: one.to(self.model.device) for name, one in read.items()}
        made = self.model.generate(**given, max_new_tokens=_TOKENS, do_sample=False)
        words: str = self.processor.batch_decode(made[:, given["input_ids"].shape[1] :], skip_special_tokens=True)[0]
        return words
