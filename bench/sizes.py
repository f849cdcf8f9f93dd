"""Models of 7 B at full size with random weights made on the device, and toys of them. Nothing is fetched.

The sizes are those of the published config.json files of Qwen2.5-VL 7B Instruct and Qwen2.5 7B, written down from
memory. The words are the pocket world's, so that no tokenizer's files are needed; the vocabulary keeps its length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from transformers import (
    AutoModel,
    AutoModelForImageTextToText,
    Qwen2_5_VLConfig,
    Qwen2_5_VLProcessor,
    Qwen2Config,
    Qwen2VLImageProcessor,
    Qwen2VLVideoProcessor,
)

from bench.models.full import weights_made
from engine.models.windows import look_together
from engine.pocket import grammar
from engine.train.components import tokenizer

Sizes = Mapping[str, Any]
WORDS: Sizes = {
    "vocab_size": 152064, "hidden_size": 3584, "intermediate_size": 18944, "num_hidden_layers": 28,
    "num_attention_heads": 28, "num_key_value_heads": 4, "max_position_embeddings": 32768, "rms_norm_eps": 1e-6,
}  # fmt: skip
WORDS_TOY: Sizes = {
    **WORDS, "vocab_size": 4096, "hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2,
}  # fmt: skip
EYE: Sizes = {
    "depth": 32, "hidden_size": 1280, "intermediate_size": 3420, "num_heads": 16, "out_hidden_size": 3584,
    "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2, "window_size": 112,
    "fullatt_block_indexes": [7, 15, 23, 31], "tokens_per_second": 2,
}  # fmt: skip
EYE_TOY: Sizes = {
    **EYE, "depth": 2, "hidden_size": 32, "intermediate_size": 32, "num_heads": 2, "out_hidden_size": 64,
    "window_size": 56, "fullatt_block_indexes": [1],
}  # fmt: skip
MARKS = ("<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{% for c in m['content'] %}{% if c['type'] == 'video' %}<|vision_start|>"
    "<|video_pad|><|vision_end|>{% else %}{{ c['text'] }}{% endif %}{% endfor %}<|im_end|>{% endfor %}<|im_start|>"
)
PIXELS: Sizes = {"shortest_edge": 28 * 28, "longest_edge": 28 * 28 * 24576}


@dataclass(frozen=True)
class Seeing:
    """A vision-language model as engine.train.adapting takes it."""

    name: str
    processor: Any
    model: Any


def seeing(device: torch.device, toy: bool) -> Seeing:
    """Qwen2.5-VL 7B, or a toy of it."""
    words = tokenizer(grammar.words())
    words.model_max_length = 32768
    words.add_special_tokens({"additional_special_tokens": list(MARKS)})
    _, end, begins, ends, image, video = words.convert_tokens_to_ids(list(MARKS))
    turned = {"type": "mrope", "mrope_section": [2, 3, 3] if toy else [16, 24, 24], "rope_type": "default"}
    config = Qwen2_5_VLConfig(
        text_config={
            **(WORDS_TOY if toy else WORDS), "bos_token_id": 1, "eos_token_id": end, "pad_token_id": 0,
            "rope_scaling": turned,
        },
        vision_config=dict(EYE_TOY if toy else EYE), image_token_id=image, video_token_id=video,
        vision_start_token_id=begins, vision_end_token_id=ends,
    )  # fmt: skip
    model = made(AutoModelForImageTextToText, config, device)
    look_together(model)
    processor = Qwen2_5_VLProcessor(
        image_processor=Qwen2VLImageProcessor(), tokenizer=words, chat_template=TEMPLATE,
        video_processor=Qwen2VLVideoProcessor(size=dict(PIXELS), cap_pixels_per_frame=True),
    )  # fmt: skip
    return Seeing(f"Qwen2.5-VL {'toy' if toy else '7B'}, random weights", processor, model)


def speaking(device: torch.device, toy: bool) -> tuple[Any, str]:
    """Qwen2.5 7B without its head, or a toy of it; and its name."""
    config = Qwen2Config(**(WORDS_TOY if toy else WORDS), rope_theta=1e6, use_cache=False)
    return made(AutoModel, config, device), f"Qwen2.5 {'toy' if toy else '7B'}, random weights"


def made(kind: Any, config: Any, device: torch.device) -> Any:
    """A model of random weights: bfloat16 on a GPU, float32 elsewhere."""
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    with weights_made(device, dtype):
        model = kind.from_config(config, dtype=dtype)
    return model.to(device)
