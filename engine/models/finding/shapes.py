"""SAM 2 (Ravi et al. 2024): boxes in a picture -> the shapes of what is in them. Safetensors, through transformers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_AT_ONCE: Final = 16
"""Boxes that are looked into together."""


class Segmenter:
    """A loaded SAM 2."""

    def __init__(self, model: Any) -> None:
        self.model = model.eval()

    @classmethod
    def from_pretrained(cls, folder: Path) -> Segmenter:
        """From a folder in transformers' format: safetensors only, nothing downloaded, float32."""
        from transformers import Sam2Model

        return cls(Sam2Model.from_pretrained(folder, use_safetensors=True, local_files_only=True, dtype=torch.float32))

    def to(self, device: torch.device) -> Segmenter:
        """Move the weights."""
        self.model.to(device)
        return self

    @torch.inference_mode()
    def shapes(self, image: NDArray[np.uint8], boxes: Sequence[tuple[int, int, int, int]]) -> list[NDArray[np.bool_]]:
        """Masks (height, width), one for each box (left, top, right, bottom in pixels) of the picture.

        The picture is encoded once, however many boxes there are.
        """
        if not boxes:
            return []
        height, width = image.shape[:2]
        side = int(self.model.config.prompt_encoder_config.image_size)
        scale = torch.tensor([side / width, side / height] * 2)
        asked = (torch.tensor(boxes, dtype=torch.float32) * scale).to(self.model.device)
        features = self.model.get_image_embeddings(self._seen(image, side))
        found: list[NDArray[np.bool_]] = []
        for part in asked.split(_AT_ONCE):
            answer = self.model(image_embeddings=features, input_boxes=part[None], multimask_output=False)
            logits = F.interpolate(answer.pred_masks[0].float(), (height, width), mode="bilinear", align_corners=False)
            found += [np.asarray(mask) for mask in (logits[:, 0] > 0).cpu().numpy()]
        return found

    def _seen(self, image: NDArray[np.uint8], side: int) -> torch.Tensor:
        """A picture as the network sees it: square, its colours centred."""
        pixels = torch.from_numpy(np.array(image)).movedim(-1, 0)[None].float()
        pixels = F.interpolate(pixels, (side, side), mode="bilinear", antialias=True, align_corners=False) / 255
        centred = (pixels - torch.tensor(_MEAN)[:, None, None]) / torch.tensor(_SPREAD)[:, None, None]
        return centred.to(self.model.device)
