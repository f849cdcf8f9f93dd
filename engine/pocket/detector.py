"""The pocket world's open-vocabulary detector: a picture and words to masks.

Every place of the picture gets an embedding, every phrase gets one too, and where the two agree, the phrase's thing is:
per-pixel embeddings as in MaskFormer (Cheng et al., 2021), compared with words as in LSeg (Li et al., 2022). So a
picture is encoded once, however much is asked about it. Knows pixels and phrases, no sentences and no boxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from numpy.typing import NDArray
from torch import nn
from transformers import PreTrainedTokenizerFast

from engine.pocket.residual import ResidualBlock

GRID = 48
"""Places a side for which there is an embedding; masks are interpolated between them."""
PHRASE_TOKENS = 8
"""Length that phrases are padded or cut to."""
_AT_ONCE = 16
"""Pictures that are looked at together."""


class DetectorModel(ModelMixin, ConfigMixin):
    """Pictures (b, 3, view, view) in -1..1 and token ids (b, q, t) to logits (b, q, GRID, GRID); 1.1 M parameters."""

    @register_to_config
    def __init__(self, vocabulary_size: int, view: int = 192, width: int = 32, text_width: int = 96) -> None:
        super().__init__()
        stride = view // GRID
        self.stem = nn.Sequential(nn.Conv2d(3, width, 2 * stride + 1, stride, stride), ResidualBlock(width))
        self.down = nn.ModuleList(
            nn.Sequential(nn.Conv2d(size, 2 * size, 3, 2, 1), ResidualBlock(2 * size), ResidualBlock(2 * size))
            for size in (width, 2 * width)
        )
        self.up = nn.ModuleList([nn.Conv2d(4 * width, 2 * width, 1), nn.Conv2d(2 * width, width, 1)])
        self.merge = nn.ModuleList([ResidualBlock(2 * width), ResidualBlock(width)])
        self.places = nn.Sequential(nn.GroupNorm(8, width), nn.SiLU(), nn.Conv2d(width, 2 * width, 1))
        self.words = nn.Embedding(vocabulary_size, text_width, padding_idx=0)
        self.positions = nn.Parameter(torch.randn(PHRASE_TOKENS, text_width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            text_width, 4, 2 * text_width, 0.0, "gelu", batch_first=True, norm_first=True
        )
        self.text = nn.TransformerEncoder(layer, 2, nn.LayerNorm(text_width), enable_nested_tensor=False)
        self.meaning = nn.Linear(text_width, 2 * width + 1)
        nn.init.constant_(self.meaning.bias[-1:], -3.0)

    def forward(self, pixels: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """How much each place agrees with each phrase; above 0 more than not."""
        places = self.look(pixels)
        meaning = self.read(tokens.flatten(0, 1)).unflatten(0, tokens.shape[:2])
        agreement = torch.einsum("bqc,bchw->bqhw", meaning[..., :-1], places) / places.shape[1] ** 0.5
        logits: torch.Tensor = agreement + meaning[..., -1, None, None]
        return logits

    def look(self, pixels: torch.Tensor) -> torch.Tensor:
        """Embeddings of all places: (b, channels, GRID, GRID)."""
        fine = self.stem(pixels)
        middle = self.down[0](fine)
        coarse = self.down[1](middle)
        x = self.merge[0](middle + _doubled(self.up[0](coarse)))
        x = self.merge[1](fine + _doubled(self.up[1](x)))
        places: torch.Tensor = self.places(x)
        return places

    def read(self, tokens: torch.Tensor) -> torch.Tensor:
        """Embeddings of phrases, and the logit of each where nothing agrees: (n, channels + 1)."""
        there = tokens != 0
        hidden = self.text(self.words(tokens) + self.positions, src_key_padding_mask=~there)
        mean = (hidden * there[..., None]).sum(1) / there.sum(1, keepdim=True).clamp(min=1)
        meaning: torch.Tensor = self.meaning(mean)
        return meaning


def _doubled(x: torch.Tensor) -> torch.Tensor:
    wider: torch.Tensor = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
    return wider


def encode_phrases(tokenizer: PreTrainedTokenizerFast, phrases: Sequence[str]) -> NDArray[np.int64]:
    """Token ids (phrases, PHRASE_TOKENS), 0 after the end."""
    encoded: Any = tokenizer(
        list(phrases), padding="max_length", truncation=True, max_length=PHRASE_TOKENS, return_tensors="np"
    )
    ids: NDArray[np.int64] = encoded["input_ids"].astype(np.int64)
    return ids


class PocketDetector:
    """A loaded detector: `look` at pictures, get the probability of every pixel for every phrase."""

    def __init__(self, model: DetectorModel, tokenizer: PreTrainedTokenizerFast) -> None:
        self.model = model.eval()
        self.tokenizer = tokenizer

    @classmethod
    def from_pretrained(cls, folder: Path, dtype: torch.dtype = torch.float32) -> PocketDetector:
        """Load model and tokenizer from a folder: safetensors only, nothing downloaded."""
        model = DetectorModel.from_pretrained(folder, dtype=dtype, use_safetensors=True, local_files_only=True)
        return cls(model, PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True))

    def to(self, device: torch.device) -> PocketDetector:
        """Move the weights to the device."""
        self.model.to(device)
        return self

    def save_pretrained(self, folder: Path) -> None:
        """Write model and tokenizer."""
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)

    @torch.inference_mode()
    def look(self, frames: NDArray[np.uint8], phrases: Sequence[str]) -> NDArray[np.float32]:
        """How surely each pixel is what each phrase says: float32 (frames, phrases, height, width), 0..1.

        frames: uint8 (frames, height, width, 3) of any size.
        """
        size = frames.shape[1:3]
        if not phrases:
            return np.zeros((len(frames), 0, *size), np.float32)
        view, weight = self.model.config.view, self.model.meaning.weight
        tokens = torch.from_numpy(encode_phrases(self.tokenizer, phrases)).to(weight.device)
        parts = []
        for part in torch.from_numpy(np.array(frames)).split(_AT_ONCE):
            pixels = part.to(weight.device).movedim(-1, 1).float()
            pixels = F.interpolate(pixels, (view, view), mode="bilinear", antialias=True, align_corners=False)
            pixels = pixels.div(127.5).sub(1).to(weight.dtype)
            logits = self.model(pixels, tokens.expand(len(part), -1, -1)).float()
            parts.append(F.interpolate(logits, size, mode="bilinear", align_corners=False).sigmoid().cpu())
        sure: NDArray[np.float32] = torch.cat(parts).numpy()
        return sure
