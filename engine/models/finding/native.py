"""Grounding DINO as transformers computes it: safetensors, no package beside it, nothing to mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch


class NativeGroundingDino:
    """See engine.models.finding.grounded.Network."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.model = model.eval()
        self.tokenizer = tokenizer

    @classmethod
    def from_pretrained(cls, folder: Path) -> NativeGroundingDino:
        """From a folder in transformers' format: safetensors only, nothing downloaded, float32."""
        from transformers import AutoTokenizer, GroundingDinoForObjectDetection

        model = GroundingDinoForObjectDetection.from_pretrained(
            folder, use_safetensors=True, local_files_only=True, dtype=torch.float32
        )
        return cls(model, AutoTokenizer.from_pretrained(folder, local_files_only=True, use_fast=True))

    def to(self, device: torch.device) -> NativeGroundingDino:
        """Move the weights."""
        self.model.to(device)
        return self

    def answer(self, pixels: torch.Tensor, text: str) -> tuple[torch.Tensor, torch.Tensor]:
        """See engine.models.finding.grounded.Network."""
        asked = self.tokenizer(text, return_tensors="pt", return_token_type_ids=True).to(pixels.device)
        output = self.model(pixel_values=pixels, **asked)
        return output.logits[0].float(), output.pred_boxes[0].float()
