"""A forward model that thinks with a large language model, after WorldGPT (Ge et al., 2024): any of 7 to 8 B, by LoRA.

The encoders, signals and heads keep their small width. In the middle the layers of a causal language model stand
between two projections; it reads no words of its own: tokens come as they do to the small middle, with the same mask.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from torch import nn
from transformers.modeling_outputs import BaseModelOutput

from engine.pocket.worlds.forward import ForwardModel

_LORA: Final = "lora"
"""Where it lies beside the rest, which is `_REST`."""
_REST: Final = "forward.safetensors"
_BASE: Final = "middle.base."


class LargeMiddle(nn.Module):
    """Tokens of one width through a base of another: (b, tokens, width) to as many."""

    def __init__(self, words: nn.Embedding, base: Any) -> None:
        """words: the forward model's own. base: a language model without its head, from `transformers.AutoModel`."""
        super().__init__()
        width, hidden = words.embedding_dim, base.config.hidden_size
        self.embed_tokens = words
        self.base = base
        self.into = nn.Linear(width, hidden)
        self.out = nn.Linear(hidden, width)

    def forward(self, inputs_embeds: torch.Tensor, attention_mask: torch.Tensor) -> BaseModelOutput:
        """attention_mask: which token sees which, bool (b, 1, tokens, tokens)."""
        tokens = self.into(inputs_embeds).to(self.base.dtype)
        thought = self.base(inputs_embeds=tokens, attention_mask=attention_mask, use_cache=False).last_hidden_state
        return BaseModelOutput(self.out(thought.to(self.out.weight.dtype)))


def enlarged(model: ForwardModel, base: Any) -> ForwardModel:
    """The model with this base in its middle, in the place of its own layers; its words stay."""
    model.middle = LargeMiddle(model.middle.embed_tokens, base).to(base.device)
    return model


def save(model: ForwardModel, folder: Path) -> None:
    """Write all that is its own, in full precision, and the LoRA; the base stays where it came from."""
    folder.mkdir(parents=True, exist_ok=True)
    own = {name: one.contiguous() for name, one in model.state_dict().items() if not name.startswith(_BASE)}
    save_file(own, folder / _REST)
    model.save_config(folder)
    model.middle.base.save_pretrained(folder / _LORA, safe_serialization=True)


def load(folder: Path, base: Any) -> ForwardModel:
    """A saved model with the base that it was taught with, which has no LoRA yet."""
    model: ForwardModel = ForwardModel.from_config(ForwardModel.load_config(folder))
    enlarged(model.to(base.device), PeftModel.from_pretrained(base, folder / _LORA))
    missing = model.load_state_dict(load_file(folder / _REST), strict=False).missing_keys
    lost = [name for name in missing if not name.startswith(_BASE)]
    if lost:
        raise ValueError(f"{folder.name} has no weights of {', '.join(lost)}")
    model.eval()
    return model
