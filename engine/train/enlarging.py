"""Train a forward model whose middle is a large language model, by LoRA; its projections and the rest learn whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import torch
from peft.helpers import disable_input_dtype_casting
from transformers import AutoModel

from engine.errors import ModelError
from engine.models import places, trust
from engine.pocket.worlds import large
from engine.pocket.worlds.forward import ForwardModel
from engine.train.forward import ForwardPreset, ForwardTrainer, Mix
from engine.train.futures import vocabulary
from engine.train.lora import ATTENTION, adapted
from engine.train.reminders import Lesson

PRESET: Final = ForwardPreset(batch=32, learning_rate=3e-4, layers=0)
"""Numbers of a run with 7 to 8 B: 7,200 tokens a step fill some 60 GB without any being computed twice."""
_LORA_RATE: Final = 1e-4


def language_model(repository: str, root: Path, device: torch.device) -> Any:
    """A causal language model without its head, in bfloat16 on a GPU; nothing downloaded, safetensors only.

    repository: one that was fetched, or a folder. Raises WeightsMissingError, WeightsRefusedError, ModelError for a
    model that cannot be taught so.
    """
    place = places.locate(repository, None, root)
    if place.commit is None:
        trust.check_files(place.folder)
    kind = torch.bfloat16 if device.type == "cuda" else torch.float32
    loaded = AutoModel.from_pretrained(place.folder, local_files_only=True, use_safetensors=True, dtype=kind)
    if not hasattr(loaded.config, "hidden_size") or not any(
        name.endswith(ATTENTION) for name, _ in loaded.named_modules()
    ):
        what = "The model is no language model of the kind that LoRA is known to teach here"
        raise ModelError(what, "Name one such as Llama, Qwen2.5 or Mistral.", value=repository)
    return loaded.to(device)


class LargeForwardTrainer(ForwardTrainer):
    """A ForwardTrainer that is given a base before it trains: see `enlarge`."""

    def enlarge(self, base: Any, rank: int) -> None:
        """Think with this base, by LoRA of such a rank. base: from `transformers.AutoModel`, on this device."""
        torch.manual_seed(6)
        large.enlarged(self.model, adapted(base, rank, 2 * rank))
        self.learner = self._learner()

    def taught(self) -> list[tuple[list[torch.nn.Parameter], float]]:
        """The LoRA at a rate of its own, and all that is no base."""
        lora: list[torch.nn.Parameter] = []
        whole: list[torch.nn.Parameter] = []
        for name, weight in self.model.named_parameters():
            if weight.requires_grad:
                (lora if "lora_" in name else whole).append(weight)
        return [each for each in ((whole, self.preset.learning_rate), (lora, _LORA_RATE)) if each[0]]

    def loss(self, lesson: Lesson, mix: Mix, reminded: int) -> torch.Tensor:
        """As any forward model's; on a GPU the LoRA computes in bfloat16, its weights stay in float32."""
        with disable_input_dtype_casting(self.model.middle.base, active=self.device.type == "cuda"):
            return super().loss(lesson, mix, reminded)

    def save(self, folder: Path) -> None:
        """Write what is no base, in full precision, the LoRA beside it, and the tokenizer."""
        large.save(self.model, folder)
        vocabulary().save_pretrained(folder)

    def saved(self, folder: Path) -> ForwardModel:
        """The model as it is: what was saved, it still has, and two bases would not fit."""
        kept: ForwardModel = self.model.eval()
        return kept
