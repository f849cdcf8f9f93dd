"""LoRA (Hu et al., 2021): a frozen base, and small matrices beside some of its layers that learn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from peft import LoraConfig, get_peft_model

ATTENTION: Final = ("q_proj", "k_proj", "v_proj", "o_proj")
"""Layers that are adapted, by the ends of their names."""


def adapted(base: Any, rank: int, alpha: int, modules: Iterable[str] = ATTENTION) -> Any:
    """The base with matrices beside its layers; these alone learn, in float32 whatever the base is in."""
    config = LoraConfig(r=rank, lora_alpha=alpha, target_modules=list(modules))
    made = get_peft_model(base, config)
    for weight in made.parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()
    return made
