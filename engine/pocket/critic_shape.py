"""The pocket critic's size: what it looks at, how large it is, and one that knows nothing yet.

Stock classes (see engine.pocket.critic); positions begin as sines, so that near places are alike from the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
import torch.nn.functional as F
from transformers import LlamaConfig, LlavaConfig, LlavaForConditionalGeneration, VivitConfig

FRAMES: Final = 16
"""That it looks at, whatever the length of the video."""
VIEW: Final = 120
"""Pixels a side that it looks at."""
VISUAL: Final = 1152
"""Visual tokens of a clip."""
TUBELET: Final = (2, 10, 10)
"""Frames, rows and columns of a visual token."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the model is."""

    width: int = 128
    eye_layers: int = 4
    eye_inner: int = 384
    mind_layers: int = 3
    mind_inner: int = 192
    heads: int = 4


def build(vocabulary: int, image_token: int, shape: Shape) -> LlavaForConditionalGeneration:
    """A critic that knows nothing yet; the tower's positions begin as sines of time, row and column."""
    eye = VivitConfig(
        image_size=VIEW, num_frames=FRAMES, tubelet_size=list(TUBELET), hidden_size=shape.width,
        num_hidden_layers=shape.eye_layers, num_attention_heads=shape.heads, intermediate_size=shape.eye_inner,
        hidden_act="gelu", pooler_output_size=1,
    )  # fmt: skip
    mind = LlamaConfig(
        vocab_size=vocabulary, hidden_size=shape.width, intermediate_size=shape.mind_inner,
        num_hidden_layers=shape.mind_layers, num_attention_heads=shape.heads, num_key_value_heads=shape.heads,
        max_position_embeddings=2048, tie_word_embeddings=True, pad_token_id=0, bos_token_id=None, eos_token_id=2,
    )  # fmt: skip
    model = LlavaForConditionalGeneration(
        LlavaConfig(
            vision_config=eye, text_config=mind, image_token_index=image_token, image_seq_length=VISUAL,
            vision_feature_layer=-1, vision_feature_select_strategy="default", tie_word_embeddings=True,
        )
    )  # fmt: skip
    with torch.no_grad():
        model.model.vision_tower.embeddings.position_embeddings[0, 1:] = _places(shape.width)
    return model


def _places(width: int) -> torch.Tensor:
    """Sines and cosines of time, row and column, a third of the width each: (VISUAL, width)."""
    edges = (FRAMES // TUBELET[0], VIEW // TUBELET[1], VIEW // TUBELET[2])
    each = width // 6
    waves = 1.0 / 100.0 ** (torch.arange(each) / each)
    grids = torch.meshgrid(*(torch.arange(edge).float() for edge in edges), indexing="ij")
    parts = [wave(grid.flatten()[:, None] * waves) for grid in grids for wave in (torch.sin, torch.cos)]
    return F.pad(torch.cat(parts, 1), (0, width - 6 * each)) * 0.2
